import { expect, test } from "vitest";
import type { Commit } from "../../contract/effects.ts";
import { createAttributionMemory } from "../../effects/index.ts";
import { ownersOf } from "./owners.ts";

/** Seen late: each was committed at some time after `since`, and all were found in one look at 500. */
const commits = Array.from({ length: 200 }, (_, index): Commit => {
	const row = { table: "beats", key: String(index), kind: "insert", before: null, after: { n: { i: String(70_000 + index) } } } as const;
	return { index: index + 1, since: 100, at: 500, changes: [row] };
});

test("[L1] a request is not said to have made no commit while one beyond the round may be its own", () => {
	const round = ownersOf(commits, [], createAttributionMemory());
	expect(round.decided).toBeLessThan(round.found.length);
	// Not 500: the next one may have been committed right after 100, by a request that had ended long before it was seen.
	expect(round.knownUntil).toBe(100);
});

test("[L1] when every commit that waits is in the round, nothing is left open", () => {
	const round = ownersOf(commits.slice(0, 5), [], createAttributionMemory());
	expect(round).toMatchObject({ decided: 5, knownUntil: Number.POSITIVE_INFINITY });
	expect(round.found).toHaveLength(5);
});
