import { connect, createServer, type ServerHttp2Session } from "node:http2";
import { setTimeout as delay } from "node:timers/promises";
import { status } from "@grpc/grpc-js";
import { afterEach, expect, test } from "vitest";
import type { RouteMode, Upstream } from "../contract/traffic.ts";
import { createAuthority } from "./testing/certificates.ts";
import { askRaw } from "./testing/client.ts";
import { startFront, type TestFront } from "./testing/front.ts";
import { nextPlan, until } from "./testing/gateway.ts";
import { connectLedger, type LedgerClient, type LedgerHandlers, type LedgerServer, startLedger } from "./testing/ledger.ts";
import { settled, startMirroring } from "./testing/mirroring.ts";
import { freePort, startUpstream } from "./testing/upstream.ts";

let ends: (() => unknown)[] = [];
afterEach(async () => {
	for (const end of ends.reverse()) await end();
	ends = [];
});

function ending<Closable extends { close(): Promise<void> }>(thing: Closable): Closable {
	ends.push(thing.close);
	return thing;
}

const methods = ["Post", "Watch", "Import", "Talk"] as const;
const routesIn = (mode: RouteMode) => methods.map((name) => ({ routeId: name, method: "POST", path: `/bank.Ledger/${name}`, mode }));
const modernAt = (upstream: Upstream, failover: "always" | "unsent" | "keyed" = "always"): RouteMode => ({
	kind: "modern",
	upstream,
	failover,
});

async function behind(
	handlers: LedgerHandlers,
	limits = {},
): Promise<{ modern: LedgerServer; legacy: LedgerServer; front: TestFront; client: LedgerClient }> {
	const modern = ending(await startLedger("modern", handlers));
	const legacy = ending(await startLedger("legacy"));
	const front = ending(await startFront({ legacy: legacy.address, routes: routesIn(modernAt(modern.address)) }, {}, limits));
	return { modern, legacy, front, client: ending(connectLedger(front.port)) };
}

const failsWith =
	(code: number): LedgerHandlers["post"] =>
	(_call, done) =>
		done({ code, details: "own trouble" });

test("[G1] calls of all four kinds go through both arms, over TLS too, with their trailers", async () => {
	const ca = createAuthority();
	ends.push(ca.end);
	const { certFile, keyFile } = ca.issue(["bank.test"]);
	const legacy = ending(await startLedger("legacy"));
	const modern = ending(await startLedger("modern"));
	const routes = routesIn(modernAt(modern.address));
	const plain = ending(await startFront({ legacy: legacy.address }));
	const secure = ending(
		await startFront({ legacy: legacy.address, routes }, { tls: { certificates: [{ names: ["*"], certFile, keyFile }] } }),
	);
	for (const [client, name] of [
		[ending(connectLedger(plain.port)), "legacy"],
		[ending(connectLedger(secure.port, ca.ca)), "modern"],
	] as const) {
		expect(await client.post("a")).toMatchObject({ messages: [`${name}:a`], code: 0, trailers: { "x-entry": "7" } });
		expect(await client.watch("b")).toMatchObject({ messages: [`${name}:1`, `${name}:2`, `${name}:3`], code: 0 });
		expect(await client.bring("1", "2", "3")).toMatchObject({ messages: [`${name}:123`], code: 0 });
		expect(await client.talk("x", "y", "z")).toMatchObject({ messages: [`${name}:x`, `${name}:y`, `${name}:z`], code: 0 });
	}
	await until(() => plain.seen.length === 4 && secure.seen.length === 4);
	expect(secure.seen.map(({ arm }) => arm)).toEqual(["modern", "modern", "modern", "modern"]);
});

test("[G2] the record holds the messages and the status, and counts what the cap cuts off", async () => {
	const legacy = ending(await startLedger("legacy"));
	const front = ending(await startFront({ legacy: legacy.address }, {}, { bodyCap: 100 }));
	const client = ending(connectLedger(front.port));
	await client.talk("x", "y");
	await client.bring("a".repeat(90), "b".repeat(90), "c");
	await client.post("z");
	await until(() => front.seen.length === 3);
	const [talk, long, post] = front.seen;
	expect(talk).toMatchObject({ messages: { request: 2, response: 2 }, truncated: false });
	expect(Buffer.from(talk?.request.body ?? "", "base64").toString("latin1")).toBe("\0\0\0\0\x01x\0\0\0\0\x01y");
	expect(talk?.response.trailers).toContainEqual(["grpc-status", "0"]);
	expect(long).toMatchObject({ messages: { request: 3, response: 1 }, truncated: true });
	expect(post?.response.trailers).toContainEqual(["x-entry", "7"]);
});

