import type { Site } from "../contract/blueprint.ts";
import type { Candidate, CaseId } from "./trials.ts";

/** Which drift causes a suspicion speaks for, besides the cause of the same name. */
const speaksFor: Record<string, string[]> = {
	validation: ["number parsing", "two-digit year", "modulo of negatives", "integer precision"],
	"number format": ["number parsing"],
	"text format": ["number format"],
	"storage class": ["number format", "number parsing"],
	sign: ["modulo of negatives", "integer division"],
	rounding: ["number format"],
};

/** How well the causes of a candidate's sites agree with what the failing cases look like; higher is better. */
export function preferenceOf(sites: Site[], failing: CaseId[], suspicions: Record<CaseId, string[]>): (candidate: Candidate) => number {
	const votes = new Map<string, number>();
	const vote = (cause: string, weight: number): void => void votes.set(cause, (votes.get(cause) ?? 0) + weight);
	for (const id of failing) {
		for (const suspicion of new Set(suspicions[id] ?? [])) {
			vote(suspicion, 2);
			for (const cause of speaksFor[suspicion] ?? []) vote(cause, 1);
		}
	}
	return (candidate) => candidate.reduce((sum, index) => sum + (votes.get(sites[index]?.cause ?? "") ?? 0), 0);
}
