import type { Span } from "../../../core/contract/ir.ts";
import type { Trace } from "../../../core/contract/plan.ts";
import type { Item } from "./items.ts";

export type Place = { file: string; from: number; to: number };

const lines = (span: Span): Place => ({ file: span.file, from: span.line, to: span.endLine });
const covers = (outer: Place, inner: Place) => outer.file === inner.file && outer.from <= inner.from && outer.to >= inner.to;
const narrowest = <T>(found: readonly T[], place: (one: T) => Place): T | undefined =>
	found.reduce<T | undefined>((best, one) => (best === undefined || size(place(one)) < size(place(best)) ? one : best), undefined);
const size = (place: Place) => place.to - place.from;

/** The generated lines of the smallest piece of legacy that holds this place. */
export function codeOf(trace: readonly Trace[], place: Place): Place | null {
	const found = narrowest(
		trace.filter((one) => covers(lines(one.legacy), place)),
		(one) => lines(one.legacy),
	);
	return found === undefined ? null : { file: found.file, from: found.from, to: found.to };
}

/** The legacy lines of the smallest piece of code that holds this line. */
export function legacyOf(trace: readonly Trace[], file: string, line: number): Place | null {
	const found = narrowest(
		trace.filter((one) => one.file === file && one.from <= line && one.to >= line),
		(one) => one,
	);
	return found === undefined ? null : lines(found.legacy);
}

/** What the blueprint says of this line, the smallest first. */
export function itemAt(items: readonly Item[], file: string, line: number): Item | null {
	return (
		narrowest(
			items.filter((one) => covers(lines(one.span), { file, from: line, to: line })),
			(one) => lines(one.span),
		) ?? null
	);
}

export const placeOf = lines;