test("[G3] the client's deadline is the upstream's, and who has none may talk as long as both sides like", async () => {
	const resets: number[] = [];
	const silent = createServer().on("stream", (stream) => {
		stream.on("error", () => {});
		stream.on("close", () => resets.push(stream.rstCode));
	});
	const port = await freePort();
	await new Promise<void>((resolve) => silent.listen({ host: "127.0.0.1", port }, resolve));
	ends.push(() => new Promise((resolve) => silent.close(resolve)));
	const slow: LedgerHandlers = {
		talk: (call) => {
			call.on("data", (bytes: Buffer) => setTimeout(() => call.write(bytes), 400));
			call.on("end", () => call.end());
		},
	};
	const legacy = ending(await startLedger("legacy", slow));
	const limits = { legacyTimeoutMs: 300, modernTimeoutMs: 300, bodyMs: 300 };
	const hanging = ending(await startFront({ legacy: { host: "127.0.0.1", port, protocol: "h2" } }, {}, limits));
	const front = ending(await startFront({ legacy: legacy.address }, {}, limits));
	// By hand: a client of a library looks at its own clock.
	const session = connect(`http://127.0.0.1:${hanging.port}`);
	ends.push(() => session.destroy());
	const ask = async (timeout?: string) => {
		const began = performance.now();
		const call = session.request({
			":method": "POST",
			":path": "/bank.Ledger/Post",
			"content-type": "application/grpc",
			...(timeout === undefined ? {} : { "grpc-timeout": timeout }),
		});
		call.end(Buffer.from("\0\0\0\0\x01x", "latin1"));
		const headers = await new Promise<Record<string, unknown>>((resolve) => call.once("response", resolve));
		expect(headers[":status"]).toBe(200);
		return { code: headers["grpc-status"], ms: performance.now() - began };
	};
	for (const [timeout, code, least] of [
		["120m", "4", 120],
		[undefined, "14", 300],
		["450m", "4", 450],
	] as const) {
		const answer = await ask(timeout);
		expect(answer.code).toBe(code);
		expect(answer.ms).toBeGreaterThanOrEqual(least - 1);
		expect(answer.ms).toBeLessThan(least + 5_000);
	}
	await until(() => resets.length === 3);
	expect(resets).toEqual([8, 8, 8]);
	expect(hanging.seen.map(({ error }) => error)).toEqual([
		"the client's deadline has passed",
		"no answer within 300 ms",
		"the client's deadline has passed",
	]);
	expect(await ending(connectLedger(front.port)).talk("a", "b", "c")).toMatchObject({ messages: ["a", "b", "c"], code: 0 });
});

test("[G4] what the gateway answers itself is a status with its code: UNAVAILABLE, UNIMPLEMENTED", async () => {
	const gone = ending(await startFront({ legacy: { host: "127.0.0.1", port: await freePort(), protocol: "h2" } }));
	const retired = ending(await startFront({ legacy: null }));
	const plain = ending(await startUpstream((_message, answer) => answer.end("not gRPC")));
	const wrong = ending(await startFront({ legacy: { ...plain.address, protocol: "h2" } }));
	const lost = await ending(connectLedger(gone.port)).post("x");
	expect([lost.code, lost.details]).toEqual([
		status.UNAVAILABLE,
		"UPSTREAM_UNREACHED: The system behind the gateway could not be reached for POST /bank.Ledger/Post: no connection.",
	]);
	expect(await ending(connectLedger(retired.port)).post("x")).toMatchObject({
		code: status.UNIMPLEMENTED,
		details: expect.stringMatching(/^ROUTE_RETIRED: /),
	});
	expect((await ending(connectLedger(wrong.port)).post("x")).code).toBe(status.UNAVAILABLE);
	await until(() => gone.seen.length === 1);
	expect(gone.seen[0]).toMatchObject({ response: { status: 200 }, error: expect.stringMatching(/ECONNREFUSED/) });
	expect(gone.plane.counters.clientErrors).toBe(1);
});

