import type { Gate, Migration } from "../../../core/contract/run.ts";
import { count, duration, plural } from "../../ui/index.ts";

/** What would open a closed gate, as a sentence; the engine's own names of its gates. */
export function opensBy(gate: Gate, { stage, evidence, openFailures }: Migration): string {
	if (gate.opens) return gate.opens;
	const short = numberIn(gate.limit) - numberIn(gate.value);
	switch (gate.name) {
		case "stage":
			return stageOpens(stage);
		case "open mismatches":
			return `A patch that explains ${openFailures === 1 ? "it" : "them"}; its version is then compared from zero.`;
		case "clean requests":
			return `${plural(Math.max(1, Math.ceil(short)), "more clean request")}.`;
		case "mismatch rate, upper bound":
			return evidence.needed === null
				? "A version without open mismatches: each version starts from zero."
				: `${count(evidence.needed)} more clean requests, without one that differs.`;
		case "time in shadow":
		case "time at this weight":
			return `${duration(Math.max(100, short * 1000))} more.`;
		case "requests at this weight":
			return `${plural(Math.max(1, Math.ceil(short)), "more request")} at this weight.`;
		case "weight in force":
			return "The gateway confirms the plan of this weight.";
		case "error rate":
			return "No error of the new service. One beyond the limit takes all clients back to legacy.";
		case "latency":
			return "Faster answers of the new service. When it is proved that they are slower, all clients go back to legacy.";
		case "latency so far":
			return "More answers as fast as legacy's own, of both; until it is clear, the step is not taken.";
		case "paused":
			return "Resume it.";
		default:
			return `It must be ${gate.limit}.`;
	}
}

function stageOpens(stage: Migration["stage"]): string {
	if (stage === "healing") return "A patch that passes its gate.";
	if (stage === "reviewing") return "Your word on the patch.";
	return "Let it go on, or cancel it.";
}

const numberIn = (words: string): number => Number.parseFloat(words.replace(/[^\d.]/g, "")) || 0;

/** Gates that end a canary at once, apart from those that only hold it. */
export const isGuard = ({ name }: Gate): boolean => name === "error rate" || name === "latency" || name === "open mismatches";
