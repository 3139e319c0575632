import { readFileSync } from "node:fs";
import { Agent } from "node:http";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { RouteMode } from "../contract/traffic.ts";
import { openGatewayControl } from "./control/index.ts";
import { ask, startLoad, type TestRequest } from "./testing/client.ts";
import { nextPlan, startGateway, type TestGateway, until } from "./testing/gateway.ts";
import { settled, startMirroring } from "./testing/mirroring.ts";
import { startUpstream, type TestUpstream } from "./testing/upstream.ts";

let ends: (() => unknown)[] = [];
afterEach(async () => {
	for (const end of ends.reverse()) await end();
	ends = [];
});

/** No alarm and no waiting: these tests kill more workers than a plan may. */
const limits = { workerDeaths: 1_000, restartDelaysMs: [0] };

async function start(name: string, ms = 0): Promise<TestUpstream & { asked: number; status: number }> {
	const state = { asked: 0, status: 200 };
	const upstream = await startUpstream((message, answer) => {
		message.resume();
		state.asked++;
		answer.statusCode = state.status;
		if (ms === 0 || message.url === "/") answer.end(name);
		else setTimeout(() => answer.end(name), ms);
	});
	ends.push(upstream.close);
	return Object.assign(state, upstream);
}

const leaseOf = ({ stateDir }: TestGateway): { pid: number; workerPids: number[] } =>
	JSON.parse(readFileSync(join(stateDir, "gateway.json"), "utf8"));

async function plan(gate: TestGateway, legacy: TestUpstream, routes: Record<string, RouteMode>): Promise<void> {
	await gate.gateway.setPlan(nextPlan(gate.gateway, legacy.address, routes));
}

/** A client whose one connection is at a worker that none of `others` is at. */
type Client = { pid: number; ask(request: TestRequest): ReturnType<typeof ask> };

async function clientAtAnother(gate: TestGateway, others: readonly Client[] = []): Promise<Client> {
	const served = async () => new Map(((await gate.gateway.stats()).workers ?? []).map(({ pid, requests }) => [pid, requests]));
	const agent = new Agent({ keepAlive: true, maxSockets: 1 });
	ends.push(() => agent.destroy());
	const before = await served();
	// Who stands still accepts nothing.
	for (const other of others) process.kill(other.pid, "SIGSTOP");
	await ask(gate.port, { agent }).finally(() => {
		for (const other of others) process.kill(other.pid, "SIGCONT");
	});
	let pid = 0;
	await until(async () => {
		for (const [worker, requests] of await served()) if (requests > (before.get(worker) ?? 0)) pid = worker;
		return pid !== 0;
	}, 15_000);
	return { pid, ask: (request) => ask(gate.port, { ...request, agent }) };
}