test("[G4] a call whose answer breaks off ends with a status, never as if it were whole", async () => {
	let session: ServerHttp2Session | null = null;
	const server = createServer().on("stream", (stream) => {
		stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
		stream.write(Buffer.from("\0\0\0\0\x01x\0\0\0\0\x09half", "latin1"));
		setTimeout(() => session?.destroy(), 50);
	});
	server.on("session", (opened) => {
		session = opened;
	});
	const port = await freePort();
	await new Promise<void>((resolve) => server.listen({ host: "127.0.0.1", port }, resolve));
	ends.push(() => new Promise((resolve) => server.close(resolve)));
	const front = ending(await startFront({ legacy: { host: "127.0.0.1", port, protocol: "h2" } }));
	const outcome = await ending(connectLedger(front.port)).watch("x");
	expect(outcome).toMatchObject({ messages: ["x"], code: status.UNAVAILABLE, details: expect.stringMatching(/^UPSTREAM_LOST: /) });
	await until(() => front.seen.length === 1);
	expect(front.seen[0]).toMatchObject({ error: expect.stringMatching(/broke off/), messages: { request: 1, response: 1 } });
});

test("[G5] a unary call that the new service fails is asked again of legacy, by its status too", async () => {
	for (const [code, isFailure] of [
		[status.UNKNOWN, true],
		[status.INTERNAL, true],
		[status.UNAVAILABLE, true],
		[status.UNIMPLEMENTED, true],
		[status.DATA_LOSS, true],
		[status.NOT_FOUND, false],
		[status.FAILED_PRECONDITION, false],
	] as const) {
		const { client, front } = await behind({ post: failsWith(code) });
		const outcome = await client.post("x");
		expect([code, outcome.code, outcome.messages]).toEqual(isFailure ? [code, 0, ["legacy:x"]] : [code, code, []]);
		await until(() => front.seen.length === 1);
		expect(front.seen[0]?.arm).toBe(isFailure ? "failover" : "modern");
	}
});

test("[G5] a failing answer that stands behind a message is held back with it", async () => {
	const late: LedgerHandlers = {
		watch: (call) => {
			call.write(Buffer.from("first"));
			call.emit("error", Object.assign(new Error("own trouble"), { code: status.INTERNAL }));
		},
	};
	const { client } = await behind(late);
	expect(await client.watch("x")).toMatchObject({ messages: ["legacy:1", "legacy:2", "legacy:3"], code: 0 });
});

test("[G6] a stream of the new service reaches the client as it comes, and is its own from then on", async () => {
	let goOn = () => {};
	const slow: LedgerHandlers = {
		watch: (call) => {
			call.write(Buffer.from("first"));
			goOn = () => {
				call.write(Buffer.from("second"));
				setTimeout(() => call.emit("error", Object.assign(new Error("own trouble"), { code: status.INTERNAL })), 200);
			};
		},
	};
	const { client, front, legacy } = await behind(slow, { modernTimeoutMs: 300 });
	const call = client.raw.makeServerStreamRequest(
		"/bank.Ledger/Watch",
		(bytes: Buffer) => bytes,
		(bytes: Buffer) => bytes,
		Buffer.from("x"),
	);
	const got: string[] = [];
	call.on("data", (bytes: Buffer) => got.push(String(bytes)));
	const ended = new Promise<number>((resolve) => {
		call.on("error", () => {});
		call.on("status", (found) => resolve(found.code));
	});
	await until(() => got.length === 1);
	// Longer than an answer may take that has not begun.
	await delay(400);
	goOn();
	expect(await ended).toBe(status.INTERNAL);
	expect(got).toEqual(["first", "second"]);
	expect(legacy.calls).toEqual([]);
	await until(() => front.seen.length === 1);
	expect(front.seen[0]).toMatchObject({ arm: "modern" });
	expect(front.plane.counters.clientErrors).toBe(1);
});

