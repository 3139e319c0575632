import { setTimeout as delay } from "node:timers/promises";
import { type BrowserWindow, powerMonitor } from "electron";
import type { CoreHost } from "./core-host.ts";
import type { KillSwitch } from "./kill-switch.ts";
import type { Traffic } from "./traffic.ts";

const reason = "the session of the computer ends";
const limitMs = 2_500;

type SessionEndDeps = {
	host: Pick<CoreHost, "isShared" | "end">;
	killSwitch: KillSwitch;
	readTraffic(): Traffic;
	/** The application must be gone before the system's patience is. */
	exit(): void;
};

/** The computer shuts down or the user logs out: all to legacy, the journal is written, within three seconds; nothing is asked. */
export function onSessionEnd(window: BrowserWindow, deps: SessionEndDeps): void {
	let isOver = false;
	const end = (event?: { preventDefault?(): void }) => {
		event?.preventDefault?.();
		if (isOver) return;
		isOver = true;
		void endSession(deps).finally(deps.exit);
	};
	powerMonitor.on("shutdown", end as () => void);
	window.on("query-session-end", end);
	window.on("session-end", end);
}

async function endSession({ host, killSwitch, readTraffic }: SessionEndDeps): Promise<void> {
	// A core that somebody else started hears of the end itself.
	if (host.isShared()) return;
	const { live, retired } = readTraffic();
	const isLive = live.length > 0 && !retired;
	// The file of the kill switch is there before this returns for the first time; a core that is asked too late changes nothing.
	const pressed = isLive ? killSwitch.press(reason).catch(() => {}) : null;
	await Promise.race([Promise.all([pressed, host.end(isLive ? reason : undefined)]), delay(limitMs)]);
}
