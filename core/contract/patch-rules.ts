import type { Migration, Patch } from "./run.ts";

/** What the rules ask of a patch. */
type Known = Pick<Patch, "id" | "function" | "state" | "from" | "to" | "revertedTo">;

/** The version whose choices this one has: itself, unless it was made by reverting. */
export function sameAs(version: number, functionName: string, patches: readonly Known[]): number {
	const undone = patches.find((patch) => patch.function === functionName && patch.state === "reverted" && patch.revertedTo === version);
	return undone === undefined ? version : sameAs(undone.from, functionName, patches);
}

/** Why an applied patch cannot be taken back now, as half a sentence; null when it can. */
export function whyNotReverted(patch: Known, migration: Migration | undefined, patches: readonly Known[]): string | null {
	if (patch.state !== "applied") return `patch ${patch.id} is ${patch.state}`;
	if (migration === undefined) return `no migration of ${patch.function} is under way`;
	const { stage, version } = migration;
	if (patch.to > version) return `version ${patch.to} is just being put in place`;
	if (patch.to !== sameAs(version, patch.function, patches)) return `version ${version} was made by a later patch`;
	const isFree = ["shadowing", "reviewing", "held", "canary"].includes(stage) || (stage === "healing" && migration.patch === null);
	return isFree ? null : `${patch.function} is ${stage}`;
}

/** Why a refused patch cannot be put up again now; null when it can. */
export function whyNotReopened(patch: Known, migration: Migration | undefined): string | null {
	if (patch.state !== "refused") return `patch ${patch.id} was not refused`;
	if (migration === undefined) return `no migration of ${patch.function} is under way`;
	const { stage, version } = migration;
	const isFree = version === patch.from && migration.patch === null && (stage === "held" || stage === "shadowing");
	return isFree ? null : `${patch.function} is ${stage} with version ${version}`;
}