test("[G7] many calls share few connections; one that is closed while a call is on its way takes no call with it", async () => {
	const sessions = new Set<ServerHttp2Session>();
	let [connects, served] = [0, 0];
	const server = createServer().on("stream", (stream) => {
		stream.resume();
		stream.on("error", () => {});
		stream.on("end", () => {
			served++;
			stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
			stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
			stream.end(Buffer.from("\0\0\0\0\x02ok", "latin1"));
			// Says goodbye all the time, as a server that is being rolled out anew.
			if (served % 20 === 0) for (const session of sessions) session.close();
		});
	});
	server.on("session", (session) => {
		connects++;
		sessions.add(session);
		session.once("close", () => sessions.delete(session));
	});
	const port = await freePort();
	await new Promise<void>((resolve) => server.listen({ host: "127.0.0.1", port }, resolve));
	ends.push(() => {
		for (const session of sessions) session.destroy();
		return new Promise((resolve) => server.close(resolve));
	});
	const front = ending(await startFront({ legacy: { host: "127.0.0.1", port, protocol: "h2" } }));
	const client = ending(connectLedger(front.port));
	const codes = new Map<number, number>();
	let sent = 0;
	const one = async () => {
		while (sent++ < 400) {
			const { code } = await client.post("x");
			codes.set(code, (codes.get(code) ?? 0) + 1);
		}
	};
	await Promise.all(Array.from({ length: 8 }, one));
	expect([...codes]).toEqual([[0, 400]]);
	expect(connects).toBeLessThan(60);
});

test("[G7] an HTTP/1.1 client reaches an upstream that speaks HTTP/2", async () => {
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on("data", (chunk: Buffer) => chunks.push(chunk));
		request.on("end", () => {
			response.setHeader("x-seen", `${request.method} ${request.url} ${request.authority} ${request.headers["x-a"]}`);
			response.end(Buffer.concat(chunks));
		});
	});
	const port = await freePort();
	await new Promise<void>((resolve) => server.listen({ host: "127.0.0.1", port }, resolve));
	ends.push(() => new Promise((resolve) => server.close(resolve)));
	const front = ending(await startFront({ legacy: { host: "127.0.0.1", port, protocol: "h2" } }));
	const body = "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
	const answer = await askRaw(
		front.port,
		`POST /p?q=1 HTTP/1.1\r\nHost: bank\r\nX-A: 1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${body}`,
	);
	expect(answer).toMatch(/^HTTP\/1\.1 200 \r\nx-seen: POST \/p\?q=1 bank 1\r\n/);
	expect(answer).toMatch(/\r\n\r\n5\r\nabcde\r\n0\r\n\r\n$/);
	await delay(0);
});

test("[G8] calls of all kinds are mirrored to a shadow, and what it answered comes with its trailers", async () => {
	const legacy = ending(await startLedger("legacy"));
	const shadow = ending(await startLedger("shadow"));
	const gate = await startMirroring(legacy.address, {});
	ends.push(gate.end);
	const mirror = { upstream: shadow.address };
	const modes = Object.fromEntries(methods.map((name) => [`POST /bank.Ledger/${name}`, { kind: "shadow", percent: 100, mirror } as const]));
	await gate.gateway.setPlan(nextPlan(gate.gateway, legacy.address, modes));
	const client = ending(connectLedger(gate.port));
	expect(await client.post("a")).toMatchObject({ messages: ["legacy:a"], code: 0 });
	expect(await client.watch("b")).toMatchObject({ code: 0 });
	expect(await client.bring("1", "2")).toMatchObject({ messages: ["legacy:12"], code: 0 });
	expect(await client.talk("x", "y")).toMatchObject({ messages: ["legacy:x", "legacy:y"], code: 0 });
	await settled(gate, 4);
	const text = (base64 = "") =>
		Buffer.from(base64, "base64")
			.toString("latin1")
			.replace(/\0\0\0\0./gs, "|");
	const pairs = gate.seen.map(({ seq, response }) => {
		const answer = gate.answers.find((one) => one.seq === seq);
		return [
			text(response.body),
			text(answer?.response.body),
			answer?.response.trailers?.find(([name]) => name === "grpc-status")?.[1],
			answer?.error,
		];
	});
	expect(pairs).toEqual([
		["|legacy:a", "|shadow:a", "0", null],
		["|legacy:1|legacy:2|legacy:3", "|shadow:1|shadow:2|shadow:3", "0", null],
		["|legacy:12", "|shadow:12", "0", null],
		["|legacy:x|legacy:y", "|shadow:x|shadow:y", "0", null],
	]);
});
