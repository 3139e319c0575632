import { createServer as createHttp2Server } from "node:http2";
import { createServer as createSecureServer } from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import type { Mirror, RouteMode } from "../contract/traffic.ts";
import { createAuthority } from "./testing/certificates.ts";
import { ask } from "./testing/client.ts";
import { nextPlan, until } from "./testing/gateway.ts";
import { type MirroringGateway, settled, startMirroring, sum } from "./testing/mirroring.ts";
import { bodyOf, freePort, startUpstream, type TestUpstream } from "./testing/upstream.ts";

let ends: (() => Promise<void>)[] = [];
afterEach(async () => {
	for (const end of ends.reverse()) await end();
	ends = [];
});

type Seen = { method: string; url: string; headers: string[]; body: string };
type Named = TestUpstream & { seen: Seen[] };

async function startNamed(name: string): Promise<Named> {
	const seen: Seen[] = [];
	const upstream = await startUpstream(async (message, answer) => {
		const body = await bodyOf(message).catch(() => Buffer.alloc(0));
		seen.push({ method: message.method ?? "", url: message.url ?? "", headers: message.rawHeaders, body: body.toString() });
		answer.end(`${name} ${message.url} ${body.length}`);
	});
	ends.push(upstream.close);
	return { ...upstream, seen };
}

const shadowed = (mirror: Mirror): RouteMode => ({ kind: "shadow", percent: 100, mirror });

async function plan(gate: MirroringGateway, legacy: TestUpstream, routes: Record<string, RouteMode>): Promise<void> {
	await gate.gateway.setPlan(nextPlan(gate.gateway, legacy.address, routes));
}

test("[M1][M2] legacy answers, the shadow gets the same request with its marks, and its answer comes after the exchange", async () => {
	const legacy = await startNamed("legacy");
	const shadow = await startNamed("shadow");
	const gate = await startMirroring(legacy.address);
	ends.push(gate.end);
	await plan(gate, legacy, { "POST /m": shadowed({ upstream: shadow.address }), "GET /m": shadowed({ upstream: shadow.address }) });
	const headers = ["Host", "bank", "x-phoenix-shadow", "no", "X-Phoenix-REQUEST", "forged", "Expect", "100-continue", "A", "1", "A", "2"];
	const posted = await ask(gate.port, { method: "POST", path: "/m?q=1", headers: [...headers, "Content-Length", "5"], body: "hello" });
	expect(posted.body.toString()).toBe("legacy /m?q=1 5");
	await ask(gate.port, { method: "POST", path: "/m?q=2", headers: ["Host", "bank", "Transfer-Encoding", "chunked"], body: "in chunks" });
	await ask(gate.port, { path: "/m?q=3", headers: { Connection: "close, X-Hop", "X-Hop": "1" } });
	await until(() => gate.answers.length === 3);
	expect(gate.answers.map(({ seq }) => gate.textOf(seq))).toEqual(["shadow /m?q=1 5", "shadow /m?q=2 9", "shadow /m?q=3 0"]);
	expect(shadow.seen.map(({ body }) => body)).toEqual(["hello", "in chunks", ""]);
	const added = ["X-Forwarded-For", "127.0.0.1", "X-Forwarded-Proto", "http"];
	const [first, second, third] = shadow.seen.map((seen) => seen.headers);
	expect(first).toEqual([
		...["Host", "bank", "A", "1", "A", "2", "Content-Length", "5", ...added],
		...["X-Phoenix-Shadow", "1", "X-Phoenix-Request", expect.stringMatching(/^[0-9a-z]+-1$/)],
	]);
	expect(second?.slice(0, 4)).toEqual(["Host", "bank", "Transfer-Encoding", "chunked"]);
	expect(third?.map((name) => name.toLowerCase())).not.toContain("x-hop");
	// Legacy got what the client sent.
	expect(legacy.seen[1]?.headers).toContain("forged");
	expect(gate.answers[0]).toMatchObject({ truncated: false, error: null, response: { status: 200 } });
	expect(gate.seen.map(({ mirrored, decision }) => [mirrored, decision])).toEqual(Array(3).fill([true, "sampled"]));
	expect(await settled(gate, 3)).toEqual({ taken: 3, delivered: 3, dropped: {} });
	const stats = await gate.gateway.stats();
	expect(stats.mirrors).toEqual({ [`127.0.0.1:${shadow.port}`]: { state: "closed", inFlight: 0, sent: 3, answered: 3, failed: 0 } });
});

