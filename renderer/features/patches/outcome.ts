import { whyNotReverted } from "../../../core/contract/patch-rules.ts";
import type { GateResult, Migration, PatchInfo } from "../../../core/contract/run.ts";
import { acceptedOf, type ReviewDraft } from "../../state/index.ts";
import { count, plural } from "../../ui/index.ts";

export type Outcome = {
	tone: "plain" | "good" | "warn" | "bad";
	text: string;
	/** What follows beyond the numbers. */
	then: string;
	/** The gate is being run for it. */
	isTrying: boolean;
};

/** What will happen when it is decided as marked; for a decided patch, what taking it back would do. */
export function outcomeOf(patch: PatchInfo, draft: ReviewDraft, migration: Migration | undefined, patches: readonly PatchInfo[]): Outcome {
	switch (patch.state) {
		case "proposed":
			return ofMarks(patch, draft);
		case "applied":
			return ofRevert(patch, migration, patches);
		case "refused":
			return say(
				"warn",
				"Refused: legacy serves, and the function is held.",
				"Putting it up again asks you once more; nothing else changes.",
			);
		case "reverted":
			return say(
				"plain",
				`Reverted: version ${patch.revertedTo ?? "?"} has the choices of version ${patch.from} again.`,
				"Its evidence began at zero.",
			);
		case "withdrawn":
			return say("plain", `Fell away: version ${patch.from}, for which it was made, runs no more.`, "");
	}
}

/** The part of the patch that must be tried before anything can be said of it; null when nothing must. */
export function untried(patch: PatchInfo, draft: ReviewDraft): string[] | null {
	if (patch.state !== "proposed") return null;
	const chosen = acceptedOf(patch, draft);
	if (chosen.length === 0 || chosen.length === patch.hunks.length) return null;
	return draft.trial?.hunks.join() === chosen.join() ? null : chosen;
}

function ofMarks(patch: PatchInfo, draft: ReviewDraft): Outcome {
	const chosen = acceptedOf(patch, draft);
	const all = patch.hunks.length;
	if (chosen.length === 0) {
		const refused = patch.hunks.filter((hunk) => draft.marks[hunk.id] === "refused").length;
		if (refused === all) return say("warn", "The patch is refused: the function is held and legacy serves.", "You can take that back.");
		return say("plain", `${refused} of ${plural(all, "hunk")} refused, none accepted yet.`, "Accept one, or refuse all of them.");
	}
	if (chosen.length === all)
		return ofNumbers(patch, all, { ...patch.gate, open: patch.gate.failing.total - patch.gate.failing.passed, passed: true });
	const { trial } = draft;
	if (trial === null || trial.hunks.join() !== chosen.join())
		return {
			...say("plain", `Version ${patch.to} with ${chosen.length} of ${all} places exact.`, "It is tried on every case in a moment."),
			isTrying: true,
		};
	if (trial.gate === null) {
		const done = trial.total === 0 ? "the gate is being prepared" : `${count(trial.done)} of ${count(trial.total)} cases run`;
		return { ...say("plain", `Version ${patch.to} with ${chosen.length} of ${all} places exact:`, `${done}.`), isTrying: true };
	}
	return ofNumbers(patch, chosen.length, { ...trial.gate, open: trial.gate.open.length });
}

type Numbers = Pick<GateResult, "failing" | "clean" | "passed"> & { open: number };

function ofNumbers(patch: PatchInfo, exact: number, { failing, clean, open, passed }: Numbers): Outcome {
	const all = patch.hunks.length;
	const places = exact === all ? (all === 1 ? "the place" : `all ${all} places`) : `${exact} of ${all} places`;
	const keeps =
		clean.passed === clean.total
			? `${plural(clean.total, "clean case stays clean", "clean cases stay clean")}`
			: `${count(clean.total - clean.passed)} of ${plural(clean.total, "clean case")} would differ`;
	const text = `Version ${patch.to} with ${places} exact: explains ${count(failing.passed)} of ${plural(failing.total, "failing case")}, ${keeps}.`;
	if (!passed) return say("bad", text, "The gate refuses this: it would make something worse, or explain nothing.");
	const rest = open === 0 ? "" : `${plural(open, "case stays different and goes", "cases stay different and go")} on being collected. `;
	return say("good", text, `${rest}It runs in shadow first; its evidence begins at zero.`);
}

function ofRevert(patch: PatchInfo, migration: Migration | undefined, patches: readonly PatchInfo[]): Outcome {
	const part =
		patch.decision !== null && patch.decision.hunks.length < patch.hunks.length
			? ` with ${patch.decision.hunks.length} of ${patch.hunks.length} places exact`
			: "";
	const applied = `Applied as version ${patch.to}${part}.`;
	const reason = whyNotReverted(patch, migration, patches);
	if (reason !== null || migration === undefined) return say("good", applied, `It cannot be reverted now: ${reason}.`);
	const first =
		migration.stage === "canary"
			? `Reverting takes all clients back to legacy first (now ${migration.canary?.weight ?? 0} % are on version ${migration.version}), then puts`
			: "Reverting puts";
	return say(
		"good",
		applied,
		`${first} version ${migration.version + 1} with the choices of version ${patch.from} in its place; evidence starts again at zero.`,
	);
}

const say = (tone: Outcome["tone"], text: string, then: string): Outcome => ({ tone, text, then, isTrying: false });
