import type { Choices, Site } from "../contract/blueprint.ts";
import type { ExprId } from "../contract/ir.ts";
import type { CaseId, Evaluate } from "./trials.ts";

export type RepairProblem = {
	/** Every drift site of the service, in any state. */
	sites: Site[];
	/** Those of the running version. */
	choices: Choices;
	failing: CaseId[];
	clean: CaseId[];
	/** First readings of the differences of each failing case; they decide ties only. */
	suspicions?: Record<CaseId, string[]>;
	/** A candidate lists the sites that become exact in addition to those that are exact already. */
	evaluate: Evaluate;
};

export type Repair = {
	/** To be made exact, in source order; empty: nothing may be changed, and `explanation` says why. */
	sites: Site[];
	/** Distinct drift causes of the sites, joined by commas. */
	cause: string;
	explained: CaseId[];
	unexplained: CaseId[];
	/** Failed live, but pass with the present code: not the code's fault, or not repeatable. */
	notReproduced: CaseId[];
	/** `clean.total` leaves out clean cases that the present code does not pass when repeated. */
	gate: { failing: { passed: number; total: number }; clean: { passed: number; total: number } };
	/** Other sets of the same size that explain as much. */
	ties: ExprId[][];
	candidatesTried: number;
	/** Calls of `evaluate`. */
	batches: number;
	explanation: string;
};
