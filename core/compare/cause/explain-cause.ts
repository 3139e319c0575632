import type { CauseFinding, CauseGroup } from "../../contract/cause.ts";
import { fieldPattern } from "../group.ts";
import { numberOf } from "../suspicion.ts";
import { classify, leastProbability } from "./classifier.ts";
import { leavesOf } from "./features.ts";
import { hypothesesOf } from "./hypotheses.ts";
import { pairsAt, scaleOf } from "./numbers.ts";
import { growth, splitOf } from "./population.ts";
import { isSure, roundingOf } from "./rounding.ts";
import { shareOf } from "./share.ts";
import { structureOf } from "./structure.ts";

/**
 * Names the cause of a group of differences, from what is sure to what is likely: what their kinds say; a property that all failing
 * transactions share; one recomputation that explains every case; another rounding; and else what the trained classifier makes of how they are spread. Pure.
 */
export function explainCause(group: CauseGroup): CauseFinding {
	const { field, failing, clean } = group;
	const base = { only: null, evidence: [], refuted: [] };
	if (failing.length === 0) return { ...base, cause: "unknown", probability: 0, how: "none" };
	const edge = splitOf(failing, clean);
	if (edge?.cause === "boundary")
		return { ...base, cause: "boundary", probability: edge.probability, how: "population", evidence: [edge.words] };
	const structure = structureOf(field, failing);
	if (structure !== null)
		return { ...base, cause: structure.cause, probability: structure.probability, how: "structure", evidence: [structure.words] };
	const pairs = pairsAt(field, failing);
	if (pairs === null) return { ...base, cause: "unknown", probability: 0, how: "none" };
	// Clean transactions in which the field means something: a part of the population only differs from those.
	const comparable = clean.filter((one) => (numberOf(leavesOf(one.legacy).get(field) ?? "") ?? 0) !== 0);
	const part = splitOf(failing, comparable);
	const found = arithmetic(
		failing,
		pairs,
		comparable.map((one) => numberOf(leavesOf(one.legacy).get(field) ?? "") ?? 0),
	);
	if (part === null) return found;
	if (part.cause === "boundary")
		return { ...found, cause: "boundary", probability: part.probability, how: "population", evidence: [part.words, ...found.evidence] };
	// What no recomputation explains is named by the part that it is about.
	if (found.how !== "hypothesis")
		return { ...found, only: part.words, cause: "attribute", probability: part.probability, how: "population", evidence: [part.words] };
	return { ...found, only: part.words, evidence: [...found.evidence, part.words] };
}

/** `clean`: legacy's values where both sides agree. */
function arithmetic(
	failing: CauseGroup["failing"],
	pairs: NonNullable<ReturnType<typeof pairsAt>>,
	clean: readonly number[],
): CauseFinding {
	const hypotheses = hypothesesOf(pairs, pairs.length + clean.length);
	const refuted = hypotheses.flatMap(({ words, refutedBy }) => (refutedBy === null ? [] : [{ hypothesis: words, by: refutedBy }]));
	const explained = hypotheses.find(({ refutedBy }) => refutedBy === null);
	if (explained !== undefined) {
		const evidence = [`${explained.words}, in all ${pairs.length} cases`];
		return { cause: explained.cause, probability: 1, only: null, how: "hypothesis", evidence, refuted };
	}
	const rounding = roundingOf(pairs, clean);
	if (rounding !== null && isSure(rounding))
		return { cause: rounding.cause, probability: rounding.probability, only: null, how: "hypothesis", evidence: [rounding.words], refuted };
	const share = rounding === null ? shareOf(pairs, failing) : null;
	if (share !== null) return { cause: share.cause, probability: 1, only: null, how: "hypothesis", evidence: [share.words], refuted };
	const left = rest(pairs, clean);
	// A rounding that is not sure stands unless the figures speak more strongly for something else.
	if (rounding !== null && (rounding.probability >= left.probability || rounding.cause === left.cause))
		return { cause: rounding.cause, probability: rounding.probability, only: null, how: "hypothesis", evidence: [rounding.words], refuted };
	return { ...left, refuted };
}

/** [C54] to [C56]: how the gaps are spread; never named with certainty. `clean`: legacy's values where both sides agree. */
function rest(pairs: NonNullable<ReturnType<typeof pairsAt>>, clean: readonly number[]): Omit<CauseFinding, "refuted"> {
	const unit = 10 ** -scaleOf(pairs);
	const largest = Math.max(...pairs.map(({ legacy, modern }) => Math.abs(modern - legacy) / Math.max(Math.abs(legacy), unit)));
	const up = pairs.filter(({ legacy, modern }) => modern > legacy).length;
	const figures = `${up} of ${pairs.length} higher, at most ${(100 * largest).toPrecision(3)} %, growth with the amount ${growth(pairs).toFixed(2)} (Kendall's tau)`;
	if (largest < 3e-7)
		return { cause: "number type", probability: 0.7, only: null, how: "population", evidence: [`binary32 keeps 24 bits: ${figures}`] };
	const { cause, probability, reasons } = classify(pairs, clean);
	const likeliest = `by the trained classifier ${cause} is likeliest, in ${Math.round(100 * probability)} of 100 groups like this`;
	if (probability < leastProbability)
		return { cause: "unknown", probability: 0, only: null, how: "none", evidence: [`${likeliest}: too few to name it`, figures] };
	return { cause, probability, only: null, how: "classifier", evidence: [likeliest, ...reasons, figures] };
}

/** The fields that most of the cases share. */
function commonFields(failing: CauseGroup["failing"]): string[] {
	const counts = new Map<string, number>();
	for (const { differences } of failing)
		for (const field of new Set(differences.map((one) => fieldPattern(one.field)))) counts.set(field, (counts.get(field) ?? 0) + 1);
	const most = Math.max(0, ...counts.values());
	return [...counts].filter(([, count]) => count === most).map(([field]) => field);
}

const fieldsTried = 12;

/**
 * The cause of transactions of one route that differ, read at the field that says most about it: of those that most cases share the first
 * that is explained best, since what is calculated from a wrong value is wrong too.
 */
export function causeOf(failing: CauseGroup["failing"], clean: CauseGroup["clean"]): { field: string; finding: CauseFinding } {
	const [first = "", ...others] = commonFields(failing).slice(0, fieldsTried);
	let best = { field: first, finding: explainCause({ field: first, failing, clean }) };
	for (const field of others) {
		if (best.finding.probability === 1) break;
		const finding = explainCause({ field, failing, clean });
		if (finding.probability > best.finding.probability) best = { field, finding };
	}
	return best;
}