test("[M5] copies with the same key go one after the other in the order of the answers, others beside them", async () => {
	const legacy = await startUpstream(async (message, answer) => {
		message.resume();
		setTimeout(() => answer.end("ok"), Math.random() * 15);
	});
	ends.push(legacy.close);
	const arrived = new Map<string, string[]>();
	const busy = new Set<string>();
	let [most, open] = [0, 0];
	const overlaps: string[] = [];
	const shadow = await startUpstream((message, answer) => {
		message.resume();
		const account = String(message.headers["x-account"]);
		if (busy.has(account)) overlaps.push(message.url ?? "");
		busy.add(account);
		most = Math.max(most, ++open);
		arrived.set(account, [...(arrived.get(account) ?? []), message.url ?? ""]);
		setTimeout(() => {
			busy.delete(account);
			open--;
			answer.end("ok");
		}, Math.random() * 8);
	});
	ends.push(shadow.close);
	const gate = await startMirroring(legacy.address);
	ends.push(gate.end);
	await plan(gate, legacy, { "GET /o": shadowed({ upstream: shadow.address, orderBy: "header:X-Account" }) });
	await Promise.all(Array.from({ length: 240 }, (_, n) => ask(gate.port, { path: `/o?n=${n}`, headers: { "X-Account": `a${n % 6}` } })));
	expect(await settled(gate, 240)).toMatchObject({ delivered: 240, dropped: {} });
	expect(overlaps).toEqual([]);
	expect(most).toBeGreaterThan(2);
	for (const [account, urls] of arrived) {
		const answered = gate.seen.filter(({ request }) => request.headers.some(([name, value]) => name === "X-Account" && value === account));
		expect(urls).toEqual(answered.map(({ request }) => request.target));
	}
});

test("[M7] a client's retry is neither copied nor compared again; another body or a failed first try is no retry", async () => {
	let status = 200;
	const legacy = await startUpstream(async (message, answer) => {
		await bodyOf(message);
		answer.statusCode = message.url === "/" ? 200 : status;
		answer.end("ok");
	});
	ends.push(legacy.close);
	const shadow = await startNamed("shadow");
	const gate = await startMirroring(legacy.address);
	ends.push(gate.end);
	await plan(gate, legacy, { "POST /r": shadowed({ upstream: shadow.address }), "POST /core": { kind: "shadow", percent: 100 } });
	const post = (path: string, key: string | null, body: string) =>
		ask(gate.port, { method: "POST", path, body, headers: key === null ? {} : { "Idempotency-Key": key } });
	await post("/r", "k1", "pay 5");
	await post("/r", "k1", "pay 5");
	await post("/r", "k1", "pay 6");
	await post("/r", null, "pay 5");
	await post("/r", null, "pay 5");
	await post("/core", "k1", "pay 5");
	await post("/core", "k1", "pay 5");
	status = 503;
	await post("/r", "k2", "pay 7");
	status = 200;
	await post("/r", "k2", "pay 7");
	await post("/r", "k2", "pay 7");
	await until(() => gate.seen.length === 10);
	const told = gate.seen.map(({ mirrored, decision }) => `${mirrored ? "mirrored" : "not"} ${decision}`);
	const [first, again] = ["mirrored sampled", "not retry"];
	expect(told).toEqual([first, again, first, first, first, first, again, first, first, again]);
	expect(await settled(gate, 6)).toMatchObject({ delivered: 6, dropped: {} });
	expect(shadow.seen.map(({ body }) => body).sort()).toEqual(["pay 5", "pay 5", "pay 5", "pay 6", "pay 7", "pay 7"]);
	await until(async () => (await gate.gateway.stats()).mirrored === 10);
	expect((await gate.gateway.stats()).dropped).toEqual({ retry: 3 });
});

test("[M9] reverse shadow: the new service answers, legacy gets the copy; what legacy answered itself is not copied to it", async () => {
	const legacy = await startNamed("legacy");
	const modern = await startNamed("modern");
	const gate = await startMirroring(legacy.address);
	ends.push(gate.end);
	const mirror: Mirror = { upstream: legacy.address };
	await plan(gate, legacy, { "POST /v": { kind: "modern", upstream: modern.address, failover: "always", mirror } });
	expect((await ask(gate.port, { method: "POST", path: "/v", body: "abc" })).body.toString()).toBe("modern /v 3");
	await until(() => gate.answers.length === 1);
	expect(gate.textOf(1)).toBe("legacy /v 3");
	expect(legacy.seen.at(-1)?.headers).toContain("X-Phoenix-Shadow");
	await modern.close();
	expect((await ask(gate.port, { method: "POST", path: "/v", body: "abcd" })).body.toString()).toBe("legacy /v 4");
	await until(() => gate.seen.length === 2);
	expect(gate.seen.map(({ arm, mirrored }) => [arm, mirrored])).toEqual([
		["modern", true],
		["failover", false],
	]);
	expect(await settled(gate, 1)).toMatchObject({ delivered: 1 });
	expect(legacy.seen.filter(({ url }) => url === "/v")).toHaveLength(2);
});

