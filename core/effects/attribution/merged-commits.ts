import type { Attribution } from "../../contract/effects.ts";
import type { KnownCommit, KnownExchange } from "./attribution-memory.ts";

/**
 * A commit that is the net change of several transactions [A16] belongs to all who may have made one of them: it is ambiguous, and
 * so is a commit beside it that was given to one of those, whose own may be among the merged. Nothing is learned from either.
 */
export function nameMerged(
	found: readonly { entry: KnownCommit; found: Attribution }[],
	exchanges: readonly KnownExchange[],
	slackMs: number,
): Attribution[] {
	const merged = found.filter(({ entry }) => entry.commit.merged !== undefined);
	if (merged.length === 0) return found.map((one) => one.found);
	const makers = new Map(merged.map(({ entry }) => [entry, exchanges.filter((known) => meets(entry, known, slackMs))]));
	const givenUp = new Set([...makers.values()].flat().map((known) => known.exchange.seq));
	return found.map(({ entry, found: one }): Attribution => {
		const among = makers.get(entry);
		if (among !== undefined) {
			forget(entry);
			for (const known of among) known.suspected = known.call;
			return { kind: "ambiguous", commit: one.commit, candidates: among.map((known) => known.exchange.seq) };
		}
		if (one.kind !== "request" || !givenUp.has(one.seq)) return one;
		forget(entry);
		return { kind: "ambiguous", commit: one.commit, candidates: [one.seq] };
	});
}

function forget(entry: KnownCommit): void {
	entry.lesson = null;
	entry.concluded = null;
}

function meets({ commit }: KnownCommit, { exchange }: KnownExchange, slackMs: number): boolean {
	return exchange.startedAt <= commit.at && commit.since <= exchange.endedAt + slackMs;
}
