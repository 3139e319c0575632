import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/message-port";
import type { ContractRouterClient } from "@orpc/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { api } from "../core/contract/api.ts";
import { type CoreHost, createCoreHost } from "./core-host.ts";
import { openLine } from "./core-line.ts";
import { createKillSwitch } from "./kill-switch.ts";
import { isRunning } from "./processes.ts";
import type { HostClient } from "./running-core.ts";
import { readSettings } from "./settings.ts";
import { until } from "./testing/state-dir.ts";
import { readTraffic } from "./traffic.ts";

// The desktop's host over the real engine with the sample bank, one life from start to end.
const root = fileURLToPath(new URL("..", import.meta.url));
const stateDir = mkdtempSync(join(tmpdir(), "phoenix-desktop-"));
const served: number[] = [];
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
	host = createCoreHost({
		settings,
		version: (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string }).version,
		onServing: async () => void served.push(corePid()),
		onOtherVersion: async (other) => void givenUp.push(`another version: ${other.version}`),
		onGivenUp: async (reason) => void givenUp.push(reason),
		onFault: (error) => givenUp.push(String(error)),
	});
	host.start();
	await until(() => served.length === 1 || givenUp.length > 0, 60_000);
	// The screen does not wait for the sample bank; these tests do.
	await until(() => existsSync(join(stateDir, "gateway/gateway.json")), 60_000);
});

afterAll(async () => {
	await host.end();
	rmSync(stateDir, { recursive: true, force: true });
});

test("[S13] the engine answers on a socket of this user alone and opens no TCP port of its own; its gateway serves legacy", async () => {
	expect(givenUp).toEqual([]);
	const socket = host.socket() ?? "";
	expect(statSync(join(socket, "..")).mode & 0o777).toBe(0o700);
	expect(statSync(socket).mode & 0o077).toBe(0);
	expect(read("core.json")).toMatchObject({ url: null, token: null, socket });
	expect(portsOf(corePid())).toEqual([]);
	expect(await (await fetch(`http://127.0.0.1:${port}/balance`)).text()).toContain("<");
	expect(readTraffic(stateDir)).toEqual({ live: [], retired: false });
});

test("a page's line to the real engine carries the contract, and the host's line the state in words", async () => {
	const { line } = await openLine(host.socket() ?? "", "page");
	const client: ContractRouterClient<typeof api> = createORPCClient(new RPCLink({ port: line }));
	expect(await client.state.snapshot({})).toMatchObject({ project: { sample: true } });
	line.close();
	for await (const state of await (host.client() as HostClient).watch({})) {
		expect(state).toEqual({ words: "banca: all to legacy", run: "none", openRequests: expect.any(Number), draining: false });
		break;
	}
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

test("the kill switch is obeyed at once, and confirmed", async () => {
	const settings = { root, node: process.execPath, stateDir, sample: true, gatewayPort: null, dev: false, link: null };
	const start = performance.now();
	const pressed = createKillSwitch(settings).press("a test");
	await until(() => read("gateway/plan.json").panic !== null);
	const obeyedMs = performance.now() - start;
	expect(await pressed).toMatchObject({ way: "control" });
	const confirmedMs = performance.now() - start;
	process.stdout.write(`kill switch: obeyed after ${obeyedMs.toFixed(0)} ms, confirmed after ${confirmedMs.toFixed(0)} ms\n`);
	expect(obeyedMs).toBeLessThan(2_500);
});

test("without new code in front of clients, the end of the desktop is the end of the engine and its gateway", async () => {
	const [gateway, core] = [gatewayPid(), corePid()];
	await host.end();
	expect([isRunning(core), existsSync(join(stateDir, "core.json"))]).toEqual([false, false]);
	// The gateway confirms its stop with its last words, and is gone a moment later.
	await until(() => !isRunning(gateway), 10_000);
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

/** The TCP ports on which a process itself listens, as far as the system tells (Linux). */
function portsOf(pid: number): number[] {
	if (process.platform !== "linux") return [];
	const sockets = readdirSync(`/proc/${pid}/fd`).map((name) => targetOf(`/proc/${pid}/fd/${name}`));
	const inodes = new Set(sockets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []));
	const rows = ["tcp", "tcp6"].flatMap((name) => readFileSync(`/proc/${pid}/net/${name}`, "utf8").split("\n").slice(1));
	const listening = rows.map((row) => row.trim().split(/\s+/)).filter((row) => row[3] === "0A" && inodes.has(row[9] ?? ""));
	return listening.map((row) => Number.parseInt(row[1]?.split(":")[1] ?? "", 16));
}

/** A file may be closed between the listing and the look. */
function targetOf(link: string): string {
	try {
		return readlinkSync(link);
	} catch {
		return "";
	}
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
