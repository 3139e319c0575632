import { createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import type { StreamRoute, Upstream } from "../contract/traffic.ts";
import { closedPort, listen, until } from "./testing/listen.ts";
import { atEnd, byField, contentOf, echo, framing, gateOf, key, serverOf } from "./testing/stream-cases.ts";
import { framed, openClient, type StreamGate } from "./testing/stream-gate.ts";

const shadowOf = (upstream: Upstream, more = {}): StreamRoute["mode"] => ({ kind: "shadow", mirror: { upstream, ...more } });

test("[S12] each request is copied to the shadow on a connection of its own, and its answer comes after its exchange", async () => {
	const [legacy, shadow] = [await serverOf(echo("old")), await serverOf(echo("new"))];
	const gate = await gateOf(legacy.address, shadowOf(shadow.address), byField);
	const clients = await Promise.all(Array.from({ length: 20 }, () => openClient(gate.port)));
	for (let message = 0; message < 50; message++) {
		for (const [index, client] of clients.entries()) client.send(key(index * 50 + message));
		await until(() => clients.every(({ got }) => got.length === message + 1));
	}
	await until(() => gate.answers.length === 1_000);
	expect(shadow.connects()).toBe(20);
	expect(clients.every(({ got }) => got.every((text) => text.endsWith("old")))).toBe(true);
	const bySeq = new Map(gate.exchanges.map((exchange) => [exchange.seq, exchange]));
	for (const answer of gate.answers) {
		const exchange = bySeq.get(answer.seq);
		expect(exchange).toMatchObject({ mirrored: true, decision: "sampled" });
		expect(answer).toMatchObject({ error: null, truncated: false, response: { status: 200, headers: [] } });
		expect(contentOf(answer.response.body)).toBe(`${contentOf(exchange?.request.body ?? "")} new`);
	}
	expect(new Set(gate.answers.map(({ seq }) => seq)).size).toBe(1_000);
	expect(gate.plane.report()).toMatchObject({ counters: { mirrored: 1_000, dropped: {} }, copies: { taken: 1_000, open: 0, dropped: {} } });
	for (const { socket } of clients) socket.destroy();
	await until(() => shadow.sockets.size === 0);
});

/** Every mirrored exchange was answered for the shadow or dropped with a reason. */
function isSettled(gate: StreamGate): boolean {
	const { counters, copies } = gate.plane.report();
	const dropped = Object.values(copies?.dropped ?? {}).reduce((sum, count) => sum + count, 0);
	return counters.mirrored === gate.answers.length + dropped;
}

test("[S13] a shadow that hangs, is gone, resets or talks nonsense changes nothing for the client; all is accounted for", async () => {
	const legacy = await serverOf(echo("old"));
	const shadows: [string, (content: Buffer, socket: Socket) => void][] = [
		["hung", () => {}],
		["resetting", (_content, socket) => socket.resetAndDestroy()],
		["nonsense", (_content, socket) => void socket.write(Buffer.alloc(20_000, 0xff))],
		["ending", (_content, socket) => socket.end()],
		["chatty", (content, socket) => void socket.write(Buffer.concat([framed("unasked!"), framed(content)]))],
	];
	const reasons: Record<string, RegExp> = {
		hung: /no answer within 1000 ms/,
		resetting: /connection failed \(ECONNRESET\)/,
		nonsense: /do not keep to the framing/,
		ending: /ended the connection/,
		chatty: /^null$/,
		gone: /connection failed \(ECONNREFUSED\)/,
	};
	const upstreams: [string, Upstream][] = [["gone", { host: "127.0.0.1", port: await closedPort() }]];
	for (const [name, answer] of shadows) upstreams.push([name, (await serverOf(answer)).address]);
	for (const [name, upstream] of upstreams) {
		const gate = await gateOf(legacy.address, shadowOf(upstream, { timeoutMs: 1_000, inFlight: 64 }), byField);
		const client = await openClient(gate.port);
		let longest = 0;
		for (let message = 0; message < 100; message++) {
			const began = performance.now();
			client.send(key(message));
			await until(() => client.got.length === message + 1);
			longest = Math.max(longest, performance.now() - began);
		}
		expect(client.got.every((text) => text.endsWith("old"))).toBe(true);
		// Who waited for the shadow would wait for its time limit.
		expect(longest, name).toBeLessThan(1_000);
		client.socket.end();
		await until(() => gate.exchanges.length === 100 && isSettled(gate));
		expect(gate.plane.report().counters.mirrored).toBe(gate.exchanges.filter((exchange) => exchange.mirrored).length);
		for (const answer of gate.answers) expect(String(answer.error)).toMatch(reasons[name] ?? /never/);
		expect(gate.answers.length, name).toBeGreaterThan(0);
		if (name === "chatty") expect(gate.plane.report().counters.streams["shadow-unsolicited"]).toBe(100);
	}
});

test("[S13] a shadow that does not read fills its bounds and no more; the drops are counted", async () => {
	const legacy = await serverOf((_content, socket) => void socket.write(framed("ok")));
	const deaf = createServer((socket) => void socket.pause().on("error", () => {}));
	const port = await listen(deaf);
	atEnd(async () => void deaf.close());
	const wide = { framing: { ...framing, limit: 65_535 }, pairing: { kind: "order" } } as const;
	const gate = await gateOf(legacy.address, shadowOf({ host: "127.0.0.1", port }, { inFlight: 100_000, timeoutMs: 60_000 }), wide);
	gate.setCapturing(true);
	const client = await openClient(gate.port);
	const message = framed(Buffer.alloc(50_000, 1));
	for (let round = 0; round < 400; round++) {
		client.socket.write(message);
		await until(() => client.got.length === round + 1);
	}
	const { counters, copies } = gate.plane.report();
	const { mirrored, clientErrors } = counters;
	const dropped = copies?.dropped ?? {};
	expect([mirrored, clientErrors]).toEqual([400, 0]);
	expect(dropped["shadow-busy"]).toBeGreaterThan(100);
	client.socket.destroy();
});
