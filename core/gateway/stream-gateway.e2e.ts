import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Listener } from "../contract/listeners.ts";
import type { StreamRoute, Upstream } from "../contract/traffic.ts";
import { compilePlan } from "./control/index.ts";
import { until } from "./testing/gateway.ts";
import { type MirroringGateway, settled, startMirroring } from "./testing/mirroring.ts";
import { type FrameServer, framed, openClient, startFrameServer } from "./testing/stream-gate.ts";
import { freePort, startUpstream } from "./testing/upstream.ts";

let ends: (() => Promise<void>)[] = [];
afterEach(async () => {
	for (const end of ends.reverse()) await end();
	ends = [];
});

async function serverOf(name: string): Promise<FrameServer> {
	const server = await startFrameServer((content, socket) => void socket.write(framed(`${content} ${name}`)));
	ends.push(server.close);
	return server;
}

type Gate = MirroringGateway & { cards: number; setMode(mode: StreamRoute["mode"]): Promise<void> };

/** A whole gateway, in its own processes, with a listener for cards beside that for HTTP. */
async function startCards(legacy: Upstream): Promise<Gate> {
	const page = await startUpstream((_request, answer) => answer.end("page"));
	const cards = await freePort();
	const listener: Listener = {
		...{ kind: "tcp", id: "cards", host: "127.0.0.1", port: cards },
		framing: { kind: "length", at: 0, size: 2, order: "big", counts: "rest", limit: 4_096 },
		pairing: { kind: "order" },
	};
	const gate = await startMirroring(page.address, { listeners: [listener] });
	ends.push(page.close, gate.end);
	return {
		...gate,
		cards,
		async setMode(mode) {
			const { version, idempotencyHeader } = gate.gateway.plan();
			const streams = [{ id: "auth", listener: "cards", legacy, mode }];
			await gate.gateway.setPlan(
				compilePlan({ version: version + 1, legacy: page.address, idempotencyHeader, routes: [], streams, reason: "test" }),
			);
		},
	};
}

test("[S12][S13] exchanges and the shadow's answers reach the core, and the book of copies balances", async () => {
	const [legacy, shadow] = [await serverOf("old"), await serverOf("new")];
	const gate = await startCards(legacy.address);
	await gate.setMode({ kind: "shadow", mirror: { upstream: shadow.address } });
	const clients = await Promise.all(Array.from({ length: 10 }, () => openClient(gate.cards)));
	for (let message = 0; message < 100; message++) {
		for (const client of clients) client.send(`m${message}`);
		await until(() => clients.every(({ got }) => got.length === message + 1));
	}
	expect(await settled(gate, 1_000)).toEqual({ taken: 1_000, delivered: 1_000, dropped: {} });
	expect(gate.seen).toHaveLength(1_000);
	for (const { seq, request } of gate.seen) {
		expect(gate.textOf(seq)?.slice(2)).toBe(`${Buffer.from(request.body, "base64").toString().slice(2)} new`);
	}
	expect((await gate.gateway.stats()).streams).toEqual({ connections: 10 });
	for (const { socket } of clients) socket.destroy();
});

test("[P2][S11] the kill switch ends the connections of a new service; who comes again gets legacy", async () => {
	const [legacy, modern] = [await serverOf("old"), await serverOf("new")];
	const gate = await startCards(legacy.address);
	await gate.setMode({ kind: "modern", upstream: modern.address });
	const client = await openClient(gate.cards);
	client.send("a");
	await until(() => client.got.length === 1);
	const { at, ms } = await gate.gateway.panic("test");
	await until(client.hasEnded);
	client.send("late");
	const again = await openClient(gate.cards);
	again.send("b");
	await until(() => again.got.length === 1);
	expect([client.got, again.got]).toEqual([["a new"], ["b old"]]);
	expect(modern.received.map(String)).toEqual(["a"]);
	expect(ms).toBeLessThan(2_500);
	await until(async () => (await gate.gateway.stats()).streams?.retired === 1);
	expect((await gate.gateway.stats()).lastModernAt).toBeLessThan(at + ms);
	for (const { socket } of [client, again]) socket.destroy();
});

test("[L2] a killed worker cuts its connections; the next one takes them at once, with the same plan", async () => {
	const [legacy, modern] = [await serverOf("old"), await serverOf("new")];
	const gate = await startCards(legacy.address);
	await gate.setMode({ kind: "modern", upstream: modern.address });
	const client = await openClient(gate.cards);
	client.send("a");
	await until(() => client.got.length === 1);
	const { version } = gate.gateway.plan();
	const lease: { workerPid: number } = JSON.parse(readFileSync(join(gate.stateDir, "gateway.json"), "utf8"));
	process.kill(lease.workerPid, "SIGKILL");
	await until(() => client.hasEnded() || client.isClosed());
	client.socket.destroy();
	const again = await openClient(gate.cards);
	again.send("b");
	await until(() => again.got.length === 1);
	expect(again.got).toEqual(["b new"]);
	expect(gate.gateway.plan().version).toBe(version);
	again.socket.destroy();
});
