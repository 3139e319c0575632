import type { Difference, Verdict } from "../contract/verdict.ts";

/**
 * A mismatch that somebody has accepted beforehand: the same version, with legacy's rounding at the named places and otherwise equal, is
 * clean on this request (`reference`), and what differs without it are numbers alone: amounts, each by exactly one unit of the decimals
 * that one of the places rounds to, and whole numbers that are computed from them. Anything else is the mismatch that it was: one unit alone
 * proves no rounding, a rounding elsewhere was not accepted, and neither was another decision that follows from it.
 */
export function acceptedRounding(verdict: Verdict, reference: Verdict, places: readonly AcceptedPlace[]): Verdict {
	const isExplained = reference.kind === "identical" || reference.kind === "equivalent";
	const digits = [...new Set(places.map((one) => one.digits))];
	const isUnit = (one: Difference): boolean => digits.some((few) => isOneUnit(one, few));
	const follows = (one: Difference): boolean => digits.every((few) => few > 0) && WHOLE.test(one.legacy) && WHOLE.test(one.modern);
	const { differences } = verdict;
	const isBorne = differences.some(isUnit) && differences.every((one) => isUnit(one) || follows(one));
	if (verdict.kind !== "mismatch" || !isExplained || !isBorne) return verdict;
	return { ...verdict, kind: "accepted", reason: `rounded otherwise at ${places.map(({ place }) => place).join(", ")}, as was accepted` };
}

/** `digits`: decimals that it rounds to; below zero tens, hundreds and so on. */
export type AcceptedPlace = { place: string; digits: number };

const WHOLE = /^-?\d{1,15}$/;
const PLAIN = /^(-?)(\d+)(?:\.(\d+))?$/;

/** Both sides are decimal numbers, however many zeros they trail, and apart by 10 to the power of minus `digits`. */
function isOneUnit({ legacy, modern }: Difference, digits: number): boolean {
	const [a, b] = [PLAIN.exec(legacy), PLAIN.exec(modern)];
	if (a === null || b === null) return false;
	const places = Math.max(a[3]?.length ?? 0, b[3]?.length ?? 0, digits);
	const scaled = ([, sign, whole = "", rest = ""]: RegExpExecArray) => BigInt(`${sign}${whole}${rest.padEnd(places, "0")}`);
	const apart = scaled(a) - scaled(b);
	const unit = 10n ** BigInt(places - digits);
	return apart === unit || apart === -unit;
}
