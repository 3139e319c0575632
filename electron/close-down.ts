import { setTimeout as delay } from "node:timers/promises";
import type { HostState } from "../core/contract/host.ts";
import type { CoreHost } from "./core-host.ts";
import type { KillSwitch } from "./kill-switch.ts";
import { type QuitAnswer, type QuitQuestion, quitQuestion } from "./quit.ts";
import type { HostClient } from "./running-core.ts";
import type { Traffic } from "./traffic.ts";

type CloseDownDeps = {
	host: Pick<CoreHost, "client" | "isShared" | "end" | "leave">;
	killSwitch: KillSwitch;
	readTraffic(): Traffic;
	ask(question: QuitQuestion): Promise<QuitAnswer>;
	/** What is waited for, for the title of the window. */
	tell(words: string): void;
	drainLimitMs?: number;
};

/**
 * Asks where it must and performs the answer. `ended`: the window may close and nothing is left to do here; `kept`: everything
 * goes on without it. Throws when legacy could not be given the traffic, or when requests from before did not end; nothing is
 * ended then.
 */
export async function closeDown(deps: CloseDownDeps): Promise<"ended" | "kept" | "stayed"> {
	const { host, killSwitch, readTraffic, ask } = deps;
	// A core that somebody else started goes on, and so does its traffic: there is nothing to ask.
	const question = host.isShared() ? null : quitQuestion(readTraffic(), (await stateNow(host.client()))?.run ?? "none");
	const answer = question === null ? "stop" : await ask(question);
	switch (answer) {
		case "stay":
			return "stayed";
		case "keep":
			return "kept";
		case "legacy":
			await killSwitch.press("quit of the desktop");
			await drained(deps);
			break;
		case "pause":
			await host.client()?.pause({});
			break;
		case "stop":
			break;
	}
	await host.end();
	return "ended";
}

/** The gateway tells the core its figures a few times a second; before that the press is not in them. */
const settleMs = 500;
const lookMs = 100;

/** Until the requests which new services still answer have ended. Without a core nobody can tell, and the gateway goes on anyway. */
async function drained({ host, tell, drainLimitMs = 30_000 }: CloseDownDeps): Promise<void> {
	const limit = performance.now() + drainLimitMs;
	await delay(settleMs);
	for (;;) {
		const now = await stateNow(host.client());
		if (now === null || !now.draining) return;
		const open = now.openRequests === 1 ? "one request is" : `${now.openRequests} requests are`;
		tell(`${open} still open`);
		if (performance.now() > limit)
			throw new Error(
				`After ${drainLimitMs / 1_000} s ${open} still open. New ones go to legacy; nothing was ended. Quit again to wait again.`,
			);
		await delay(lookMs);
	}
}

async function stateNow(client: HostClient | null): Promise<HostState | null> {
	if (client === null) return null;
	try {
		for await (const state of await client.watch({})) return state;
	} catch {
		// It has just gone.
	}
	return null;
}
