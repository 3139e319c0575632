import type { Blueprint } from "../../contract/blueprint.ts";
import type { CaseId } from "../trials.ts";
import type { Edit } from "./edit.ts";

/** A place where one candidate and legacy differ on one case; texts as compared. */
export type Gap = { field: string; legacy: string; modern: string };

/** What one candidate did with one case; no gaps: every answer and row agreed with legacy. */
export type Outcome = { agrees: boolean; gaps: readonly Gap[] };

/** `result[candidate][case]`. */
export type EvaluateEdits = (candidates: readonly (readonly Edit[])[], cases: readonly CaseId[]) => Promise<Outcome[][]>;

export type EditProblem = {
	blueprint: Blueprint;
	/** Cases to learn from. */
	failing: CaseId[];
	clean: CaseId[];
	/** What the gate holds back from the search: a patch must pass them without having seen them. */
	heldOut: CaseId[];
	/** Request fields of a case, from which a missing condition may be learned. */
	requestOf(id: CaseId): Readonly<Record<string, string>>;
	evaluate: EvaluateEdits;
	/** Milliseconds; what was found by then is what there is. */
	budgetMs: number;
	/** Milliseconds of any steady clock. */
	now(): number;
};

export type EditRepair = {
	/** Empty: nothing may be changed, and `explanation` says why. */
	edits: Edit[];
	explained: CaseId[];
	/** Patches put before the held-out cases, the accepted one included; at most three. */
	tries: { edits: Edit[]; brokeHeldOut: CaseId[] }[];
	candidatesTried: number;
	/** The budget ended the search before every operator had its turn. */
	ranOut: boolean;
	explanation: string;
};
