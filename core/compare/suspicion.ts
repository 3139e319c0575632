import type { Difference } from "../contract/verdict.ts";
import { isCenturyApart, readDay } from "./clock-format.ts";

const numeral = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const grouped = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;
/** Factors that real mistakes have: cents, thousandths, months, day bases, signs. */
const factors = [10, 100, 1000, 12, 7, 30, 365, 360 / 365, 360 / 366, 365 / 366, 360 / 364];

export function numberOf(text: string): number | null {
	const bare = grouped.test(text) ? text.replaceAll(",", "") : text;
	if (!numeral.test(bare)) return null;
	const value = Number(bare);
	return Number.isFinite(value) ? value : null;
}

/**
 * The first reading of a difference from its two texts alone; the repair search confirms or corrects it.
 * Words of `Drift.cause` are used where the same is meant.
 */
export function suspect(legacy: string, modern: string): Pick<Difference, "kind" | "suspicion"> {
	if (isCenturyApart(legacy, modern)) return { kind: "date", suspicion: "two-digit year" };
	const dates = [readDay(legacy), readDay(modern)];
	if (dates[0] && dates[1] && !/^\d+$/.test(legacy + modern))
		return { kind: "date", suspicion: dates[0].day === dates[1].day ? "text format" : "value" };
	const [a, b] = [numberOf(legacy), numberOf(modern)];
	if (a !== null && b !== null) return { kind: "number", suspicion: suspectNumbers(legacy, modern, a, b) };
	return { kind: "text", suspicion: loose(legacy) === loose(modern) ? "text format" : "value" };
}

const loose = (text: string): string =>
	text
		.normalize("NFC")
		.toUpperCase()
		.replace(/[\s.,;:_\-/]+/g, "")
		.replace(/^0+(?=\d)/, "");

function suspectNumbers(legacy: string, modern: string, a: number, b: number): string {
	if (a === b) return isLong(legacy, modern) ? "integer precision" : "number format";
	const whole = Number.isInteger(a) && Number.isInteger(b) && !/[.eE]/.test(legacy + modern);
	if (whole && isLong(legacy, modern) && Math.abs(a - b) <= Math.abs(a) * 1e-14) return "integer precision";
	if (a === -b) return "sign";
	if (whole && Math.abs(a - b) === 1 && Math.min(a, b) < 0) return "integer division";
	if (Math.sign(a) * Math.sign(b) < 0) return "modulo of negatives";
	const unit = 10 ** -shownDecimals(legacy, modern);
	const gap = Math.abs(a - b);
	if (gap <= unit * (1 + 1e-9)) return "rounding";
	// Rounding in each of many periods adds up to a few units, yet stays small against the amount.
	if (!whole && gap <= 100 * unit && gap <= Math.max(Math.abs(a), Math.abs(b)) * 1e-4) return "rounding";
	const near = (x: number, y: number): boolean => Math.abs(x - y) <= Math.max(unit / 2, Math.abs(y) * 1e-9) && y !== 0;
	if (factors.some((factor) => near(a * factor, b) || near(b * factor, a))) return "factor";
	if (!whole && Math.abs(gap - Math.round(gap)) < unit / 1000) return "offset";
	return "value";
}

const isLong = (legacy: string, modern: string): boolean => legacy !== modern && /^-?\d{16,}$/.test(legacy) && /^-?\d{16,}$/.test(modern);

/** Decimals that both show. A whole value such as 500.0 may stand for any number of them, so the other side decides. */
function shownDecimals(legacy: string, modern: string): number {
	const [left, right] = [decimalsOf(legacy), decimalsOf(modern)];
	if (/\.0$/.test(legacy)) return right;
	if (/\.0$/.test(modern)) return left;
	return Math.min(left, right);
}

function decimalsOf(text: string): number {
	const [mantissa = "", exponent = "0"] = text.toLowerCase().split("e");
	return Math.max(0, (mantissa.split(".")[1]?.length ?? 0) - Number(exponent));
}
