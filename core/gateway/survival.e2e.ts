import { fork } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { openGateway } from "./control/index.ts";
import { ask, startLoad } from "./testing/client.ts";
import { createStateDir, nextPlan, startGateway, type TestGateway, until } from "./testing/gateway.ts";
import { spawnService } from "./testing/spawn-service.ts";
import { freePort, startUpstream, type TestUpstream } from "./testing/upstream.ts";

let ends: (() => Promise<void>)[] = [];
afterEach(async () => {
	for (const end of ends.reverse()) await end();
	ends = [];
});

/** Legacy thinks for 20 ms, and tells how many requests it has: a kill then finds them open. */
async function startLegacy(): Promise<TestUpstream & { open(): number; held(): number }> {
	let [open, held] = [0, 0];
	const legacy = await startUpstream((message, answer) => {
		open++;
		if (message.url === "/held") held++;
		const end = () => {
			open--;
			answer.end(`legacy ${message.url}`);
		};
		if (message.url !== "/held") setTimeout(end, message.url === "/" ? 0 : 20);
	});
	ends.push(legacy.close);
	return { ...legacy, open: () => open, held: () => held };
}

const leaseOf = (stateDir: string): { pid: number; workerPid: number } => JSON.parse(readFileSync(join(stateDir, "gateway.json"), "utf8"));

function loadOn(port: number, rate = 250) {
	return startLoad(
		port,
		rate,
		16,
		(n) => ({ path: `/l${n}` }),
		(answer, n) => answer.status === 200 && answer.body.toString().endsWith(`/l${n}`),
	);
}

test("[L2] kill -9 of the worker under load costs only what it had open, and is soon over", async () => {
	const legacy = await startLegacy();
	const gate = await startGateway(legacy.address);
	ends.push(gate.end);
	await gate.gateway.setPlan(nextPlan(gate.gateway, legacy.address, { "GET /l5": { kind: "shadow", percent: 100 } }));
	const load = loadOn(gate.port);
	await until(() => gate.seen.length > 100);
	const dead = leaseOf(gate.stateDir).workerPid;
	// In the worker's reports for sure: what it had open is told by the last of them.
	const held = expect(ask(gate.port, { path: "/held" })).rejects.toThrow(/socket hang up|ECONNRESET/);
	await until(async () => (await gate.gateway.stats()).openRequests > 0 && legacy.held() === 1);
	await delay(300);
	await until(() => legacy.open() > 1);
	process.kill(dead, "SIGKILL");
	await held;
	await until(() => leaseOf(gate.stateDir).workerPid !== dead);
	const seen = gate.seen.length;
	await until(() => gate.seen.length > seen + 100);
	const { sent, ok, errors, longestMs } = await load.stop();
	expect(errors.filter((error) => !/socket hang up|ECONNRESET|EPIPE/.test(error))).toEqual([]);
	expect(errors.length).toBeGreaterThan(0);
	expect(errors.length).toBeLessThanOrEqual(16);
	expect(ok).toBe(sent - errors.length);
	expect(longestMs).toBeLessThan(10_000);
	await until(() => gate.seen.some(({ request }) => request.target === `/l${sent - 1}`));
	await until(async () => (await gate.gateway.stats()).requests === gate.seen.length);
	expect(gate.seen.map(({ seq }) => seq)).toEqual(gate.seen.map((_exchange, index) => index + 1));
	const stats = await gate.gateway.stats();
	expect(stats.requests).toBe(gate.seen.length);
	expect(stats.clientErrors).toBeGreaterThan(0);
	expect(stats.clientErrors).toBeLessThanOrEqual(errors.length + 5);
	expect(stats.planVersion).toBe(1);
	process.stdout.write(`worker killed: ${errors.length} of ${sent} requests lost, longest wait ${longestMs.toFixed(0)} ms\n`);
});

test("[L1] kill -9 of the opener: clients notice nothing, the next one adopts plan and counters", async () => {
	const legacy = await startLegacy();
	const stateDir = createStateDir();
	ends.push(async () => rmSync(stateDir, { recursive: true, force: true }));
	const port = await freePort();
	const opener = fork(fileURLToPath(new URL("./testing/opener.ts", import.meta.url)), [stateDir, String(port), String(legacy.port)], {
		execArgv: [],
	});
	const opened = await new Promise((resolve) => opener.once("message", resolve));
	expect(opened).toEqual({ adopted: false });
	const load = loadOn(port);
	await delay(300);
	opener.kill("SIGKILL");
	await delay(500);
	const gateway = await openGateway({ stateDir, port, legacy: legacy.address });
	expect(gateway.adopted).toBe(true);
	await expect(openGateway({ stateDir, port: port + 1, legacy: legacy.address })).rejects.toMatchObject({ code: "RUN_STATE" });
	await delay(200);
	const { sent, errors } = await load.stop();
	expect(errors).toEqual([]);
	await until(async () => (await gateway.stats()).requests === sent);
	await gateway.stop({ drainMs: 500 });
	await expect(ask(port)).rejects.toThrow();
});

