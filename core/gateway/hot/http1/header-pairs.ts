import { createHeadLines, scanLines } from "./head-lines.ts";

const lines = createHeadLines();

/** The header lines of a whole head as it was on the wire: name and value, in order and case (latin1). */
export function headerPairs(head: Buffer): [string, string][] {
	return headAndTrailers(head).headers;
}

/** The same of a head that trailer lines, with an empty line of their own, may stand behind. */
export function headAndTrailers(bytes: Buffer): { headers: [string, string][]; trailers?: [string, string][] } {
	const first = bytes.indexOf(10) + 1;
	const end = first === 0 ? -1 : scanLines(bytes, first, bytes.length, lines, true);
	if (end < 0) return { headers: [] };
	const headers = pairsIn(bytes);
	if (end === bytes.length || scanLines(bytes, end, bytes.length, lines, true) < 0) return { headers };
	return { headers, trailers: pairsIn(bytes) };
}

/** Of the lines that were scanned last. */
function pairsIn(head: Buffer): [string, string][] {
	const pairs: [string, string][] = [];
	for (let line = 0; line < lines.count; line++) {
		pairs.push([
			head.toString("latin1", lines.starts[line], lines.colons[line]),
			head.toString("latin1", lines.values[line], lines.ends[line]),
		]);
	}
	return pairs;
}
