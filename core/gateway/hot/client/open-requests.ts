/** The requests in flight, in the order of their coming: a chain through the requests themselves, which costs nothing to enter or leave. */
export type OpenRequests = {
	enter(visit: Started): void;
	leave(visit: Started): void;
	/** When the oldest began; `now` when nothing is open. */
	oldest(now: number): number;
	readonly size: number;
};

/** `before` and `after` belong to the chain; null outside of it. */
type Started = { readonly startedAt: number; before: Started | null; after: Started | null };

export function createOpenRequests(): OpenRequests {
	let first: Started | null = null;
	let last: Started | null = null;
	let size = 0;
	return {
		enter(visit) {
			visit.before = last;
			if (last === null) first = visit;
			else last.after = visit;
			last = visit;
			size++;
		},
		leave(visit) {
			const { before, after } = visit;
			if (before === null) first = after;
			else before.after = after;
			if (after === null) last = before;
			else after.before = before;
			visit.before = null;
			visit.after = null;
			size--;
		},
		oldest: (now) => (first === null ? now : first.startedAt),
		get size() {
			return size;
		},
	};
}