test("[M12] without a core copies go on, so that the other side does not fall behind", async () => {
	const legacy = await startNamed("legacy");
	const shadow = await startNamed("shadow");
	const gate = await startMirroring(legacy.address, { limits: { absentMs: 100 } });
	await plan(gate, legacy, { "POST /m": shadowed({ upstream: shadow.address }) });
	gate.gateway.detach();
	await delay(400);
	for (let n = 0; n < 5; n++) await ask(gate.port, { method: "POST", path: "/m", body: `body ${n}` });
	await until(() => shadow.seen.length === 5);
	expect(shadow.seen.map(({ body }) => body)).toEqual(Array.from({ length: 5 }, (_, n) => `body ${n}`));
	// Longer than answers wait for a core.
	await delay(400);
	const second = await startMirroring(legacy.address, { stateDir: gate.stateDir, port: gate.port });
	ends.push(second.end);
	await until(async () => sum((await second.gateway.stats()).copies?.dropped) === 5);
	const { copies, dropped, mirrored } = await second.gateway.stats();
	expect(copies).toEqual({ taken: 5, delivered: 0, dropped: { "shadow-no-core": 5 } });
	expect([mirrored, dropped]).toEqual([5, { "no-core": 5 }]);
});

test("[M10] from the moment a plan no longer names it, a shadow is sent nothing more: the kill switch holds for copies too", async () => {
	const legacy = await startNamed("legacy");
	let arrived = 0;
	const shadow = await startUpstream((message, answer) => {
		message.resume();
		arrived++;
		setTimeout(() => answer.end("ok"), 30);
	});
	ends.push(shadow.close);
	const gate = await startMirroring(legacy.address);
	ends.push(gate.end);
	await plan(gate, legacy, { "GET /m": shadowed({ upstream: shadow.address, inFlight: 2, orderBy: "header:Host" }) });
	await Promise.all(Array.from({ length: 60 }, () => ask(gate.port, { path: "/m" })));
	await until(() => arrived > 3);
	await gate.gateway.panic("test");
	const before = arrived;
	await delay(400);
	// One may have been on its way.
	expect(arrived - before).toBeLessThanOrEqual(1);
	const { delivered, dropped } = await settled(gate, 60);
	expect([delivered, dropped]).toEqual([arrived, { "shadow-gone": 60 - arrived }]);
});

test("[M1] a shadow behind TLS, and one that speaks HTTP/2, get the same copies", async () => {
	const legacy = await startNamed("legacy");
	const authority = createAuthority();
	ends.push(async () => authority.end());
	const shadows = [
		createSecureServer(
			authority.issue(["127.0.0.1"]),
			async (message, answer) => void answer.end(`tls ${message.url} ${await bodyOf(message)}`),
		),
		createHttp2Server(async (message, answer) => {
			const body: Buffer[] = [];
			for await (const chunk of message) body.push(chunk as Buffer);
			answer.end(`h2 ${message.url} ${Buffer.concat(body)} ${message.headers["x-phoenix-shadow"]}`);
		}),
	];
	const ports: number[] = [];
	for (const shadow of shadows) {
		const port = await freePort();
		await new Promise<void>((resolve) => shadow.listen({ host: "127.0.0.1", port }, resolve));
		ends.push(async () => void shadow.close());
		ports.push(port);
	}
	const gate = await startMirroring(legacy.address);
	ends.push(gate.end);
	const at = (index: number) => ({ host: "127.0.0.1", port: ports[index] ?? 0 });
	await plan(gate, legacy, {
		"POST /tls": shadowed({ upstream: { ...at(0), tls: { caFile: authority.caFile } } }),
		"POST /unknown": shadowed({ upstream: { ...at(0), tls: { serverName: "other.test", caFile: authority.caFile } } }),
		"POST /h2": shadowed({ upstream: { ...at(1), protocol: "h2" } }),
	});
	for (const path of ["/tls", "/h2", "/unknown"]) await ask(gate.port, { method: "POST", path, body: "abc" });
	await ask(gate.port, { method: "POST", path: "/h2", body: "in chunks", headers: { "Transfer-Encoding": "chunked" } });
	await settled(gate, 4);
	expect([1, 2, 4].map(gate.textOf)).toEqual(["tls /tls abc", "h2 /h2 abc 1", "h2 /h2 in chunks 1"]);
	const unverified = gate.answers.find(({ seq }) => seq === 3);
	expect([unverified?.response.status, unverified?.error]).toEqual([0, expect.stringMatching(/other\.test/)]);
});
