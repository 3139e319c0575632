import { setTimeout as delay } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import type { Exchange, RouteMode } from "../contract/traffic.ts";
import { ask, startLoad } from "./testing/client.ts";
import { nextPlan, startGateway, type TestGateway, until } from "./testing/gateway.ts";
import { spawnService, type TestService } from "./testing/spawn-service.ts";
import { bodyOf, startUpstream, type TestUpstream } from "./testing/upstream.ts";

let ends: (() => Promise<void>)[] = [];
afterEach(async () => {
	for (const end of ends.reverse()) await end();
	ends = [];
});

type Setup = { legacy: TestUpstream; modern: TestService; gate: TestGateway; asked: string[] };

async function setUp(limits: { modernTimeoutMs?: number; bodyCap?: number; ejectAfter?: number } = {}): Promise<Setup> {
	const asked: string[] = [];
	const legacy = await startUpstream(async (message, answer) => {
		const body = await bodyOf(message).catch(() => Buffer.alloc(0));
		asked.push(`${message.method} ${message.url}`);
		answer.end(`legacy ${message.method} ${message.url} ${body.length}`);
	});
	ends.push(legacy.close);
	const modern = await spawnService("modern");
	ends.push(modern.close);
	const gate = await startGateway(legacy.address, { limits });
	ends.push(gate.end);
	return { legacy, modern, gate, asked };
}

async function plan({ gate, legacy }: Setup, routes: Record<string, RouteMode>): Promise<void> {
	await gate.gateway.setPlan(nextPlan(gate.gateway, legacy.address, routes));
}

const textOf = async (port: number, path: string, headers = {}) => (await ask(port, { path, headers })).body.toString();

test("[R1][R2] shadow answers from legacy, mirrors exactly its share, and unmatched requests are not mirrored", async () => {
	const setup = await setUp();
	await plan(setup, { "GET /s": { kind: "shadow", percent: 30 } });
	for (let n = 0; n < 100; n++) expect(await textOf(setup.gate.port, `/s?n=${n}`)).toBe(`legacy GET /s?n=${n} 0`);
	await textOf(setup.gate.port, "/s/");
	await ask(setup.gate.port, { method: "POST", path: "/s", body: "x" });
	await until(() => setup.gate.seen.length === 102);
	expect(setup.gate.seen.filter(({ mirrored }) => mirrored)).toHaveLength(30);
	expect(setup.gate.seen.slice(100).map(({ route, mirrored }) => [route, mirrored])).toEqual([
		[null, false],
		[null, false],
	]);
});

test("[R3] canary keeps a session on its side, near its weight, and a growing weight takes nobody back", async () => {
	const setup = await setUp();
	const canary = (weight: number): RouteMode => ({ kind: "canary", weight, upstream: setup.modern.address, failover: "always" });
	const chosen = async () => {
		const set = new Set<number>();
		for (let n = 0; n < 400; n++) if ((await textOf(setup.gate.port, "/c", { "X-Session": `s${n}` })).startsWith("modern")) set.add(n);
		return set;
	};
	await plan(setup, { "GET /c": canary(10) });
	const ten = await chosen();
	expect(ten.size).toBeGreaterThan(20);
	expect(ten.size).toBeLessThan(65);
	expect(await chosen()).toEqual(ten);
	await plan(setup, { "GET /c": canary(50) });
	const fifty = await chosen();
	expect(fifty.size).toBeGreaterThan(160);
	expect(fifty.size).toBeLessThan(240);
	expect([...ten].filter((n) => !fifty.has(n))).toEqual([]);
	await until(() => setup.gate.seen.length === 1_200);
	expect(setup.gate.seen.every(({ arm, mirrored }) => mirrored === (arm === "legacy"))).toBe(true);
});

test("[R4][R5] a refused, cut, hanging or failing new service is replaced by legacy within the request", async () => {
	const setup = await setUp({ modernTimeoutMs: 300 });
	const mode: RouteMode = { kind: "modern", upstream: setup.modern.address, failover: "always" };
	await plan(setup, { "GET /ok": mode, "GET /cut": mode, "GET /hang": mode, "GET /500": mode, "GET /big": mode });
	expect(await textOf(setup.gate.port, "/ok")).toBe("modern GET /ok 0");
	expect(await textOf(setup.gate.port, "/big")).toBe("b".repeat(3_000_000));
	for (const path of ["/cut", "/hang", "/500"]) expect(await textOf(setup.gate.port, path)).toBe(`legacy GET ${path} 0`);
	await setup.modern.kill();
	expect(await textOf(setup.gate.port, "/ok")).toBe("legacy GET /ok 0");
	await until(() => setup.gate.seen.length === 6);
	expect(setup.gate.seen.map(({ arm, error }) => `${arm}: ${error}`)).toEqual([
		"modern: null",
		"modern: null",
		"failover: modern: the answer broke off",
		"failover: modern: no answer within 300 ms",
		"failover: modern: status 500",
		expect.stringMatching(/^failover: modern: connect ECONNREFUSED/),
	]);
	const stats = await setup.gate.gateway.stats();
	expect(stats).toMatchObject({ failovers: 4, clientErrors: 0, byArm: { legacy: 0, modern: 2, failover: 4 } });
});

