import { setTimeout as delay } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import type { RouteMode } from "../contract/traffic.ts";
import { ask, startLoad } from "./testing/client.ts";
import { nextPlan, startGateway, type TestGateway, until } from "./testing/gateway.ts";
import { startUpstream, type TestUpstream } from "./testing/upstream.ts";

let ends: (() => Promise<void>)[] = [];
afterEach(async () => {
	for (const end of ends.reverse()) await end();
	ends = [];
});

type Switchable = TestUpstream & { isFailing: boolean; asked: number };

async function start(name: string): Promise<Switchable> {
	const state = { isFailing: false, asked: 0 };
	const upstream = await startUpstream((message, answer) => {
		message.resume();
		state.asked++;
		answer.statusCode = state.isFailing ? 500 : 200;
		answer.end(name);
	});
	ends.push(upstream.close);
	return Object.assign(state, upstream);
}

async function open(legacy: TestUpstream): Promise<TestGateway> {
	const gate = await startGateway(legacy.address, { limits: { ejectAfter: 3 } });
	ends.push(gate.end);
	return gate;
}

const modernMode = (modern: TestUpstream): RouteMode => ({ kind: "modern", upstream: modern.address, failover: "always" });
const textOf = async (port: number, path: string) => (await ask(port, { path })).body.toString();

test("[E1][E2][E4] who fails three times in a row is left out, one request at a time tries it, and then it is back", async () => {
	const [legacy, modern] = [await start("legacy"), await start("modern")];
	const gate = await open(legacy);
	await gate.gateway.setPlan(nextPlan(gate.gateway, legacy.address, { "GET /a": modernMode(modern) }));
	const address = `127.0.0.1:${modern.port}`;
	expect(await textOf(gate.port, "/a")).toBe("modern");
	expect((await gate.gateway.stats()).ejections).toBeUndefined();
	modern.isFailing = true;
	for (let n = 0; n < 6; n++) expect(await textOf(gate.port, "/a")).toBe("legacy");
	expect(modern.asked).toBe(4);
	await until(() => gate.seen.length === 7);
	expect(gate.seen.map(({ arm, decision }) => `${arm} ${decision}`)).toEqual([
		"modern modern",
		...Array(3).fill("failover modern"),
		...Array(3).fill("legacy ejected"),
	]);
	await until(async () => (await gate.gateway.stats()).ejections?.[address]?.state === "open");
	// The time is over: one trial, which fails, and the next time is longer.
	await delay(550);
	const tried = performance.now();
	await Promise.all(Array.from({ length: 8 }, () => textOf(gate.port, "/a")));
	expect(modern.asked).toBe(5);
	modern.isFailing = false;
	await until(async () => (await textOf(gate.port, "/a")) === "modern");
	expect(performance.now() - tried).toBeGreaterThanOrEqual(999);
	for (let n = 0; n < 5; n++) expect(await textOf(gate.port, "/a")).toBe("modern");
	await until(async () => (await gate.gateway.stats()).ejections?.[address]?.state === "closed");
	const stats = await gate.gateway.stats();
	expect(stats.ejections).toEqual({ [address]: { state: "closed", ejected: 2 } });
	expect(stats.clientErrors).toBe(0);
});

test("[E3] with legacy retired nobody is ejected: there is nobody else", async () => {
	const [legacy, modern] = [await start("legacy"), await start("modern")];
	const gate = await open(legacy);
	await gate.gateway.setPlan(nextPlan(gate.gateway, null, { "GET /a": modernMode(modern) }));
	modern.isFailing = true;
	for (let n = 0; n < 8; n++) expect((await ask(gate.port, { path: "/a" })).status).toBe(500);
	expect(modern.asked).toBe(8);
	modern.isFailing = false;
	expect(await textOf(gate.port, "/a")).toBe("modern");
});

test("[D1] a plan that no longer names an upstream closes its connections, the busy ones after their answer", async () => {
	const legacy = await start("legacy");
	let release = () => {};
	const sockets = new Set<unknown>();
	const modern = await startUpstream((message, answer) => {
		if (message.url === "/slow") release = () => void answer.end("slow modern");
		else answer.end("modern");
	});
	ends.push(modern.close);
	modern.server.on("connection", (socket) => {
		sockets.add(socket);
		socket.on("close", () => sockets.delete(socket));
	});
	const gate = await open(legacy);
	const routes = { "GET /slow": modernMode(modern), "GET /a": modernMode(modern) };
	await gate.gateway.setPlan(nextPlan(gate.gateway, legacy.address, routes));
	const slow = textOf(gate.port, "/slow");
	await Promise.all(Array.from({ length: 4 }, () => textOf(gate.port, "/a")));
	expect(sockets.size).toBeGreaterThan(1);
	await gate.gateway.setPlan(nextPlan(gate.gateway, legacy.address, {}));
	await until(() => sockets.size === 1);
	release();
	expect(await slow).toBe("slow modern");
	await until(() => sockets.size === 0);
	expect(await textOf(gate.port, "/a")).toBe("legacy");
});

test("[D1][D2] swaps between two services under load, and a stop in the middle of it, lose no request", async () => {
	const legacy = await start("legacy");
	const held: (() => void)[] = [];
	const slowly = (name: string) =>
		startUpstream((message, answer) => {
			message.resume();
			if (message.headers["content-length"] === "4") held.push(() => answer.end(name));
			else setTimeout(() => answer.end(name), 5);
		});
	const versions = [await slowly("modern one"), await slowly("modern two")];
	for (const { close } of versions) ends.push(close);
	const gate = await startGateway(legacy.address);
	const load = startLoad(
		gate.port,
		300,
		24,
		() => ({ method: "POST", path: "/a", body: "x" }),
		(answer) => answer.status === 200 && /^(legacy|modern one|modern two)$/.test(answer.body.toString()),
	);
	for (let n = 0; n < 30; n++) {
		const mode: RouteMode = { kind: "modern", upstream: (versions[n % 2] as TestUpstream).address, failover: "unsent" };
		await gate.gateway.setPlan(nextPlan(gate.gateway, legacy.address, { "POST /a": mode }));
		await delay(30);
	}
	const result = await load.stop();
	expect(result.errors).toEqual([]);
	expect(result.sent).toBeGreaterThan(150);
	// What is open is answered before the end.
	const last = Array.from({ length: 20 }, () => ask(gate.port, { method: "POST", path: "/a", body: "slow" }));
	await until(async () => held.length === 20 && (await gate.gateway.stats()).openRequests === 20);
	setTimeout(() => {
		for (const release of held) release();
	}, 300);
	await gate.end();
	expect((await Promise.all(last)).map(({ status }) => status)).toEqual(Array(20).fill(200));
});
