import { randomUUID } from "node:crypto";
import { systemClock } from "../base/index.ts";
import type { FoundLines, OutputBatch, OutputLine } from "../contract/runtime.ts";
import { levelOf } from "./line-level.ts";
import { createMatcher } from "./match-lines.ts";

export type Output = {
	readonly life: string;
	readonly capacity: number;
	readonly held: number;
	readonly forgotten: number;
	/** Number of the newest line; 0: none yet. */
	readonly last: number;
	add(source: string, stream: OutputLine["stream"], text: string, earlier?: boolean): void;
	/** Lines of this source that are held. */
	count(source: string): number;
	/** What follows `since`, oldest first, at most `limit` lines; where a reader goes on next. */
	after(since: number, limit: number, source?: string): { batch: OutputBatch; next: number };
	/** What stands before `before`, the newest of it, oldest first. */
	before(before: number, limit: number, source?: string): FoundLines;
	/** The newest lines before `before` that hold `text`. Fault INPUT_INVALID for a pattern that is wrong or takes too long. */
	search(
		query: { text: string; regex?: boolean; source?: string; before?: number; limit: number },
		signal?: AbortSignal,
	): Promise<FoundLines>;
	/** Called after lines came, once for many. */
	onLines(listener: () => void): () => void;
};

/** Lines looked at before others may have the processor. */
const SLICE = 4_000;

/**
 * The newest lines of every process in one bounded memory. A line's number is its place on the ring:
 *
 *     slot = (seq - 1) % capacity        held: last - capacity < seq <= last
 *
 * A reader keeps a number, not a queue: one that is slow costs nothing here, and is told how many lines it missed.
 */
export function createOutput(options: { capacity?: number } = {}): Output {
	const capacity = options.capacity ?? 200_000;
	const slots: OutputLine[] = [];
	const counts = new Map<string, number>();
	const listeners = new Set<() => void>();
	const life = randomUUID().slice(0, 8);
	let last = 0;
	let announced = false;

	const first = () => Math.max(1, last - capacity + 1);
	const at = (seq: number) => slots[(seq - 1) % capacity] as OutputLine;

	function announce(): void {
		if (announced) return;
		announced = true;
		setImmediate(() => {
			announced = false;
			for (const listener of [...listeners]) listener();
		});
	}

	return {
		life,
		capacity,
		get held() {
			return slots.length;
		},
		get forgotten() {
			return first() - 1;
		},
		get last() {
			return last;
		},
		add(source, stream, text, earlier = false) {
			if (slots.length === capacity) {
				const lost = at(first()).source;
				counts.set(lost, (counts.get(lost) ?? 1) - 1);
			}
			last++;
			slots[(last - 1) % capacity] = {
				seq: last,
				at: earlier ? null : systemClock.now(),
				source,
				stream,
				level: levelOf(stream, text),
				text,
			};
			counts.set(source, (counts.get(source) ?? 0) + 1);
			announce();
		},
		count: (source) => counts.get(source) ?? 0,
		after(since, limit, source) {
			const from = Math.max(since + 1, first());
			const lines: OutputLine[] = [];
			let seq = from;
			for (; seq <= last && lines.length < limit; seq++) {
				const line = at(seq);
				if (source === undefined || line.source === source) lines.push(line);
			}
			return { batch: { life, lines, missed: from - since - 1 }, next: seq - 1 };
		},
		before(before, limit, source) {
			const found: OutputLine[] = [];
			let seq = Math.min(before - 1, last);
			const start = seq;
			for (; seq >= first() && found.length < limit; seq--) {
				const line = at(seq);
				if (source === undefined || line.source === source) found.push(line);
			}
			return { life, lines: found.reverse(), more: seq >= first(), scanned: start - seq };
		},
		async search({ text, regex = false, source, before = Number.POSITIVE_INFINITY, limit }, signal) {
			const matches = createMatcher(text, regex);
			const found: OutputLine[] = [];
			let seq = Math.min(before - 1, last);
			const start = seq;
			let more = false;
			while (!more && seq >= first()) {
				signal?.throwIfAborted();
				const slice: OutputLine[] = [];
				for (; seq >= first() && slice.length < SLICE; seq--) {
					const line = at(seq);
					if (source === undefined || line.source === source) slice.push(line);
				}
				for (const index of matches(slice.map((line) => line.text))) {
					if (found.length === limit) {
						more = true;
						break;
					}
					found.push(slice[index] as OutputLine);
				}
				await new Promise((resolve) => setImmediate(resolve));
			}
			return { life, lines: found.reverse(), more, scanned: start - seq };
		},
		onLines(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}
