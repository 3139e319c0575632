import { Fault } from "../base/index.ts";
import type { ExprId } from "../contract/ir.ts";

export type CaseId = string;

/** Runs each candidate over all cases: `result[candidate][case]` is true when every answer and row agreed with legacy. */
export type Evaluate = (candidates: ExprId[][], cases: CaseId[], signal?: AbortSignal) => Promise<boolean[][]>;

/** A set of sites that become exact, as ascending indexes into the list of sites. */
export type Candidate = readonly number[];

export type Trials = {
	/** Makes the outcome of every candidate on every case known, in one batch; asks nothing twice. */
	run(candidates: Candidate[], cases: readonly CaseId[]): Promise<void>;
	/** Of a pair that was run; anything else is a bug of the search. */
	passes(candidate: Candidate, id: CaseId): boolean;
	passesAll(candidate: Candidate, cases: readonly CaseId[]): boolean;
	/** Distinct candidates that were run, without the present code. */
	readonly tried: number;
	readonly batches: number;
};

/** Remembers outcomes, so that the search may ask as its logic goes while the evaluator sees few large batches. */
export function createTrials(ids: ExprId[], evaluate: Evaluate, signal?: AbortSignal): Trials {
	const known = new Map<string, Map<CaseId, boolean>>();
	let batches = 0;
	const outcomesOf = (candidate: Candidate): Map<CaseId, boolean> => {
		const key = candidate.join();
		const outcomes = known.get(key) ?? new Map<CaseId, boolean>();
		known.set(key, outcomes);
		return outcomes;
	};
	const passes = (candidate: Candidate, id: CaseId): boolean => {
		const outcome = known.get(candidate.join())?.get(id);
		if (outcome === undefined) throw new Error(`candidate ${candidate.join()} was not run on case ${id}`);
		return outcome;
	};
	return {
		async run(candidates, cases) {
			const distinct = [...new Map(candidates.map((candidate) => [candidate.join(), candidate])).values()];
			const fresh = distinct.filter((candidate) => cases.some((id) => !outcomesOf(candidate).has(id)));
			const open = cases.filter((id) => fresh.some((candidate) => !outcomesOf(candidate).has(id)));
			if (fresh.length === 0) return;
			if (signal?.aborted) {
				throw new Fault("CANCELLED", { what: "The search for a patch", safe: "The running service was not changed." });
			}
			batches++;
			const results = await evaluate(
				fresh.map((candidate) => candidate.map((index) => ids[index] as ExprId)),
				open,
				signal,
			);
			for (const [row, candidate] of fresh.entries()) {
				for (const [column, id] of open.entries()) {
					const outcome = results[row]?.[column];
					if (outcome === undefined) throw new Error(`the evaluation gave no outcome for candidate ${row}, case ${id}`);
					outcomesOf(candidate).set(id, outcome);
				}
			}
		},
		passes,
		passesAll: (candidate, cases) => cases.every((id) => passes(candidate, id)),
		get tried() {
			return [...known].filter(([key, outcomes]) => key !== "" && outcomes.size > 0).length;
		},
		get batches() {
			return batches;
		},
	};
}
