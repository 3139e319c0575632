import { setTimeout as delay } from "node:timers/promises";
import type { Attribution } from "../../../contract/effects.ts";
import type { Exchange } from "../../../contract/traffic.ts";
import { createAttributionMemory } from "../../../effects/index.ts";
import { ownersOf, slackMs } from "../owners.ts";
import type { Followed } from "./legacy.ts";

export type Live = { finals: Attribution[]; roundMs: number[]; stop(): Promise<void> };

/** Attributes what arrives as the lane does: every 100 ms, in rounds of the lane's size, each commit once it is settled. */
export function attributeLive(followed: Followed, gatherMs = 100): Live {
	const memory = createAttributionMemory();
	const live: Live = { finals: [], roundMs: [], stop: async () => {} };
	let isOver = false;
	let candidates: Exchange[] = [];
	let taken = 0;

	async function pump(): Promise<void> {
		const settled = followed.openSince() - slackMs;
		candidates.push(...followed.exchanges.slice(taken));
		taken = followed.exchanges.length;
		await followed.drain();
		for (;;) {
			const waiting = followed.commits.slice(live.finals.length);
			const since = waiting[0]?.since ?? settled;
			candidates = candidates.filter((exchange) => exchange.endedAt + slackMs >= Math.min(since, settled));
			const from = performance.now();
			const { found, decided } = ownersOf(waiting, candidates, memory);
			live.roundMs.push(performance.now() - from);
			const count = waiting.slice(0, decided).findIndex((commit) => commit.at >= settled);
			const finals = found.slice(0, count < 0 ? decided : count);
			live.finals.push(...finals);
			if (finals.length === 0 || finals.length === waiting.length) return;
		}
	}

	const running = (async () => {
		while (!isOver) {
			await delay(gatherMs);
			await pump();
		}
	})();
	live.stop = async () => {
		// Until the last request is settled.
		await followed.drain();
		const last = Math.max(followed.commits.at(-1)?.at ?? 0, ...followed.exchanges.map((exchange) => exchange.endedAt));
		for (let tries = 0; followed.openSince() <= last + 2 * slackMs && tries < 200; tries++) await delay(50);
		isOver = true;
		await running;
		await pump();
	};
	return live;
}
