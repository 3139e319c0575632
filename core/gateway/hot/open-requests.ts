/** The requests in flight. A Set keeps the order of coming, so the oldest is its first. */
export type OpenRequests = {
	enter(visit: Started): void;
	leave(visit: Started): void;
	/** When the oldest began; `now` when nothing is open. */
	oldest(now: number): number;
	readonly size: number;
};

type Started = { readonly startedAt: number };

export function createOpenRequests(): OpenRequests {
	const open = new Set<Started>();
	return {
		enter: (visit) => void open.add(visit),
		leave: (visit) => void open.delete(visit),
		oldest(now) {
			for (const visit of open) return visit.startedAt;
			return now;
		},
		get size() {
			return open.size;
		},
	};
}
