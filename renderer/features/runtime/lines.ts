import { createStore } from "zustand/vanilla";
import type { FoundLines, OutputBatch, OutputLine } from "../../../core/contract/runtime.ts";

/** As many as the engine holds. */
export const PAGE_LINES = 200_000;
/** What is over is let go in one piece, because taking it from the front moves all the others. */
const SLACK = 10_000;

/** The lines of all processes that this page holds. The list is changed in place; `version` says that it was. */
export type LinesState = {
	version: number;
	life: string | null;
	/** Oldest first, by number. */
	lines: OutputLine[];
	/** Lines before the first of these. The engine may still hold them, the files do. */
	older: number;
	take(batch: OutputBatch): void;
	/** Puts what the engine found before the first line in front. */
	prepend(found: FoundLines): void;
};

export function createLines(limit = PAGE_LINES) {
	return createStore<LinesState>((set, get) => ({
		version: 0,
		life: null,
		lines: [],
		older: 0,
		take({ life, lines: fresh, missed }) {
			const { life: known, version } = get();
			// Another core counts its lines anew; what this page knows belongs to one that is gone. After a gap the page begins
			// anew as well, rather than show lines side by side that were not: the older ones can be asked for.
			const lines = (known === null || known === life) && (missed === 0 || fresh.length === 0) ? get().lines : [];
			const last = lines.at(-1)?.seq ?? 0;
			for (const line of fresh) if (line.seq > last) lines.push(line);
			const extra = lines.length > limit + SLACK ? lines.length - limit : 0;
			if (extra > 0) lines.splice(0, extra);
			set({ version: version + 1, life, lines, older: (lines[0]?.seq ?? 1) - 1 });
		},
		prepend({ life, lines: found }) {
			const { life: known, lines, version } = get();
			if (known !== life || found.length === 0) return;
			const first = lines[0]?.seq ?? Number.POSITIVE_INFINITY;
			const before = found.filter((line) => line.seq < first);
			const room = Math.max(0, limit - lines.length);
			const kept = room === 0 ? [] : before.slice(-room);
			set({ version: version + 1, lines: [...kept, ...lines], older: (kept[0]?.seq ?? first) - 1 });
		},
	}));
}

export type LinesStore = ReturnType<typeof createLines>;

/** Of this window; it outlives the place, so that coming back is going on. */
export const lines = createLines();
