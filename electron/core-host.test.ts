import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CoreHost, createCoreHost } from "./core-host.ts";
import { isRunning } from "./processes.ts";
import { endCore } from "./running-core.ts";
import { createStateDir, type StateDir, startForeignCore, until } from "./testing/state-dir.ts";

let state: StateDir;
let hosts: CoreHost[];
beforeEach(() => {
	state = createStateDir();
	hosts = [];
});
afterEach(async () => {
	await Promise.all(hosts.map((host) => host.end()));
	await state.remove();
});

function open(options: { backoffMs?: number[] } = {}) {
	const served: number[] = [];
	const givenUp: string[] = [];
	const faults: unknown[] = [];
	const host = createCoreHost({
		settings: state.settings,
		backoffMs: options.backoffMs ?? [10, 10, 10, 10],
		version: "0.1.0",
		onServing: async () => void served.push(state.corePid()),
		onOtherVersion: async () => {},
		onGivenUp: async (reason) => void givenUp.push(reason),
		onFault: (error) => faults.push(error),
	});
	hosts.push(host);
	host.start();
	return { host, served, givenUp, faults };
}

test("a core is started on its own Node, with the state directory and the sample", async () => {
	process.env.NODE_OPTIONS = "--no-deprecation";
	const { served } = open();
	await until(() => served.length === 1);
	delete process.env.NODE_OPTIONS;
	expect(state.calls("serve")).toEqual([
		{ command: "serve", json: true, sample: true, "no-http": true, state: state.dir, nodeOptions: null },
	]);
});

test("a core may be started without the sample and with a gateway port of one's own", async () => {
	Object.assign(state.settings, { sample: false, gatewayPort: "7500" });
	const { served } = open();
	await until(() => served.length === 1);
	expect(state.calls("serve")).toMatchObject([{ "gateway-port": "7500" }]);
	expect(state.calls("serve")[0]).not.toHaveProperty("sample");
});

test("a core that is killed is started again, and the new one is told", async () => {
	const { served, givenUp } = open();
	await until(() => served.length === 1);
	process.kill(state.corePid(), "SIGKILL");
	await until(() => served.length === 2);
	expect(served[1]).not.toBe(served[0]);
	expect(isRunning(state.corePid())).toBe(true);
	expect(givenUp).toEqual([]);
});

test("a core that ends again and again is given up, and can be started once more", async () => {
	state.tell("crash");
	const { host, served, givenUp } = open();
	await until(() => givenUp.length === 1);
	expect(state.calls("serve")).toHaveLength(5);
	expect(givenUp).toEqual(["The engine ended before it served (exit code 3)."]);
	rmSync(join(state.dir, "crash"));
	host.start();
	await until(() => served.length === 1);
});

test("a core that says why it cannot start is not started again, and its words are passed on", async () => {
	writeFileSync(join(state.dir, "core.log"), `${JSON.stringify({ code: "OLD", what: "An older one.", safe: "s", todo: "t" })}\n`);
	state.tell("refuse");
	const { givenUp } = open();
	await until(() => givenUp.length === 1);
	expect(givenUp).toEqual(["JOURNAL_BROKEN happened.\nNothing was changed.\nTry again."]);
	expect(state.calls("serve")).toHaveLength(1);
	expect(readFileSync(join(state.dir, "core.log"), "utf8")).toContain("starting");
});

test("a Node that does not exist is named", async () => {
	state.settings.node = "/nowhere/node";
	const { givenUp } = open();
	await until(() => givenUp.length === 1);
	expect(givenUp[0]).toContain("/nowhere/node");
});

test("a state directory that cannot be made is named", async () => {
	state.tell("file");
	state.settings.stateDir = join(state.dir, "file/state");
	const { givenUp } = open();
	await until(() => givenUp.length === 1);
	expect(givenUp[0]).toContain("ENOTDIR");
});

test("ending waits until the core is gone, and does not start another", async () => {
	const { host, served } = open();
	await until(() => served.length === 1);
	const pid = state.corePid();
	await host.end();
	expect(isRunning(pid)).toBe(false);
	expect(state.calls("serve")).toHaveLength(1);
	await host.end();
});

test("ending while the core starts ends it too", async () => {
	state.tell("slow");
	const { host, served, givenUp } = open();
	await until(() => state.calls("serve").length === 1);
	await host.end();
	expect([served, givenUp]).toEqual([[], []]);
	expect(existsSync(join(state.dir, "core.json"))).toBe(false);
});

