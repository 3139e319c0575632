import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CoreHost, createCoreHost } from "./core-host.ts";
import { createKillSwitch } from "./kill-switch.ts";
import { isRunning } from "./processes.ts";
import { readSettings } from "./settings.ts";
import { until } from "./testing/state-dir.ts";
import { readTraffic } from "./traffic.ts";

// The desktop's host over the real engine with the sample bank, one life from start to end.
const root = fileURLToPath(new URL("..", import.meta.url));
const stateDir = mkdtempSync(join(tmpdir(), "phoenix-desktop-"));
const served: string[] = [];
const givenUp: string[] = [];
let port = 0;
let host: CoreHost;

const read = (name: string) => JSON.parse(readFileSync(join(stateDir, name), "utf8")) as { pid: number; panic?: unknown };
const gatewayPid = () => read("gateway/gateway.json").pid;
const corePid = () => read("core.json").pid;

beforeAll(async () => {
	port = await freePort();
	const argv = ["electron", "--state", stateDir, "--gateway-port", String(port)];
	const settings = readSettings({ argv, env: { PHOENIX_NODE: process.execPath }, root, dataDir: stateDir });
	host = createCoreHost({ settings, onServing: (url) => served.push(url), onGivenUp: (reason) => givenUp.push(reason) });
	host.start();
	await until(() => served.length === 1 || givenUp.length > 0, 60_000);
	// The screen does not wait for the sample bank; these tests do.
	await until(() => existsSync(join(stateDir, "gateway/gateway.json")), 60_000);
});

afterAll(async () => {
	await host.end();
	rmSync(stateDir, { recursive: true, force: true });
});

test("the engine serves a screen that its token opens, and its gateway serves legacy", async () => {
	expect(givenUp).toEqual([]);
	const url = new URL(served[0] ?? "");
	const token = url.hash.slice("#token=".length);
	expect((await fetch(new URL("/enter", url), { method: "POST", body: token })).status).toBe(204);
	expect((await fetch(new URL("/enter", url), { method: "POST", body: "0".repeat(32) })).status).toBe(401);
	expect(await (await fetch(`http://127.0.0.1:${port}/balance`)).text()).toContain("<");
	expect(readTraffic(stateDir)).toEqual({ live: [], retired: false });
});

test("kill -9 of the engine: no request fails, the gateway is the same, and the screen gets the next engine", async () => {
	const gateway = gatewayPid();
	const killed = corePid();
	let isOver = false;
	const traffic = askUntil(() => isOver);
	process.kill(killed, "SIGKILL");
	const start = performance.now();
	await until(() => served.length === 2, 60_000);
	const ms = performance.now() - start;
	isOver = true;
	const { asked, failed } = await traffic;
	process.stdout.write(`engine killed: the next one serves after ${ms.toFixed(0)} ms; ${asked} requests meanwhile, ${failed} failed\n`);
	expect(asked).toBeGreaterThan(5);
	expect(failed).toBe(0);
	expect(gatewayPid()).toBe(gateway);
	expect(corePid()).not.toBe(killed);
});

test("the kill switch is obeyed within 500 ms, and confirmed", async () => {
	const settings = { root, node: process.execPath, stateDir, sample: true, gatewayPort: null, dev: false };
	const start = performance.now();
	const pressed = createKillSwitch(settings).press("a test");
	await until(() => read("gateway/plan.json").panic !== null);
	const obeyedMs = performance.now() - start;
	expect(await pressed).toMatchObject({ way: "control" });
	const confirmedMs = performance.now() - start;
	process.stdout.write(`kill switch: obeyed after ${obeyedMs.toFixed(0)} ms, confirmed after ${confirmedMs.toFixed(0)} ms\n`);
	expect(obeyedMs).toBeLessThan(500);
});

test("without new code in front of clients, the end of the desktop is the end of the engine and its gateway", async () => {
	const [gateway, core] = [gatewayPid(), corePid()];
	await host.end();
	expect([isRunning(core), existsSync(join(stateDir, "core.json"))]).toEqual([false, false]);
	// The gateway confirms its stop with its last words, and is gone a moment later.
	await until(() => !isRunning(gateway), 2_000);
});

/** One request after the other, through the gateway; a failed one is one without a whole answer. */
async function askUntil(isOver: () => boolean): Promise<{ asked: number; failed: number }> {
	const count = { asked: 0, failed: 0 };
	while (!isOver()) {
		count.asked++;
		try {
			const answer = await fetch(`http://127.0.0.1:${port}/balance`);
			await answer.text();
			if (answer.status >= 500) count.failed++;
		} catch {
			count.failed++;
		}
		await delay(5);
	}
	return count;
}

async function freePort(): Promise<number> {
	for (let candidate = 20_000 + (process.pid % 10_000); ; candidate++) {
		const server = createServer();
		const isFree = await new Promise<boolean>((resolve) => {
			server.once("error", () => resolve(false));
			server.listen(candidate, "127.0.0.1", () => resolve(true));
		});
		await new Promise((resolve) => server.close(resolve));
		if (isFree) return candidate;
	}
}
