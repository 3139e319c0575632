import type { MessageBoxOptions } from "electron";
import type { CoreHost } from "./core-host.ts";
import type { KillSwitch } from "./kill-switch.ts";
import type { Traffic } from "./traffic.ts";

/** `keep`: everything runs on without a window. `legacy`: legacy serves, then all else ends. `stop`: all ends. `stay`: no quit. */
export type QuitAnswer = "keep" | "legacy" | "stop" | "stay";
export type QuitQuestion = MessageBoxOptions & { answers: QuitAnswer[] };

/** What must be asked before the window closes; null when no client is served by new code. */
export function quitQuestion(traffic: Traffic): QuitQuestion | null {
	const { live, retired } = traffic;
	if (live.length === 0) return null;
	const [buttons, answers]: [string[], QuitAnswer[]] = retired
		? [
				["Keep the gateway running", "Stop everything, then quit", "Cancel"],
				["keep", "stop", "stay"],
			]
		: [
				["Keep the gateway running", "Send all to legacy, then quit", "Cancel"],
				["keep", "legacy", "stay"],
			];
	const shares = live.map(({ id, percent }) => `${id}: ${percent} %`);
	const rest = retired ? "Legacy is retired: after a stop, clients get no answer." : "Everything else is answered by legacy.";
	return {
		type: "question",
		title: "Phoenix Engine",
		message: `New services answer ${live.length === 1 ? "one route" : `${live.length} routes`} now.`,
		detail: `${shares.join("\n")}\n${rest}`,
		buttons,
		defaultId: 0,
		cancelId: 2,
		noLink: true,
		answers,
	};
}

/**
 * Asks where it must, performs the answer, and says whether the window may close. Throws when legacy could not be given the
 * traffic; nothing is ended then.
 */
export async function closeDown(deps: {
	host: CoreHost;
	killSwitch: KillSwitch;
	readTraffic(): Traffic;
	ask(question: QuitQuestion): Promise<QuitAnswer>;
}): Promise<boolean> {
	const { host, killSwitch, readTraffic, ask } = deps;
	// A core that somebody else started goes on, and so does its traffic: there is nothing to ask.
	const question = host.isShared() ? null : quitQuestion(readTraffic());
	const answer = question === null ? "stop" : await ask(question);
	switch (answer) {
		case "stay":
			return false;
		case "keep":
			host.leave();
			return true;
		case "legacy":
			await killSwitch.press("quit of the desktop");
			await host.end();
			return true;
		case "stop":
			await host.end();
			return true;
	}
}
