import { median } from "./figures.ts";
import type { LoadResult } from "./load/load.ts";
import type { Peer } from "./peers/peer.ts";

/** One proxy under one load: medians of the rounds; times in milliseconds. */
export type Row = {
	peer: string;
	/** null: an error voided it, see `errors`. */
	perSecond: number | null;
	least: number;
	most: number;
	/** Microseconds of processor time per request, all processes of the proxy; of its consumer apart. */
	cpu: number;
	consumerCpu: number | null;
	p50: number;
	p99: number;
	memory: number;
	errors: number;
	/** Share of what was mirrored that was dropped on its way to the consumer; null without one. */
	dropped: number | null;
	ofNginx: number | null;
};

export type Round = LoadResult & { cpu: number; consumerCpu: number; memory: number };

export function rowOf(peer: Peer, rounds: readonly Round[], account: { delivered: number; dropped: number } | undefined): Row {
	const of = (pick: (round: Round) => number) => median(rounds.map(pick));
	const errors = rounds.reduce((sum, round) => sum + round.errors, 0);
	const rates = rounds.map(({ perSecond }) => perSecond);
	return {
		peer: peer.name,
		perSecond: errors > 0 ? null : median(rates),
		least: Math.min(...rates),
		most: Math.max(...rates),
		cpu: of(({ cpu }) => cpu),
		consumerCpu: peer.consumer ? of(({ consumerCpu }) => consumerCpu) : null,
		p50: of(({ p50 }) => p50),
		p99: of(({ p99 }) => p99),
		memory: Math.max(...rounds.map(({ memory }) => memory)),
		errors,
		dropped: account ? account.dropped / Math.max(1, account.delivered + account.dropped) : null,
		ofNginx: null,
	};
}
