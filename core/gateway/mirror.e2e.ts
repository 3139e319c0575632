import { afterEach, expect, test } from "vitest";
import type { Mirror, RouteMode } from "../contract/traffic.ts";
import { ask } from "./testing/client.ts";
import { nextPlan, until } from "./testing/gateway.ts";
import { type MirroringGateway, settled, startMirroring } from "./testing/mirroring.ts";
import { bodyOf, startUpstream, type TestUpstream } from "./testing/upstream.ts";

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