test("ending while the next start is waited for needs no patience", async () => {
	state.tell("crash");
	const { host, givenUp } = open({ backoffMs: [60_000] });
	await until(() => state.calls("serve").length === 1);
	await delay(200);
	await host.end();
	expect(givenUp).toEqual([]);
	expect(state.calls("serve")).toHaveLength(1);
});

test("ending before the first start starts nothing", async () => {
	const { host } = open();
	await host.end();
	expect(state.calls("serve")).toEqual([]);
});

test("a core that was left is taken over by the next session, and ended by it", async () => {
	const first = open();
	await until(() => first.served.length === 1);
	const pid = state.corePid();
	first.host.leave();
	const second = open();
	await until(() => second.served.length === 1);
	expect(second.served).toEqual(first.served);
	expect(second.host.isShared()).toBe(false);
	await second.host.end();
	expect(isRunning(pid)).toBe(false);
	expect(state.calls("serve")).toHaveLength(1);
});

test("a core that was left and then dies is not started again by who left it", async () => {
	const { host, served } = open();
	await until(() => served.length === 1);
	host.leave();
	process.kill(state.corePid(), "SIGKILL");
	await delay(300);
	expect(state.calls("serve")).toHaveLength(1);
});

test("a core that somebody else started is shown, and never ended", async () => {
	await startForeignCore(state);
	const pid = state.corePid();
	const { host, served } = open();
	await until(() => served.length === 1);
	expect(host.isShared()).toBe(true);
	await host.end();
	expect(isRunning(pid)).toBe(true);
});

test("when a core of somebody else ends, an own one takes its place", async () => {
	await startForeignCore(state);
	const foreign = state.corePid();
	const { host, served } = open();
	await until(() => served.length === 1);
	process.kill(foreign, "SIGKILL");
	await until(() => served.length === 2);
	expect(state.corePid()).not.toBe(foreign);
	expect(host.isShared()).toBe(false);
});

test("a process that does not answer on the socket of the lease is no core, whatever its id", async () => {
	writeFileSync(
		join(state.dir, "core.json"),
		JSON.stringify({ pid: process.pid, socket: join(state.dir, "none.sock"), url: null, token: null }),
	);
	const { served } = open();
	await until(() => served.length === 1);
	expect(served[0]).not.toBe(process.pid);
});

test("[S13] whoever answers under another process id than the lease's is a stranger", async () => {
	await startForeignCore(state);
	const stranger = state.corePid();
	const lease = JSON.parse(readFileSync(join(state.dir, "core.json"), "utf8")) as { socket: string };
	writeFileSync(join(state.dir, "core.json"), JSON.stringify({ ...lease, pid: process.pid, url: null, token: null }));
	const { served } = open();
	await until(() => served.length === 1);
	expect(served[0]).not.toBe(stranger);
	process.kill(stranger, "SIGKILL");
});

test("a failure of whoever is told is passed on", async () => {
	const told: unknown[] = [];
	const host = createCoreHost({
		settings: state.settings,
		version: "0.1.0",
		onServing: () => Promise.reject(new Error("no keyring")),
		onOtherVersion: async () => {},
		onGivenUp: async () => {},
		onFault: (error) => told.push(error),
	});
	hosts.push(host);
	host.start();
	await until(() => told.length === 1);
	expect(told).toEqual([new Error("no keyring")]);
});

test("without a core there is nobody to talk to", () => {
	const host = createCoreHost({
		settings: state.settings,
		version: "0.1.0",
		onServing: async () => {},
		onOtherVersion: async () => {},
		onGivenUp: async () => {},
		onFault() {},
	});
	expect([host.socket(), host.client(), host.isShared()]).toEqual([null, null, false]);
	host.renew();
});

test("a core that does not hear is ended all the same", async () => {
	state.tell("deaf");
	const { host, served } = open();
	await until(() => served.length === 1);
	const pid = state.corePid();
	let gone = false;
	const ended = until(() => !isRunning(pid)).then(() => {
		gone = true;
	});
	host.leave();
	await endCore(pid, ended, 100);
	expect(gone).toBe(true);
});

test("a process of another user lives too, one that has ended does not, even before its parent notices", async () => {
	expect(isRunning(1)).toBe(true);
	// The shell becomes a `sleep` that never looks after the child which it inherits.
	const parent = spawn("sh", ["-c", "sleep 0.3 & echo $!; exec sleep 5"], { stdio: ["ignore", "pipe", "ignore"] });
	const child = Number((await once(parent.stdout, "data")).toString());
	await until(() => !isRunning(child));
	const isStillListed = existsSync(`/proc/${child}`);
	parent.kill();
	expect(isStillListed).toBe(process.platform === "linux");
});
