import { readFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import type { Mirror, RouteMode } from "../contract/traffic.ts";
import { ask, startLoad } from "./testing/client.ts";
import { nextPlan, until } from "./testing/gateway.ts";
import { type MirroringGateway, settled, startMirroring, sum } from "./testing/mirroring.ts";
import { freePort, startRawUpstream, startUpstream, type TestUpstream } from "./testing/upstream.ts";

let ends: (() => Promise<void>)[] = [];
afterEach(async () => {
	for (const end of ends.reverse()) await end();
	ends = [];
});

type Address = { host: string; port: number };

async function startLegacy(): Promise<TestUpstream> {
	const legacy = await startUpstream((message, answer) => {
		message.resume();
		answer.end("legacy");
	});
	ends.push(legacy.close);
	return legacy;
}

async function open(legacy: TestUpstream, mirror: Mirror): Promise<MirroringGateway> {
	const gate = await startMirroring(legacy.address);
	ends.push(gate.end);
	const mode: RouteMode = { kind: "shadow", percent: 100, mirror };
	await gate.gateway.setPlan(nextPlan(gate.gateway, legacy.address, { "POST /m": mode }));
	return gate;
}

const loadOn = (gate: MirroringGateway, rate: number) =>
	startLoad(
		gate.port,
		rate,
		16,
		() => ({ method: "POST", path: "/m", body: "x".repeat(200) }),
		({ status, body }) => status === 200 && body.toString() === "legacy",
	);

/** Whatever a shadow does to a connection that has sent something. */
async function startShadow(act: (socket: Socket, pending: string) => boolean): Promise<Address> {
	const shadow = await startRawUpstream(act);
	ends.push(shadow.close);
	return shadow.address;
}

test("[M3][M4][M6] a shadow that hangs costs no client anything; the breaker opens, and closes again when it answers", async () => {
	const legacy = await startLegacy();
	let isHanging = true;
	const hung: (() => void)[] = [];
	const shadow = await startUpstream((message, answer) => {
		message.resume();
		if (isHanging) hung.push(() => answer.end("late"));
		else answer.end("shadow");
	});
	ends.push(shadow.close);
	const gate = await open(legacy, { upstream: shadow.address, timeoutMs: 1_500, inFlight: 8 });
	const address = `127.0.0.1:${shadow.port}`;
	const load = loadOn(gate, 250);
	const stateOf = async () => (await gate.gateway.stats()).mirrors?.[address]?.state;
	await until(async () => (await stateOf()) === "open");
	await delay(1_000);
	expect(hung.length).toBeLessThan(60);
	isHanging = false;
	await until(async () => (await stateOf()) === "closed");
	await until(() => gate.answers.some(({ response }) => response.status === 200));
	await delay(300);
	const { sent, errors } = await load.stop();
	expect(errors).toEqual([]);
	await until(() => gate.seen.length === sent);
	// Who waited for the shadow would wait for its time limit, and hold up those behind it.
	expect(Math.max(...gate.seen.map(({ startedAt, endedAt }) => endedAt - startedAt))).toBeLessThan(1_500);
	const copies = await settled(gate, sent);
	expect(copies.dropped["shadow-open"]).toBeGreaterThan(50);
	expect(Object.keys(copies.dropped).filter((reason) => !["shadow-open", "shadow-busy", "shadow-late"].includes(reason))).toEqual([]);
	const timedOut = gate.answers.filter(({ error }) => error === "no answer within 1500 ms");
	expect(timedOut.length).toBeGreaterThanOrEqual(5);
	expect(timedOut.every(({ response }) => response.status === 0)).toBe(true);
	const stats = (await gate.gateway.stats()).mirrors?.[address];
	expect(stats).toMatchObject({ inFlight: 0, sent: copies.delivered, failed: timedOut.length });
	expect(stats?.answered).toBe(copies.delivered - timedOut.length);
});

test("[M2] what a dead, resetting, lying, endless or breaking shadow does is its answer: status 0, with the reason", async () => {
	const legacy = await startLegacy();
	const nobody = { host: "127.0.0.1", port: await freePort() };
	const shadows: [string, Address, RegExp][] = [
		["/dead", nobody, /ECONNREFUSED/],
		["/reset", await startShadow((socket) => socket.resetAndDestroy() !== undefined), /ECONNRESET|the connection was closed/],
		[
			"/lying",
			await startShadow((socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nab")),
			/malformed/,
		],
		["/no-http", await startShadow((socket) => socket.write("220 mail.example.org ESMTP\r\n")), /malformed/],
		["/broken", await startShadow((socket) => !socket.end("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")), /broke off/],
		["/slow", await startShadow((socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")), /no answer within 400 ms/],
	];
	const gate = await startMirroring(legacy.address);
	ends.push(gate.end);
	const routes = shadows.map(([path, upstream]): [string, RouteMode] => [
		`POST ${path}`,
		{ kind: "shadow", percent: 100, mirror: { upstream, timeoutMs: 400 } },
	]);
	await gate.gateway.setPlan(nextPlan(gate.gateway, legacy.address, Object.fromEntries(routes)));
	for (const [path] of shadows) expect((await ask(gate.port, { method: "POST", path, body: "x" })).body.toString()).toBe("legacy");
	expect(await settled(gate, shadows.length)).toMatchObject({ delivered: shadows.length, dropped: {} });
	const pathOf = (seq: number) => gate.seen.find((exchange) => exchange.seq === seq)?.request.target;
	for (const [path, , reason] of shadows) {
		const answer = gate.answers.find(({ seq }) => pathOf(seq) === path);
		expect([path, answer?.response.status, answer?.error]).toEqual([path, 0, expect.stringMatching(reason)]);
	}
});

test("[M8] an endless answer of a shadow is kept up to the cap, read up to the limit and cut off", async () => {
	const legacy = await startLegacy();
	const flood = createServer((socket) => {
		socket.on("error", () => {});
		socket.once("data", () => {
			socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\n");
			const pour = () => {
				while (!socket.destroyed && socket.write(Buffer.alloc(64 * 1024)));
			};
			socket.on("drain", pour);
			pour();
		});
	});
	const port = await freePort();
	await new Promise<void>((resolve) => flood.listen({ host: "127.0.0.1", port }, resolve));
	ends.push(() => new Promise((resolve) => flood.close(() => resolve())));
	const gate = await startMirroring(legacy.address, { limits: { spillCap: 8_000_000 } });
	ends.push(gate.end);
	const mode: RouteMode = { kind: "shadow", percent: 100, mirror: { upstream: { host: "127.0.0.1", port }, timeoutMs: 4_000 } };
	await gate.gateway.setPlan(nextPlan(gate.gateway, legacy.address, { "POST /m": mode }));
	for (let n = 0; n < 4; n++) await ask(gate.port, { method: "POST", path: "/m", body: "x" });
	expect(await settled(gate, 4)).toMatchObject({ delivered: 4, dropped: {} });
	for (const { error, response, truncated } of gate.answers) {
		expect([error, response.status, truncated]).toEqual(["the answer is longer than 8000000 bytes", 0, true]);
		expect(Buffer.from(response.body, "base64").length).toBe(1024 * 1024);
	}
});

test("[M2] kill -9 of the worker in the middle of it: what was under way is counted as lost, and the book balances", async () => {
	const legacy = await startLegacy();
	const shadow = await startUpstream((message, answer) => {
		message.resume();
		setTimeout(() => answer.end("shadow"), 120);
	});
	ends.push(shadow.close);
	const gate = await open(legacy, { upstream: shadow.address });
	const load = loadOn(gate, 200);
	const { workerPid } = JSON.parse(readFileSync(join(gate.stateDir, "gateway.json"), "utf8")) as { workerPid: number };
	await until(() => gate.answers.length > 40);
	process.kill(workerPid, "SIGKILL");
	const answered = gate.answers.length;
	await until(() => gate.answers.length > answered + 40);
	const { errors } = await load.stop();
	expect(errors.filter((error) => !/socket hang up|ECONNRESET|EPIPE/.test(error))).toEqual([]);
	await until(async () => {
		const { mirrored, dropped, copies } = await gate.gateway.stats();
		if (copies === undefined) return false;
		return gate.seen.length + sum(dropped) === mirrored && copies.taken === copies.delivered + sum(copies.dropped);
	});
	const { mirrored, copies } = await gate.gateway.stats();
	expect(copies?.taken).toBe(mirrored);
	expect(Object.keys(copies?.dropped ?? {})).toEqual(["shadow-lost"]);
	expect(copies?.dropped["shadow-lost"]).toBeGreaterThan(5);
	expect(gate.answers.length).toBe(copies?.delivered);
});