test("[N1][N2][N4] workers that are killed under load cost their own requests alone; numbers and account stay exact", async () => {
	const legacy = await start("legacy", 20);
	const shadow = await start("shadow", 5);
	const gate = await startMirroring(legacy.address, { workers: 3, limits });
	ends.push(gate.end);
	await plan(gate, legacy, { "GET /m": { kind: "shadow", percent: 100, mirror: { upstream: shadow.address } } });
	const load = startLoad(
		gate.port,
		250,
		24,
		(n) => ({ path: `/m?${n}` }),
		({ status, body }) => status === 200 && body.toString() === "legacy",
	);
	for (let kill = 0; kill < 6; kill++) {
		const seen = gate.seen.length;
		await until(() => gate.seen.length > seen + 40, 20_000);
		const place = kill % 3;
		const dead = leaseOf(gate).workerPids[place] ?? 0;
		process.kill(dead, "SIGKILL");
		await until(() => leaseOf(gate).workerPids[place] !== dead, 20_000);
	}
	const { sent, ok, errors } = await load.stop();
	expect(errors.filter((error) => !/socket hang up|ECONNRESET|EPIPE/.test(error))).toEqual([]);
	expect(ok + errors.length).toBe(sent);
	// Six kills, each with what one worker can have had.
	expect(ok).toBeGreaterThan(sent / 2);
	await until(async () => {
		const { requests, openRequests } = await gate.gateway.stats();
		return openRequests === 0 && requests === gate.seen.length;
	}, 15_000);
	expect(gate.seen.map(({ seq }) => seq)).toEqual(gate.seen.map((_one, index) => index + 1));
	expect(new Set(gate.seen.map(({ request }) => request.target)).size).toBe(gate.seen.length);
	const stats = await gate.gateway.stats();
	expect(stats.workerDeaths).toBeGreaterThanOrEqual(6);
	expect(stats.lastSeq).toBe(gate.seen.length);
	expect(stats.mirrored).toBe(gate.seen.length);
	expect(stats.dropped).toEqual({});
	// Every copy is answered or lost by name, and each answer belongs to an exchange.
	const copies = await settled(gate, stats.copies?.taken ?? 0);
	expect(copies.delivered).toBe(new Set(gate.answers.map(({ seq }) => seq)).size);
	expect(copies.dropped["shadow-unnumbered"]).toBeUndefined();
	const known = new Set(gate.seen.map(({ seq }) => seq));
	expect(gate.answers.filter(({ seq }) => !known.has(seq))).toEqual([]);
}, 120_000);

test("[N1] a shadow's answer has the number of the exchange that it belongs to, whichever workers both came from", async () => {
	const legacy = await start("legacy");
	const marks: string[] = [];
	const shadow = await startUpstream((message, answer) => {
		marks.push(String(message.headers["x-phoenix-request"]));
		answer.end(message.url);
	});
	ends.push(shadow.close);
	const gate = await startMirroring(legacy.address, { workers: 2 });
	ends.push(gate.end);
	await plan(gate, legacy, { "GET /m": { kind: "shadow", percent: 100, mirror: { upstream: shadow.address } } });
	const one = await clientAtAnother(gate);
	const other = await clientAtAnother(gate, [one]);
	const begun = gate.seen.length;
	const own = Array.from({ length: 40 }, (_none, n) => `/m?${n}`);
	for (const [n, path] of own.entries()) await (n % 3 === 0 ? one : other).ask({ path });
	await settled(gate, own.length);
	await until(() => gate.answers.length === own.length && gate.seen.length >= begun + own.length);
	const targets = new Map(gate.seen.map(({ seq, request }) => [seq, request.target]));
	expect(targets.size).toBe(gate.seen.length);
	for (const { seq } of gate.answers) expect(gate.textOf(seq)).toBe(targets.get(seq));
	expect(new Set(marks).size).toBe(own.length);
}, 60_000);

test("[N3] a plan is in force, and the kill switch pressed, when all workers have said so; one that says nothing is killed", async () => {
	const [legacy, modern] = [await start("legacy"), await start("modern")];
	const gate = await startGateway(legacy.address, { workers: 3, limits });
	ends.push(gate.end);
	const clients = [await clientAtAnother(gate)];
	for (let more = 0; more < 2; more++) clients.push(await clientAtAnother(gate, clients));
	await plan(gate, legacy, { "GET /p": { kind: "modern", upstream: modern.address, failover: "always" } });
	const answers = () => Promise.all(clients.map(async (client) => (await client.ask({ path: "/p" })).body.toString()));
	expect(await answers()).toEqual(["modern", "modern", "modern"]);
	const [silent, ...others] = clients;
	process.kill(silent?.pid ?? 0, "SIGSTOP");
	await gate.gateway.panic("because");
	const asked = modern.asked;
	for (const other of others) {
		// A machine that is too busy for the limit costs a worker too, never a request to the new service.
		const answer = await other.ask({ path: "/p" }).catch(() => null);
		if (answer !== null) expect(answer.body.toString()).toBe("legacy");
	}
	await until(() => !leaseOf(gate).workerPids.includes(silent?.pid ?? 0), 15_000);
	for (let n = 0; n < 20; n++) expect((await ask(gate.port, { path: "/p" })).body.toString()).toBe("legacy");
	expect(modern.asked).toBe(asked);
}, 60_000);