test("[R5][R6] what may not be repeated is not: keyed needs the key, unsent needs an unsent request", async () => {
	const setup = await setUp({ modernTimeoutMs: 300, bodyCap: 100_000, ejectAfter: 1_000 });
	const upstream = setup.modern.address;
	await plan(setup, {
		"POST /cut": { kind: "modern", upstream, failover: "keyed" },
		"POST /hang": { kind: "modern", upstream, failover: "unsent" },
		"POST /500": { kind: "modern", upstream, failover: "unsent" },
		"POST /ok": { kind: "modern", upstream, failover: "unsent" },
	});
	const post = (path: string, headers: Record<string, string> = {}, bytes = 4) =>
		ask(setup.gate.port, { method: "POST", path, headers, body: Buffer.alloc(bytes, 97) });
	const bare = await post("/cut");
	expect([bare.status, JSON.parse(bare.body.toString()).code]).toEqual([502, "UPSTREAM_LOST"]);
	const keyed = await post("/cut", { "Idempotency-Key": "k1" });
	expect([keyed.status, keyed.body.toString()]).toEqual([200, "legacy POST /cut 4"]);
	// Above the cap the body is gone once sent, key or not.
	expect((await post("/cut", { "Idempotency-Key": "k2" }, 200_000)).status).toBe(502);
	const hanging = await post("/hang", { "Idempotency-Key": "k3" });
	expect([hanging.status, JSON.parse(hanging.body.toString()).code]).toEqual([504, "UPSTREAM_LOST"]);
	const failing = await post("/500");
	expect([failing.status, failing.body.toString()]).toEqual([500, "own trouble"]);
	expect((await post("/ok", {}, 200_000)).body.toString()).toBe("modern POST /ok 200000");
	await setup.modern.kill();
	const refused = await post("/ok", {}, 200_000);
	expect([refused.status, refused.body.toString()]).toEqual([200, "legacy POST /ok 200000"]);
	expect(setup.asked).toEqual(["GET /", "POST /cut", "POST /ok"]);
	await until(async () => (await setup.gate.gateway.stats()).clientErrors === 4);
});

test("[R5][E1][E2] kill -9 of the new service under load: no client sees it, and it comes back by itself", async () => {
	const setup = await setUp();
	const upstream = setup.modern.address;
	await plan(setup, {
		"POST /k": { kind: "canary", weight: 50, upstream, failover: "keyed" },
		"GET /a": { kind: "modern", upstream, failover: "always" },
	});
	const load = startLoad(
		setup.gate.port,
		250,
		24,
		(n) => (n % 2 ? { path: "/a" } : { method: "POST", path: "/k", body: "x", headers: { "Idempotency-Key": `k${n}` } }),
		(answer) => answer.status === 200 && /^(legacy|modern) /.test(answer.body.toString()),
	);
	await delay(800);
	await setup.modern.kill();
	await delay(800);
	const reborn = await spawnService("modern", upstream.port);
	ends.push(reborn.close);
	await until(() => setup.gate.seen.slice(-20).some(({ arm }) => arm === "modern"));
	await delay(500);
	const result = await load.stop();
	expect(result.errors).toEqual([]);
	expect(result.sent).toBeGreaterThan(400);
	await until(() => setup.gate.seen.length === result.sent);
	const arms = (kind: Exchange["arm"]) => setup.gate.seen.filter(({ arm }) => arm === kind).length;
	const ejected = setup.gate.seen.filter(({ decision }) => decision === "ejected");
	// Those that found out, the ones under way with them, and the trials since.
	expect(arms("failover")).toBeGreaterThanOrEqual(5);
	expect(arms("failover")).toBeLessThan(50);
	expect(ejected.length).toBeGreaterThan(50);
	expect(ejected.every(({ arm, mirrored }) => arm === "legacy" && !mirrored)).toBe(true);
	expect(setup.gate.seen.at(-1)?.arm ?? "").not.toBe("");
	expect(setup.gate.seen.slice(-20).some(({ arm }) => arm === "modern")).toBe(true);
	expect((await setup.gate.gateway.stats()).clientErrors).toBe(0);
});

test("[C1][C5] every request is one exchange, and no tick passes one that ended before", async () => {
	const setup = await setUp();
	let highest = 0;
	const early: string[] = [];
	const late: string[] = [];
	setup.gate.gateway.onExchanges((items) => {
		for (const item of items) {
			if (item.endedAt < highest) late.push(`${item.seq}`);
			if (item.openSince > item.endedAt) early.push(`${item.seq}`);
		}
	});
	let ticks = 0;
	setup.gate.gateway.onTick(({ openSince, stats }) => {
		ticks++;
		if (stats.openRequests === 0) highest = openSince;
	});
	const load = startLoad(
		setup.gate.port,
		150,
		8,
		(n) => ({ path: `/n${n}`, headers: { "X-N": String(n) } }),
		(answer) => answer.status === 200,
	);
	await delay(1_000);
	const { sent, errors } = await load.stop();
	expect(errors).toEqual([]);
	await until(() => setup.gate.seen.length === sent);
	expect(early).toEqual([]);
	expect(late).toEqual([]);
	const before = ticks;
	await until(() => ticks - before >= 4);
	expect(setup.gate.seen.every(({ startedAt, endedAt }) => startedAt <= endedAt)).toBe(true);
	expect(new Set(setup.gate.seen.map(({ request }) => request.target)).size).toBe(sent);
});
