import type { Migration, Policy, RunCommand, RunEvent } from "../../contract/run.ts";
import { newMigration, transition } from "../index.ts";

/** A service that is compared: one branch that every request takes, and `shares.length` of which each takes one. */
export type World = {
	policy: Policy;
	/** Of the requests; sums to 1. */
	shares: readonly number[];
	/** True mismatch rate of the requests that take this branch. */
	rates: readonly number[];
	/** `failed` counts against and stays closed by itself; `mismatched` stays open until nobody finds a patch and somebody insists. */
	fault: "failed" | "mismatched";
	/** Requests at most, one a second. */
	horizon: number;
};

/** mulberry32: a small seeded generator of numbers in [0, 1). */
export function seeded(seed: number): () => number {
	let state = seed | 0;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
}

/**
 * Requests until the arbiter sends the first client to the new service, looking after every single one; null within the horizon.
 * The people of this world are the worst case: no patch is ever found, and whoever is asked lets it go on.
 */
export function requestsUntilCanary({ policy, shares, rates, fault, horizon }: World, random: () => number): number | null {
	let state: Migration = newMigration("simulated", 0);
	let opened = false;
	const dispatch = (event: RunEvent): void => {
		let commands: RunCommand[];
		[state, commands] = transition(state, event, policy);
		for (const command of commands) {
			if (command.kind === "route" && command.weight > 0) opened = true;
			if (command.kind === "heal") dispatch({ kind: "noPatch", at: event.at, reason: "none explains it" });
		}
		if (state.stage === "held") dispatch({ kind: "retry", at: event.at });
	};
	const branches = ["entry", ...shares.map((_, index) => `branch ${index + 1}`)];
	dispatch({ kind: "start", at: 0 });
	dispatch({ kind: "extracted", at: 0, routes: ["GET /simulated"] });
	dispatch({ kind: "generated", at: 0, version: 1 });
	const named = branches.map((words, line) => ({ id: words, words, file: "simulated.py", line: line + 1 }));
	dispatch({ kind: "deployed", at: 0, version: 1, branches: named });
	for (let request = 1; request <= horizon; request++) {
		const branch = draw(shares, random());
		const isWrong = random() < (rates[branch] as number);
		const failed = isWrong && fault === "failed";
		dispatch({ kind: "verdict", at: request * 1000, version: 1, clean: !isWrong, failed, branches: [0, branch + 1] });
		if (opened) return request;
	}
	return null;
}

function draw(shares: readonly number[], at: number): number {
	let sum = 0;
	for (const [index, share] of shares.entries()) {
		sum += share;
		if (at < sum) return index;
	}
	return shares.length - 1;
}
