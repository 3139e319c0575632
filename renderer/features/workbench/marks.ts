import type { SourceSlice } from "../../../core/contract/plan.ts";
import type { CodeMark } from "../../adapters/monaco-code.ts";
import type { Item } from "./items.ts";

const tones = {
	signature: "slice",
	code: "slice",
	comment: "slice",
	rule: "rule",
	refusal: "refusal",
	data: "data",
	"left-out": "left-out",
} as const;

/** The slice in the gutter, each line with why it is in, and everything else stepped back. */
export function sourceMarks(file: SourceSlice["files"][number], items: readonly Item[]): CodeMark[] {
	const sites = new Set(items.filter((one) => one.group === "Drift sites" && one.span.file === file.path).map((one) => one.span.line));
	const marks: CodeMark[] = file.lines.map((line) => ({
		from: line.line,
		to: line.line,
		tone: sites.has(line.line) ? "site" : tones[line.role],
		words: line.reasons.map((reason) => reason.text),
	}));
	const known = new Set(file.lines.map((line) => line.line));
	const last = file.text.split("\n").length;
	for (let from = 1; from <= last; from++) {
		if (known.has(from)) continue;
		let to = from;
		while (to < last && !known.has(to + 1)) to++;
		marks.push({ from, to, tone: "outside", words: [] });
		from = to;
	}
	return marks;
}
