import type { BranchName } from "../contract/branches.ts";
import { against } from "../contract/outcome.ts";
import type { BranchEvidence, Evidence, Migration, Policy, RunCommand, Stage } from "../contract/run.ts";
import { freshBranches, ruleAhead, weighedBranches } from "./branches.ts";
import { cleanNeeded, upperBound } from "./confidence.ts";

export type Step = [Migration, RunCommand[]];

/** A migration that waits for `start`. `at`: milliseconds since the epoch. */
export function newMigration(functionName: string, at: number): Migration {
	return {
		function: functionName,
		routes: [],
		stage: "waiting",
		since: at,
		paused: false,
		version: 0,
		evidence: noEvidence(0),
		totals: { compared: 0, mismatched: 0, failed: 0 },
		openFailures: 0,
		firstFailureAt: null,
		healAttempts: 0,
		patch: null,
		canary: null,
		gates: [],
		reason: "waits for the start of the run",
	};
}

/** [A60] Of a version that nothing was compared with yet; which branches are live is remembered from `before`. */
export function noEvidence(version: number, names?: BranchName[], before?: BranchEvidence[]): Evidence {
	const branches = freshBranches(names, before);
	const none = { version, clean: 0, mismatched: 0, failed: 0, bound: 1, needed: null };
	return branches === undefined ? none : { ...none, branches };
}

/** Counts stay; the bound and what is still needed follow from them. */
export function weighed(migration: Migration, policy: Policy): Migration {
	const { clean } = migration.evidence;
	const k = against(migration.evidence);
	const counts = { n: clean + k, k, alpha: policy.alpha };
	const { minClean, maxMismatchRate } = policy.shadow;
	const more = cleanNeeded({ ...counts, limit: maxMismatchRate });
	const needed = migration.openFailures > 0 || more === null ? null : Math.max(more, minClean - clean, 0);
	return { ...migration, evidence: { ...migration.evidence, bound: upperBound(counts), needed } };
}

/** [A63] What each branch still needs depends on the weight that is next and on open mismatches. */
export function weighedAnew(before: Migration, next: Migration, policy: Policy): Migration {
	const { branches } = next.evidence;
	if (branches === undefined) return next;
	const isSame =
		next.evidence.version === before.evidence.version &&
		ruleAhead(before, policy)?.weight === ruleAhead(next, policy)?.weight &&
		before.openFailures > 0 === next.openFailures > 0;
	if (isSame) return next;
	return { ...next, evidence: { ...next.evidence, branches: weighedBranches(next, policy) ?? branches } };
}

/** What is held keeps where it was stopped. */
export function enter({ heldIn, ...migration }: Migration, stage: Stage, at: number, reason: string): Migration {
	const entered = { ...migration, stage, since: at, reason };
	if (stage !== "held") return entered;
	return { ...entered, heldIn: migration.stage === "held" ? (heldIn ?? "held") : migration.stage };
}

/** Deployed at least once: there is a service that could be shadowed. */
export const isDeployed = (migration: Migration): boolean => migration.evidence.version > 0;

export const hasTraffic = (migration: Migration): boolean => migration.stage === "canary" || migration.stage === "promoted";

/** All clients to legacy, at once; `stage` says what happens next. */
export function rollBack(migration: Migration, stage: "shadowing" | "held", at: number, reason: string): Step {
	return [
		{ ...enter(migration, stage, at, reason), canary: null },
		[
			{ kind: "route", weight: 0 },
			{ kind: "note", text: `back to legacy: ${reason}` },
		],
	];
}
