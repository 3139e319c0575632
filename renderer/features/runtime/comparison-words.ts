import type { ComparisonReport, RouteComparison } from "../../../core/contract/comparison.ts";
import { clock, count, plural } from "../../ui/index.ts";

export const sumOf = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((all, one) => all + one, 0);

export function sumsOf(routes: readonly RouteComparison[]): { matched: number; mismatched: number; others: number } {
	const total = { matched: 0, mismatched: 0, others: 0 };
	for (const { matched, mismatched, failed, uncompared } of routes) {
		total.matched += matched;
		total.mismatched += mismatched;
		total.others += sumOf(failed) + sumOf(uncompared);
	}
	return total;
}

export const wordsOf = (counts: Readonly<Record<string, number>>): string =>
	Object.entries(counts)
		.sort(([, a], [, b]) => b - a)
		.map(([reason, amount]) => `${count(amount)} ${reason}`)
		.join(", ");

export function leadOf({ since, copies, strayAnswers, ungrouped }: ComparisonReport): string {
	const lines = [`Since ${clock(since)}. Seen is the sum of all that follows it.`];
	if (copies) {
		const dropped = wordsOf(copies.dropped);
		lines.push(
			`The gateway took ${plural(copies.taken, "copy", "copies")}; ${dropped === "" ? "none was dropped" : `dropped: ${dropped}`}.`,
		);
	}
	if (strayAnswers > 0) lines.push(`${plural(strayAnswers, "answer")} came without an exchange.`);
	if (ungrouped > 0) lines.push(`${plural(ungrouped, "mismatch", "mismatches")} found no place among the groups.`);
	return lines.join(" ");
}

/** Bytes that no font shows, by their number. */
export const visible = (text: string): string =>
	[...text]
		.map((character) => (/[^\P{Cc}\n\t]/u.test(character) ? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}` : character))
		.join("");
