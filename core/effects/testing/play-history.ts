import type { Attribution } from "../../contract/effects.ts";
import { type AttributionMemory, attribute } from "../index.ts";
import type { BankHistory } from "./bank-history.ts";

export type Played = { finals: Attribution[]; callMs: number[]; mostWaiting: number; memory: AttributionMemory };

/**
 * Calls `attribute` as a follower of live traffic does: every few milliseconds with all that waits, growing and overlapping;
 * a commit is final once every request that was open then has ended.
 */
export function playHistory(history: BankHistory, memory: AttributionMemory, { stepMs = 5, routesThatRead = [] as string[] } = {}): Played {
	const ending = history.exchanges.toSorted((a, b) => a.endedAt - b.endedAt);
	let exchanges: typeof ending = [];
	let commits: typeof history.commits = [];
	let [nextExchange, nextCommit] = [0, 0];
	const played: Played = { finals: [], callMs: [], mostWaiting: 0, memory };
	const until = Math.max(...ending.map((exchange) => exchange.endedAt)) + 50;
	for (let now = 0; now < until; now += stepMs) {
		for (; (ending[nextExchange]?.endedAt ?? Number.POSITIVE_INFINITY) <= now; nextExchange++) {
			const exchange = ending[nextExchange] as (typeof ending)[number];
			if (!routesThatRead.includes(exchange.route ?? "")) exchanges.push(exchange);
		}
		for (; (history.commits[nextCommit]?.at ?? Number.POSITIVE_INFINITY) <= now; nextCommit++)
			commits.push(history.commits[nextCommit] as (typeof commits)[number]);
		if (commits.length === 0) continue;
		exchanges.sort((a, b) => a.startedAt - b.startedAt);
		const openSince = Math.min(
			now,
			...ending
				.slice(nextExchange)
				.filter((exchange) => exchange.startedAt <= now)
				.map((exchange) => exchange.startedAt),
		);
		const from = performance.now();
		const found = attribute(commits, exchanges, memory);
		played.callMs.push(performance.now() - from);
		played.mostWaiting = Math.max(played.mostWaiting, exchanges.length);
		const owned = new Set(found.flatMap((one) => (one.kind === "request" ? [one.seq] : one.kind === "ambiguous" ? one.candidates : [])));
		const finals = found.filter((_, index) => (commits[index]?.at ?? 0) < openSince - 5);
		const gone = new Set(finals.flatMap((one) => (one.kind === "request" ? [one.seq] : one.kind === "ambiguous" ? one.candidates : [])));
		const last = commits[finals.length - 1];
		played.finals.push(...finals);
		commits = commits.slice(finals.length);
		exchanges = exchanges.filter(
			(exchange) => !gone.has(exchange.seq) && (last === undefined || owned.has(exchange.seq) || exchange.startedAt >= last.at),
		);
	}
	return played;
}
