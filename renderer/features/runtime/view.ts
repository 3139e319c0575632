import type { OutputLine } from "../../../core/contract/runtime.ts";

export type Filter = { source: string | null; level: "all" | "warn" | "bad" };

/** The lines that a filter lets through, kept up as lines come and go instead of made anew. */
export type View = {
	readonly lines: readonly OutputLine[];
	/** Brings the view to the state of `all`; how many lines left its front and how many came to its front. */
	follow(all: readonly OutputLine[]): { gone: number; came: number };
};

export function createView(filter: Filter): View {
	let lines: OutputLine[] = [];
	let first = Number.POSITIVE_INFINITY;
	let last = 0;
	const fits = ({ source, level }: OutputLine) =>
		(filter.source === null || source === filter.source) && (filter.level === "all" || level === "bad" || level === filter.level);
	return {
		get lines() {
			return lines;
		},
		follow(all) {
			const start = all[0]?.seq ?? Number.POSITIVE_INFINITY;
			const end = all.at(-1)?.seq ?? 0;
			if (end < last || all.length === 0) {
				lines = all.filter(fits);
				[first, last] = [start, end];
				return { gone: 0, came: 0 };
			}
			let gone = 0;
			let came = 0;
			if (start > first) {
				while (gone < lines.length && (lines[gone] as OutputLine).seq < start) gone++;
				lines = lines.slice(gone);
			} else if (start < first && last > 0) {
				const before = all.slice(0, placeAfter(all, first - 1)).filter(fits);
				came = before.length;
				lines = [...before, ...lines];
			}
			for (let index = placeAfter(all, last); index < all.length; index++) {
				const line = all[index] as OutputLine;
				if (fits(line)) lines.push(line);
			}
			[first, last] = [start, end];
			return { gone, came };
		},
	};
}

/** Where the first line with a number above `seq` stands. */
function placeAfter(all: readonly OutputLine[], seq: number): number {
	let low = 0;
	let high = all.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((all[middle] as OutputLine).seq > seq) high = middle;
		else low = middle + 1;
	}
	return low;
}

/** A text as it stands, in any case; null for no text. */
export function patternOf(text: string): RegExp | null {
	return text === "" ? null : new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "i");
}

/** Numbers of the lines that hold the text, oldest first. */
export function matchesIn(lines: readonly OutputLine[], pattern: RegExp | null): number[] {
	if (pattern === null) return [];
	const found: number[] = [];
	for (const line of lines) if (pattern.test(line.text)) found.push(line.seq);
	return found;
}

/** Where a line stands in a list that is sorted by number, or -1. */
export function placeOf(list: readonly OutputLine[], seq: number): number {
	const place = placeAfter(list, seq - 1);
	return list[place]?.seq === seq ? place : -1;
}
