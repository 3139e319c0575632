import { existsSync } from "node:fs";
import { join } from "node:path";
import { gatewayLeaseShape } from "../core/contract/host.ts";
import { isRunning, readJson } from "./processes.ts";

/** As much of electron-updater as is used. */
export type Updater = {
	autoDownload: boolean;
	/** Read by it when an update has arrived, and again when the desktop quits. */
	autoInstallOnAppQuit: boolean;
	checkForUpdates(): Promise<unknown>;
	on(event: "update-available" | "update-downloaded" | "error", listener: (about: { version?: string }) => void): unknown;
};

const dayMs = 24 * 60 * 60 * 1_000;

/**
 * Looks for a new version now and every day, and fetches it in the background. It is installed at a quit, and only at one that
 * leaves no gateway serving: a gateway outlives the window, clients depend on it, and it starts its workers from the installed
 * files. Being offline is no fault; the next day is soon enough.
 */
export function followUpdates(
	updater: Updater,
	deps: { mayInstall(): boolean; onReady(version: string): void; everyMs?: number; platform?: NodeJS.Platform },
): { stop(): void; quit(): void } {
	const { mayInstall, onReady, everyMs = dayMs, platform = process.platform } = deps;
	// macOS gets an update ready when it arrives and installs it at any quit, so there it is decided earlier.
	const decideOnArrival = platform === "darwin";
	const look = () => void updater.checkForUpdates().catch(() => null);
	updater.autoDownload = true;
	updater.autoInstallOnAppQuit = true;
	updater.on("update-available", () => {
		if (decideOnArrival) updater.autoInstallOnAppQuit = mayInstall();
	});
	updater.on("update-downloaded", ({ version = "" }) => onReady(version));
	updater.on("error", () => {});
	const timer = setInterval(look, everyMs).unref();
	look();
	return {
		stop: () => clearInterval(timer),
		quit() {
			updater.autoInstallOnAppQuit = mayInstall();
		},
	};
}

/** Whether a gateway of this state directory serves, whatever its plan. */
export function isGatewayRunning(stateDir: string): boolean {
	const lease = gatewayLeaseShape.safeParse(readJson(join(stateDir, "gateway/gateway.json")));
	return lease.success && isRunning(lease.data.pid);
}

/** Everything above for a build that was packaged with a feed; nothing in all others. What it has to say is for a notification. */
export async function keepUpdated(
	deps: { resources: string | undefined; stateDir: string; tell(words: string): void; onQuit(decide: () => void): void },
	load = loadUpdater,
): Promise<void> {
	const { resources, stateDir, tell, onQuit } = deps;
	const updater = resources === undefined ? null : await load(resources);
	if (updater === null) return;
	const onReady = (version: string) => tell(`Version ${version} is ready. It is installed at a quit that leaves no gateway serving.`);
	onQuit(followUpdates(updater, { mayInstall: () => !isGatewayRunning(stateDir), onReady }).quit);
}

/** The updater of a packaged build that was given a feed; null in all others. It is loaded only here: it needs a real Electron. */
async function loadUpdater(resources: string): Promise<Updater | null> {
	if (!existsSync(join(resources, "app-update.yml"))) return null;
	const { autoUpdater } = (await import("electron-updater")).default;
	autoUpdater.logger = null;
	return autoUpdater as Updater;
}
