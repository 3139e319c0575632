import type { Edit } from "./edit.ts";
import { shortName } from "./nodes.ts";
import type { EditRepair } from "./problem.ts";

type Facts = {
	edits: readonly Edit[];
	failing: number;
	clean: number;
	heldOut: number;
	tries: EditRepair["tries"];
	candidatesTried: number;
	ranOut: boolean;
};

/** What was found, in sentences for the architect and the journal. */
export function explainEdits({ edits, failing, clean, heldOut, tries, candidatesTried, ranOut }: Facts): string {
	if (failing === 0) return "None of the failures occurred again.";
	const refused = tries.filter(({ brokeHeldOut }) => brokeHeldOut.length > 0);
	const guarded = refused.map(
		({ edits: of, brokeHeldOut }) =>
			`${of.map(sentence).join(" ")} This was refused: ${count(brokeHeldOut.length, "held-out case")} did not agree.`,
	);
	if (edits.length === 0) {
		const why = ranOut ? "before the time was over" : "that the operators know";
		return [
			`No change ${why} explains ${count(failing, "failure")} and keeps ${count(clean, "clean case")} (${count(candidatesTried, "candidate")} tried).`,
			...guarded,
		].join(" ");
	}
	const gate = `${count(failing, "failure")} explained; ${count(clean, "clean case")} and ${count(heldOut, "held-out case")} agree.`;
	return [...edits.map(sentence), gate, ...guarded].join(" ");
}

const sentence = ({ holder, span, kind, now, then }: Edit): string =>
	`${shortName(holder)} (${span.file}:${span.line}): the service ${now}; legacy ${then} (${kind}).`;

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;
