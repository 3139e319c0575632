import type { GatewayStats, RoutePlan } from "../../../contract/traffic.ts";
import type { Panic, WorkerReport } from "../protocol.ts";
import { addCounters, addRecords, createCounters } from "./counters.ts";
import type { Outbox } from "./outbox.ts";

/** What the supervisor knows of the traffic: the last report of the living worker on top of all dead ones. */
export type TrafficLedger = {
	take(report: WorkerReport): void;
	/** The worker is gone; the requests it had open were cut, as many as its last report (at most 100 ms old) said. */
	close(): void;
	readonly lastSeq: number;
	readonly openRequests: number;
	stats(plan: RoutePlan, panic: Panic | null, outbox: Outbox): GatewayStats;
};

export function createTrafficLedger(now: () => number): TrafficLedger {
	let past = createCounters();
	let report: WorkerReport | null = null;
	let lastSeq = 0;
	return {
		take(next) {
			report = next;
			lastSeq = next.lastSeq;
		},
		close() {
			if (!report) return;
			const { counters, openRequests } = report;
			past = addCounters(past, { ...counters, clientErrors: counters.clientErrors + openRequests });
			report = null;
		},
		get lastSeq() {
			return lastSeq;
		},
		get openRequests() {
			return report?.openRequests ?? 0;
		},
		stats(plan, panic, outbox) {
			const counters = report ? addCounters(past, report.counters) : past;
			return {
				...counters,
				dropped: addRecords(counters.dropped, outbox.dropped),
				pid: process.pid,
				planVersion: plan.version,
				lastSeq,
				openRequests: report?.openRequests ?? 0,
				openSince: report?.openSince ?? now(),
				...(report?.ejections === undefined ? {} : { ejections: report.ejections }),
				panic: panic && { at: panic.at, reason: panic.reason },
			};
		},
	};
}
