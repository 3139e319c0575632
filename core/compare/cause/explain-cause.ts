import type { CauseFinding, CauseGroup, CauseKind } from "../../contract/cause.ts";
import { fieldPattern } from "../group.ts";
import { numberOf } from "../suspicion.ts";
import { leavesOf } from "./features.ts";
import { hypothesesOf } from "./hypotheses.ts";
import { pairsAt, scaleOf } from "./numbers.ts";
import { growth, splitOf } from "./population.ts";
import { roundingOf } from "./rounding.ts";
import { structureOf } from "./structure.ts";

/**
 * Names the cause of a group of differences, from what is sure to what is likely: what their kinds say; a property that all failing
 * transactions share; one recomputation that explains every case; another rounding; and else how the differences are spread. Pure.
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
		pairs,
		comparable.map((one) => numberOf(leavesOf(one.legacy).get(field) ?? "") ?? 0),
	);
	if (part === null) return found;
	// What no recomputation explains is named by the part that it is about.
	if (found.how !== "hypothesis")
		return { ...found, only: part.words, cause: "attribute", probability: part.probability, evidence: [part.words] };
	return { ...found, only: part.words, evidence: [...found.evidence, part.words] };
}

/** `clean`: legacy's values where both sides agree. */
function arithmetic(pairs: NonNullable<ReturnType<typeof pairsAt>>, clean: readonly number[]): CauseFinding {
	const hypotheses = hypothesesOf(pairs, pairs.length + clean.length);
	const refuted = hypotheses.flatMap(({ words, refutedBy }) => (refutedBy === null ? [] : [{ hypothesis: words, by: refutedBy }]));
	const explained = hypotheses.find(({ refutedBy }) => refutedBy === null);
	if (explained !== undefined) {
		const evidence = [`${explained.words}, in all ${pairs.length} cases`];
		return { cause: explained.cause, probability: 1, only: null, how: "hypothesis", evidence, refuted };
	}
	const unit = 10 ** -scaleOf(pairs);
	const rounding = roundingOf(pairs, clean);
	if (rounding === null) return { ...spread(pairs, unit), refuted };
	return { cause: rounding.cause, probability: rounding.probability, only: null, how: "hypothesis", evidence: [rounding.words], refuted };
}

/** No recomputation explains it: how large the gaps are, to which side, and whether they grow. */
function spread(pairs: NonNullable<ReturnType<typeof pairsAt>>, unit: number): Omit<CauseFinding, "refuted"> {
	const relative = pairs.map(({ legacy, modern }) => Math.abs(modern - legacy) / Math.max(Math.abs(legacy), unit));
	const [largest, tau] = [Math.max(...relative), growth(pairs)];
	const up = pairs.filter(({ legacy, modern }) => modern > legacy).length;
	const figures = `${up} of ${pairs.length} higher, at most ${(100 * largest).toPrecision(3)} %, growth with the amount ${tau.toFixed(2)} (Kendall's tau)`;
	const found = (cause: CauseKind, probability: number, words: string): Omit<CauseFinding, "refuted"> => ({
		...{ cause, probability, only: null, how: "population", evidence: [`${words}: ${figures}`] },
	});
	if (largest < 3e-7) return found("number type", 0.7, "binary32 keeps 24 bits");
	// A constant amount was refuted: what is left to one side is some factor, the more so where it grows.
	if (Math.min(up, pairs.length - up) <= pairs.length / 10) return found("rate", tau > 0.2 ? 0.6 : 0.5, "to one side");
	return largest < 0.05
		? found("order of operations", 0.6, "small, and to both sides")
		: found("rate", 0.4, "to both sides, and not small");
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
