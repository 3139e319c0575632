import type { Counters } from "../protocol.ts";

export function createCounters(): Counters {
	return {
		requests: 0,
		clientErrors: 0,
		mirrored: 0,
		dropped: {},
		failovers: 0,
		byArm: { legacy: 0, modern: 0, failover: 0 },
		lastModernAt: 0,
		legacyByRoute: {},
		streams: {},
	};
}

/** The counters of a dead worker and those of its successor, as one life. */
export function addCounters(a: Counters, b: Counters): Counters {
	return {
		requests: a.requests + b.requests,
		clientErrors: a.clientErrors + b.clientErrors,
		mirrored: a.mirrored + b.mirrored,
		dropped: addRecords(a.dropped, b.dropped),
		failovers: a.failovers + b.failovers,
		byArm: {
			legacy: a.byArm.legacy + b.byArm.legacy,
			modern: a.byArm.modern + b.byArm.modern,
			failover: a.byArm.failover + b.byArm.failover,
		},
		lastModernAt: Math.max(a.lastModernAt, b.lastModernAt),
		legacyByRoute: addRecords(a.legacyByRoute, b.legacyByRoute),
		streams: addRecords(a.streams, b.streams),
	};
}

export function addRecords(a: Record<string, number>, b: Record<string, number>): Record<string, number> {
	const sum = { ...a };
	for (const [key, value] of Object.entries(b)) sum[key] = (sum[key] ?? 0) + value;
	return sum;
}

export function countIn(counts: Record<string, number>, name: string): void {
	counts[name] = (counts[name] ?? 0) + 1;
}