test("[N5] a worker that is asked to end has a successor first: no connection is refused, no request lost", async () => {
	const legacy = await start("legacy", 20);
	const gate = await startGateway(legacy.address, { workers: 1, limits });
	ends.push(gate.end);
	let isOver = false;
	const failures: string[] = [];
	let answered = 0;
	const client = async () => {
		while (!isOver) {
			const { status } = await ask(gate.port, { path: "/l" }).catch((error: Error) => ({ status: error.message }));
			if (status === 200) answered++;
			else failures.push(String(status));
		}
	};
	const clients = Array.from({ length: 8 }, client);
	for (let turn = 0; turn < 3; turn++) {
		const before = answered;
		await until(() => answered > before + 30, 20_000);
		const [pid = 0] = leaseOf(gate).workerPids;
		process.kill(pid, "SIGTERM");
		await until(() => leaseOf(gate).workerPids[0] !== pid, 20_000);
		await until(async () => (await gate.gateway.stats()).workers?.length === 1, 20_000);
	}
	isOver = true;
	await Promise.all(clients);
	expect(failures).toEqual([]);
	await until(async () => gate.seen.length === answered && (await gate.gateway.stats()).requests === answered, 10_000);
	expect(gate.seen.map(({ seq }) => seq)).toEqual(gate.seen.map((_one, index) => index + 1));
	expect(await gate.gateway.stats()).toMatchObject({ clientErrors: 0, workerDeaths: 0 });
}, 120_000);

test("[N6] a client's retry is recognised at another worker, and what one worker finds to fail the others leave out", async () => {
	const [legacy, modern] = [await start("legacy"), await start("modern")];
	const gate = await startGateway(legacy.address, { workers: 2, limits: { ...limits, ejectAfter: 3 } });
	ends.push(gate.end);
	await plan(gate, legacy, {
		"POST /k": { kind: "shadow", percent: 100 },
		"GET /e": { kind: "modern", upstream: modern.address, failover: "always" },
	});
	const one = await clientAtAnother(gate);
	const other = await clientAtAnother(gate, [one]);
	const keyed: TestRequest = { method: "POST", path: "/k", body: "pay", headers: { "Idempotency-Key": "a" } };
	const decisions = () => gate.seen.filter(({ request }) => request.target === "/k").map(({ decision }) => decision);
	await one.ask(keyed);
	await until(() => decisions().length === 1);
	modern.status = 500;
	for (let n = 0; n < 3; n++) await one.ask({ path: "/e" });
	expect(modern.asked).toBe(3);
	const address = `127.0.0.1:${modern.port}`;
	await until(async () => ((await gate.gateway.stats()).ejections?.[address]?.ejected ?? 0) === 2);
	// What the first one told goes one way, so the other knows the key too.
	await other.ask(keyed);
	await until(() => decisions().length === 2);
	expect(decisions()).toEqual(["sampled", "retry"]);
	expect((await gate.gateway.stats()).dropped).toEqual({ retry: 1 });
}, 60_000);

test("[N8] status and metrics show every worker", async () => {
	const legacy = await start("legacy");
	const gate = await startGateway(legacy.address, { workers: 2 });
	ends.push(gate.end);
	const one = await clientAtAnother(gate);
	await clientAtAnother(gate, [one]);
	const stats = await openGatewayControl(gate.stateDir).stats();
	expect(new Set(stats.workers?.map(({ pid }) => pid))).toEqual(new Set(leaseOf(gate).workerPids));
	expect(stats.workers?.every(({ requests }) => requests > 0)).toBe(true);
	const text = await gate.gateway.observer.metrics("prometheus");
	expect(text).toContain("phoenix_gateway_workers 2");
	expect(text).toMatch(/process_resident_memory_bytes\{process="worker-0"\}/);
	expect(text).toMatch(/process_resident_memory_bytes\{process="worker-1"\}/);
}, 60_000);