test("[L4] kill -9 of the supervisor: the worker goes on with legacy only, and a new supervisor takes over by itself", async () => {
	const legacy = await startLegacy();
	const modern = await spawnService("modern");
	ends.push(modern.close);
	const gate: TestGateway = await startGateway(legacy.address);
	ends.push(gate.end);
	const mode = { kind: "modern", upstream: modern.address, failover: "always" } as const;
	await gate.gateway.setPlan(nextPlan(gate.gateway, legacy.address, { "GET /l1": mode }));
	expect((await ask(gate.port, { path: "/l1" })).body.toString()).toMatch(/^modern/);
	const losses: string[] = [];
	gate.gateway.onLost((loss) => losses.push(loss.kind));
	const before = leaseOf(gate.stateDir);
	process.kill(before.pid, "SIGKILL");
	await until(() => losses.length === 1);
	expect(losses).toEqual(["restarted"]);
	expect(leaseOf(gate.stateDir).pid).not.toBe(before.pid);
	// The stored plan is in force again, and exchanges flow to the same subscriber.
	expect(gate.gateway.plan().version).toBe(1);
	const seen = gate.seen.length;
	expect((await ask(gate.port, { path: "/l1" })).body.toString()).toMatch(/^modern/);
	await until(() => gate.seen.length > seen);
});

test("[L4] without core and supervisor the worker serves legacy only; the next core takes the port over from it", async () => {
	const legacy = await startLegacy();
	const modern = await spawnService("modern");
	ends.push(modern.close);
	const first = await startGateway(legacy.address);
	const mode = { kind: "modern", upstream: modern.address, failover: "always" } as const;
	await first.gateway.setPlan(nextPlan(first.gateway, legacy.address, { "GET /l1": mode }));
	first.gateway.detach();
	const { pid, workerPid } = leaseOf(first.stateDir);
	process.kill(pid, "SIGKILL");
	await until(async () => (await ask(first.port, { path: "/l1" })).body.toString() === "legacy /l1");
	process.kill(workerPid, 0);
	const second = await startGateway(legacy.address, { stateDir: first.stateDir, port: first.port });
	ends.push(second.end);
	expect(second.gateway.adopted).toBe(false);
	expect((await ask(first.port, { path: "/l1" })).body.toString()).toMatch(/^modern/);
});

test("[L6] a plan file that is not valid is not served: everything goes to legacy", async () => {
	const legacy = await startLegacy();
	const stateDir = createStateDir();
	writeFileSync(join(stateDir, "plan.json"), '{"plan":{"version":9,"routes":[{"id":"x"}]}}');
	const gate = await startGateway(legacy.address, { stateDir });
	ends.push(gate.end);
	expect(gate.gateway.plan()).toMatchObject({ version: 0, routes: [] });
	expect((await ask(gate.port, { path: "/l1" })).body.toString()).toBe("legacy /l1");
});

test("[L3] the fifth dead worker presses the kill switch with an alarm", async () => {
	const legacy = await startLegacy();
	const modern = await spawnService("modern");
	ends.push(modern.close);
	const gate = await startGateway(legacy.address);
	ends.push(gate.end);
	const mode = { kind: "modern", upstream: modern.address, failover: "always" } as const;
	await gate.gateway.setPlan(nextPlan(gate.gateway, legacy.address, { "GET /l1": mode }));
	for (let death = 1; death <= 5; death++) {
		const { workerPid } = leaseOf(gate.stateDir);
		process.kill(workerPid, "SIGKILL");
		if (death < 5) await until(() => leaseOf(gate.stateDir).workerPid !== workerPid);
	}
	await until(async () => (await gate.gateway.stats()).panic !== null);
	expect((await gate.gateway.stats()).panic?.reason).toContain("5 times");
	expect(gate.gateway.plan().routes[0]?.mode).toEqual({ kind: "legacy" });
});

test("[L2] a worker that hangs is replaced after three silent beats", async () => {
	const legacy = await startLegacy();
	const gate = await startGateway(legacy.address);
	ends.push(gate.end);
	// Its first report, after 100 ms, ends the longer patience with a worker that is still starting.
	await delay(300);
	const { workerPid } = leaseOf(gate.stateDir);
	process.kill(workerPid, "SIGSTOP");
	const waiting = ask(gate.port, { path: "/l1" });
	await until(() => leaseOf(gate.stateDir).workerPid !== workerPid);
	// The hung worker never accepted the connection, so its successor answers it.
	expect((await waiting).body.toString()).toBe("legacy /l1");
});

test("[L7] a stop lets open requests end and hands over what was seen", async () => {
	const legacy = await startUpstream((message, answer) => {
		setTimeout(() => answer.end("late"), message.url === "/" ? 0 : 600);
	});
	ends.push(legacy.close);
	const gate = await startGateway(legacy.address);
	const answer = ask(gate.port, { path: "/slow" });
	await until(async () => (await gate.gateway.stats()).openRequests === 1);
	await gate.gateway.stop({ drainMs: 3_000 });
	expect((await answer).body.toString()).toBe("late");
	expect(gate.seen.map(({ request }) => request.target)).toEqual(["/slow"]);
	rmSync(gate.stateDir, { recursive: true, force: true });
});
