/** The last transactions and what was in them, to know a connector's repeats. */
export type DeliveredMemory = {
	has(id: string): boolean;
	/** Whether the event was in that transaction. */
	holds(id: string, digest: string): boolean;
	remember(id: string, digests: ReadonlySet<string>): void;
};

/** Keeps the youngest transactions, `maxEvents` events in all, always at least one transaction. */
export function createDeliveredMemory(maxEvents = 200_000): DeliveredMemory {
	const known = new Map<string, ReadonlySet<string>>();
	let events = 0;
	return {
		has: (id) => known.has(id),
		holds: (id, digest) => known.get(id)?.has(digest) ?? false,
		remember(id, digests) {
			known.set(id, digests);
			events += digests.size + 1;
			for (const [oldest, { size }] of known) {
				if (events <= maxEvents || known.size === 1) break;
				known.delete(oldest);
				events -= size + 1;
			}
		},
	};
}
