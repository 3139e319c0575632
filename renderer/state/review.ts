import type { GateResult, Hunk, PatchInfo } from "../../core/contract/run.ts";

export type Mark = "accepted" | "refused";

/** A run of the gate for some hunks, before anything is decided. */
export type Trial = { hunks: readonly string[]; done: number; total: number; gate: GateResult | null };

/** What this window has marked on one patch that waits. The engine knows nothing of it until it is decided. */
export type ReviewDraft = {
	/** The hunk that the keys act on. */
	current: string | null;
	marks: Readonly<Record<string, Mark>>;
	trial: Trial | null;
	/** For those who do not see the marks: what the last key did. */
	said: string;
};

const untouched: ReviewDraft = { current: null, marks: {}, trial: null, said: "" };

export function draftOf(reviews: Readonly<Record<string, ReviewDraft>>, patch: string): ReviewDraft {
	return reviews[patch] ?? untouched;
}

/** The named one, else the newest that waits, else the newest. */
export function shownPatch(patches: readonly PatchInfo[], named: string | null): PatchInfo | undefined {
	return patches.find((patch) => patch.id === named) ?? patches.findLast((patch) => patch.state === "proposed") ?? patches.at(-1);
}

/** The hunk that is looked at: the first until another is chosen. */
export function hunkAt(patch: PatchInfo, current: string | null): { hunk: Hunk; index: number } | null {
	const index = Math.max(
		0,
		patch.hunks.findIndex((hunk) => hunk.id === current),
	);
	const hunk = patch.hunks[index];
	return hunk === undefined ? null : { hunk, index };
}

/**
 * What the marks say: everything while nothing is marked, else just what is accepted; an undecided hunk stays as it is.
 * Empty: nothing would be left to apply.
 */
export function acceptedOf(patch: PatchInfo, { marks }: Pick<ReviewDraft, "marks">): string[] {
	const all = patch.hunks.map((hunk) => hunk.id);
	return Object.keys(marks).length === 0 ? all : all.filter((id) => marks[id] === "accepted");
}
