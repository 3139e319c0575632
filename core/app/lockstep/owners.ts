import type { Attribution, Commit } from "../../contract/effects.ts";
import type { Exchange } from "../../contract/traffic.ts";
import { type AttributionMemory, attribute } from "../../effects/index.ts";

/** Clocks of two processes of one machine agree better than this. */
export const slackMs = 5;
/** Commits that are attributed together; behind by more, the lane works in steps of constant cost. */
const batchSize = 64;

/** `decided`: the first commits, with the answers that are final as soon as every request that could have made them is known. */
export type Round = {
	found: Attribution[];
	/** How many of the first commits may be handled now. */
	decided: number;
	/** Requests that may have made one of the commits of this round. */
	owned: Set<number>;
	/** A request that was still open at this time may have made a commit beyond the round: the first of those was made after it. */
	knownUntil: number;
};

/** Attributes the first commits that wait to the exchanges that were open then. */
export function ownersOf(commits: readonly Commit[], exchanges: readonly Exchange[], memory: AttributionMemory): Round {
	const batch = commits.slice(0, batchSize);
	const [from, to] = [batch[0]?.since ?? 0, batch.at(-1)?.at ?? 0];
	const isNear = (exchange: Exchange) => exchange.startedAt <= to && exchange.endedAt + slackMs >= from;
	const found = batch.length === 0 ? [] : attribute(batch, exchanges.filter(isNear), memory);
	const owned = new Set(found.flatMap((one) => (one.kind === "request" ? [one.seq] : one.kind === "ambiguous" ? one.candidates : [])));
	const beyond = commits[batch.length];
	// The last of a full batch may compete with commits beyond it: they are looked at again with those.
	const decided = beyond === undefined ? batch.length : Math.ceil(batch.length / 2);
	return { found, decided, owned, knownUntil: beyond?.since ?? Number.POSITIVE_INFINITY };
}
