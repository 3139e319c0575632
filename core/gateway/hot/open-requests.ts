/** Start times of the requests in flight. A Set keeps the order of coming, so the oldest is its first. */
export type OpenRequests = { enter(startedAt: number): () => void; oldest(now: number): number; readonly size: number };

export function createOpenRequests(): OpenRequests {
	const open = new Set<{ startedAt: number }>();
	return {
		enter(startedAt) {
			const ticket = { startedAt };
			open.add(ticket);
			return () => {
				open.delete(ticket);
			};
		},
		/** `now` when nothing is open. */
		oldest(now) {
			for (const ticket of open) return ticket.startedAt;
			return now;
		},
		get size() {
			return open.size;
		},
	};
}
