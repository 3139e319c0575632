import { createHeadLines, scanLines } from "./head-lines.ts";

const lines = createHeadLines();

/** The header lines of a whole head as it was on the wire: name and value, in order and case (latin1). */
export function headerPairs(head: Buffer): [string, string][] {
	const first = head.indexOf(10) + 1;
	if (first === 0 || scanLines(head, first, head.length, lines, true) < 0) return [];
	const pairs: [string, string][] = [];
	for (let line = 0; line < lines.count; line++) {
		pairs.push([
			head.toString("latin1", lines.starts[line], lines.colons[line]),
			head.toString("latin1", lines.values[line], lines.ends[line]),
		]);
	}
	return pairs;
}
