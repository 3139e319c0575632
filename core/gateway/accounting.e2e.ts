import { rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { openGateway } from "./control/index.ts";
import { ask, startLoad } from "./testing/client.ts";
import { createStateDir, nextPlan, startGateway, until } from "./testing/gateway.ts";
import { freePort, startUpstream } from "./testing/upstream.ts";

const sum = (dropped: Record<string, number>) => Object.values(dropped).reduce((total, count) => total + count, 0);

test("[C3][C4] without a core the last moments wait, the rest is dropped by name, and the books balance", async () => {
	let served = 0;
	const legacy = await startUpstream((_message, answer) => {
		served++;
		answer.end("ok");
	});
	const stateDir = createStateDir();
	const port = await freePort();
	const first = await openGateway({ stateDir, port, legacy: legacy.address, limits: { absentMs: 500 } });
	await first.setPlan(nextPlan(first, legacy.address, { "GET /m": { kind: "shadow", percent: 100 } }));
	const before: number[] = [];
	first.onExchanges((items) => before.push(...items.map(({ seq }) => seq)));
	const load = startLoad(
		port,
		200,
		8,
		() => ({ path: "/m" }),
		({ status }) => status === 200,
	);
	await until(() => before.length > 20);
	first.detach();
	const atDetach = served;
	await until(() => served >= atDetach + 200);
	// Twice as long as answers wait for a core.
	await delay(1_000);
	const second = await openGateway({ stateDir, port, legacy: legacy.address });
	expect(second.adopted).toBe(true);
	const after: number[] = [];
	second.onExchanges((items) => after.push(...items.map(({ seq }) => seq)));
	await delay(300);
	const { sent, errors } = await load.stop();
	expect(errors).toEqual([]);
	await until(() => after.at(-1) === sent);
	const stats = await second.stats();
	const delivered = new Set([...before, ...after]).size;
	expect(stats.mirrored).toBe(sent);
	expect(Object.keys(stats.dropped)).toEqual(["no-core"]);
	expect(stats.dropped["no-core"]).toBeGreaterThan(100);
	expect(delivered + sum(stats.dropped)).toBe(stats.mirrored);
	// What waited was younger than half a second, so none of those 200 came; a few may still have been on their way at the detaching.
	expect((after[0] ?? 0) - (before.at(-1) ?? 0)).toBeGreaterThan(150);
	await second.stop({ drainMs: 500 });
	await legacy.close();
	rmSync(stateDir, { recursive: true, force: true });
});

test("[C3][C4] a core too slow for its backlog loses the oldest, counted, and no client waits for it", async () => {
	const legacy = await startUpstream((_message, answer) => void answer.end(Buffer.alloc(200_000)));
	const gate = await startGateway(legacy.address, { limits: { backlogItems: 50, backlogBytes: 4_000_000 } });
	await gate.gateway.setPlan(nextPlan(gate.gateway, legacy.address, { "GET /m": { kind: "shadow", percent: 100 } }));
	let isBlocked = false;
	gate.gateway.onExchanges(() => {
		if (isBlocked) return;
		isBlocked = true;
		const end = performance.now() + 1_500;
		while (performance.now() < end);
	});
	// The blocking listener lives in this process, so the requests of the burst go out in one go before it strikes.
	const burst = Array.from({ length: 300 }, () => ask(gate.port, { path: "/m" }));
	const answers = await Promise.all(burst);
	expect(answers.every(({ status }) => status === 200)).toBe(true);
	await until(async () => {
		const stats = await gate.gateway.stats();
		return stats.mirrored === 300 && gate.seen.length + sum(stats.dropped) === 300;
	});
	const stats = await gate.gateway.stats();
	expect(Object.keys(stats.dropped)).toEqual(["backlog"]);
	await gate.end();
	await legacy.close();
});
