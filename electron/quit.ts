import type { MessageBoxOptions } from "electron";
import type { HostState } from "../core/contract/host.ts";
import type { Traffic } from "./traffic.ts";

/**
 * `keep`: everything runs on without a window. `legacy`: legacy serves, then all else ends. `pause`: the run stands still, then all
 * ends. `stop`: all ends. `stay`: no quit.
 */
export type QuitAnswer = "keep" | "legacy" | "pause" | "stop" | "stay";
export type QuitQuestion = MessageBoxOptions & { buttons: string[]; answers: QuitAnswer[] };

/** What must be asked before the window closes; null when no client is served by new code and no run is under way. */
export function quitQuestion({ live, retired }: Traffic, run: HostState["run"]): QuitQuestion | null {
	if (live.length === 0) return run === "running" ? runQuestion : null;
	const shares = live.map(({ id, percent }) => `${id}: ${percent} %`);
	const rest = retired ? "Legacy is retired: after a stop, clients get no answer." : "Everything else is answered by legacy.";
	return {
		...shape,
		message: `New services answer ${live.length === 1 ? "one route" : `${live.length} routes`} now.`,
		detail: `${shares.join("\n")}\n${rest}`,
		buttons: ["Keep the gateway running", retired ? "Stop everything, then quit" : "Send all to legacy, then quit", "Cancel"],
		answers: ["keep", retired ? "stop" : "legacy", "stay"],
	};
}

const shape = { type: "question", defaultId: 0, cancelId: 2 } as const;

const runQuestion: QuitQuestion = {
	...shape,
	message: "A run is under way.",
	detail: "Clients are answered by legacy. A paused run goes on where it was with the next start.",
	buttons: ["Keep running in the background", "Pause and quit", "Cancel"],
	answers: ["keep", "pause", "stay"],
};
