import type { CauseCase } from "../../contract/cause.ts";
import { fieldPattern } from "../group.ts";
import { numberOf } from "../suspicion.ts";

/** One number on both sides, with the decimals that each shows. */
export type NumberPair = { index: number; legacy: number; modern: number; legacyDecimals: number; modernDecimals: number };

/** The first difference of each failing case at this field, where both sides are numbers; null as soon as one is not. */
export function pairsAt(field: string, failing: readonly CauseCase[]): NumberPair[] | null {
	const pairs: NumberPair[] = [];
	for (const [index, one] of failing.entries()) {
		const difference = one.differences.find((found) => fieldPattern(found.field) === field);
		if (difference === undefined) continue;
		const [legacy, modern] = [numberOf(difference.legacy), numberOf(difference.modern)];
		if (legacy === null || modern === null) return null;
		pairs.push({ index, legacy, modern, legacyDecimals: decimalsOf(difference.legacy), modernDecimals: decimalsOf(difference.modern) });
	}
	return pairs.length === 0 ? null : pairs;
}

/** Digits behind the point as written; `1.5e-3` has four. */
export function decimalsOf(text: string): number {
	const [mantissa = "", exponent = "0"] = text.toLowerCase().split("e");
	return Math.max(0, (mantissa.split(".")[1]?.replace(/,/g, "").length ?? 0) - Number(exponent));
}

/** Decimals that values of the field have at all: the most that legacy shows, since 12.50 may stand as 12.5. */
export const scaleOf = (pairs: readonly NumberPair[]): number =>
	Math.min(9, Math.max(...pairs.map(({ legacyDecimals }) => legacyDecimals)));
