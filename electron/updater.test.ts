import { EventEmitter } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { followUpdates, isGatewayRunning, keepUpdated } from "./updater.ts";

/** As electron-updater reads its settings: on arrival for macOS, at the quit elsewhere. */
function createUpdater() {
	const events = new EventEmitter();
	return {
		autoDownload: false,
		autoInstallOnAppQuit: false,
		looks: 0,
		isOffline: false,
		on: (event: string, listener: (about: { version?: string }) => void) => events.on(event, listener),
		async checkForUpdates() {
			this.looks++;
			if (!this.isOffline) return;
			const error = new Error("net::ERR_INTERNET_DISCONNECTED");
			events.emit("error", error);
			throw error;
		},
		arrive(version: string) {
			events.emit("update-available", { version });
			events.emit("update-downloaded", { version });
		},
	};
}

describe("updates", () => {
	let stop = () => {};
	afterEach(() => stop());

	it("are looked for at the start and again and again, also after days offline", async () => {
		const updater = createUpdater();
		updater.isOffline = true;
		({ stop } = followUpdates(updater, { mayInstall: () => true, onReady() {}, everyMs: 5 }));
		expect(updater).toMatchObject({ looks: 1, autoDownload: true });
		await delay(60);
		expect(updater.looks).toBeGreaterThan(3);
		stop();
		const { looks } = updater;
		await delay(20);
		expect(updater.looks).toBe(looks);
	});

	it("are told when they are ready, and installed only at a quit that leaves no gateway serving", () => {
		const updater = createUpdater();
		const ready: string[] = [];
		let isServing = true;
		const updates = followUpdates(updater, { mayInstall: () => !isServing, onReady: (version) => ready.push(version), platform: "linux" });
		({ stop } = updates);
		updater.arrive("0.2.0");
		expect(ready).toEqual(["0.2.0"]);
		updates.quit();
		expect(updater.autoInstallOnAppQuit).toBe(false);
		isServing = false;
		updates.quit();
		expect(updater.autoInstallOnAppQuit).toBe(true);
	});

	it("are held back on macOS from the moment they arrive, because it would install them at any quit", () => {
		const updater = createUpdater();
		({ stop } = followUpdates(updater, { mayInstall: () => false, onReady() {}, platform: "darwin" }));
		updater.arrive("0.2.0");
		expect(updater.autoInstallOnAppQuit).toBe(false);
	});
});

describe("what updates depend on", () => {
	const folder = mkdtempSync(join(tmpdir(), "phoenix-updater-"));
	afterEach(() => rmSync(join(folder, "gateway"), { recursive: true, force: true }));
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	it("a gateway serves when its lease names a process that lives", () => {
		expect(isGatewayRunning(folder)).toBe(false);
		mkdirSync(join(folder, "gateway"), { recursive: true });
		writeFileSync(join(folder, "gateway/gateway.json"), JSON.stringify({ pid: process.pid }));
		expect(isGatewayRunning(folder)).toBe(true);
		writeFileSync(join(folder, "gateway/gateway.json"), JSON.stringify({ pid: 4_194_304 }));
		expect(isGatewayRunning(folder)).toBe(false);
	});

	it("a build without a feed does not look for updates, and nobody is bothered", async () => {
		const nobody = { stateDir: folder, tell: () => expect.unreachable(), onQuit: () => expect.unreachable() };
		await keepUpdated({ ...nobody, resources: folder });
		await keepUpdated({ ...nobody, resources: undefined });
	});

	it("a build with a feed tells when a version is ready, and decides about it at the quit", async () => {
		const updater = createUpdater();
		const told: string[] = [];
		let decide = () => {};
		const onQuit = (at: () => void) => {
			decide = at;
		};
		await keepUpdated({ resources: folder, stateDir: folder, tell: (words) => told.push(words), onQuit }, async () => updater);
		updater.arrive("0.2.0");
		expect(told).toEqual([expect.stringContaining("Version 0.2.0 is ready")]);
		mkdirSync(join(folder, "gateway"), { recursive: true });
		writeFileSync(join(folder, "gateway/gateway.json"), JSON.stringify({ pid: process.pid }));
		decide();
		expect(updater.autoInstallOnAppQuit).toBe(false);
		rmSync(join(folder, "gateway"), { recursive: true });
		decide();
		expect(updater.autoInstallOnAppQuit).toBe(true);
	});
});
