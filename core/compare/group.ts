import type { Verdict } from "../contract/verdict.ts";

/** `answer/ROW[2]/DATE` -> `answer/ROW/DATE`: what all rows of one kind have in common. */
export function fieldPattern(field: string): string {
	return field.replace(/\[\d+\]/g, "");
}

/**
 * Which mismatches belong together: those of one function whose first difference has one cause and one field.
 * `key` is stable over runs. `rowsOnly`: the answers do not show it.
 */
export function groupOf(functionName: string, verdict: Verdict): { key: string; cause: string; field: string; rowsOnly: boolean } {
	const first = verdict.differences[0];
	const field = first ? fieldPattern(first.field) : "answer";
	// `random format: length 8 against 16` is one cause whatever the lengths.
	const cause = (first?.suspicion ?? verdict.kind).replace(/: .*/, "");
	const rowsOnly = verdict.differences.length > 0 && verdict.differences.every((difference) => difference.field.startsWith("rows/"));
	return { key: `${functionName}|${cause}|${field}`, cause, field, rowsOnly };
}
