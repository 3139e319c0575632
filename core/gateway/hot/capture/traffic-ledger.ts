import type { GatewayStats, RoutePlan } from "../../../contract/traffic.ts";
import type { Panic, WorkerReport } from "../protocol.ts";
import { addCounters, addRecords, createCounters } from "./counters.ts";
import type { Outbox } from "./outbox.ts";

/** What the supervisor knows of the traffic: the last reports of the living workers on top of all dead ones. A worker is one life of one process. */
export type TrafficLedger = {
	/** From now on it may have requests. */
	begin(worker: number, pid: number): void;
	take(worker: number, report: WorkerReport): void;
	/** The worker is gone; the requests it had open were cut, as many as its last report (at most 100 ms old) said. */
	close(worker: number, isAsked: boolean): void;
	readonly openRequests: number;
	/**
	 * No request that is still open, or whose exchange has not come yet, began before. `but`: of all workers except this one; Infinity where
	 * there are no others.
	 */
	openSince(but?: number): number;
	stats(plan: RoutePlan, panic: Panic | null, outbox: Outbox): GatewayStats;
};

type Life = { pid: number; begunAt: number; report: WorkerReport | null };

export function createTrafficLedger(now: () => number, lastSeq: () => number): TrafficLedger {
	let past = createCounters();
	let deaths = 0;
	const lives = new Map<number, Life>();

	const openRequests = (): number => [...lives.values()].reduce((sum, { report }) => sum + (report?.openRequests ?? 0), 0);

	function openSince(but?: number): number {
		let since = Number.POSITIVE_INFINITY;
		for (const [worker, { begunAt, report }] of lives) if (worker !== but) since = Math.min(since, report?.openSince ?? begunAt);
		return but === undefined && since === Number.POSITIVE_INFINITY ? now() : since;
	}

	function ejections(): GatewayStats["ejections"] {
		let all: GatewayStats["ejections"];
		for (const { report } of lives.values())
			for (const [address, { state, ejected }] of Object.entries(report?.ejections ?? {})) {
				const known = all?.[address];
				all = { ...all, [address]: { state: worseOf(known?.state ?? "closed", state), ejected: (known?.ejected ?? 0) + ejected } };
			}
		return all;
	}

	return {
		begin: (worker, pid) => void lives.set(worker, { pid, begunAt: now(), report: null }),
		take(worker, report) {
			const life = lives.get(worker);
			if (life) life.report = report;
		},
		close(worker, isAsked) {
			const report = lives.get(worker)?.report;
			if (!isAsked) deaths++;
			lives.delete(worker);
			if (!report) return;
			const { counters, openRequests } = report;
			past = addCounters(past, { ...counters, clientErrors: counters.clientErrors + openRequests });
		},
		get openRequests() {
			return openRequests();
		},
		openSince,
		stats(plan, panic, outbox) {
			let counters = past;
			for (const { report } of lives.values()) if (report) counters = addCounters(counters, report.counters);
			const ejected = ejections();
			return {
				...counters,
				dropped: addRecords(counters.dropped, outbox.dropped),
				pid: process.pid,
				planVersion: plan.version,
				lastSeq: lastSeq(),
				openRequests: openRequests(),
				openSince: openSince(),
				...(ejected === undefined ? {} : { ejections: ejected }),
				workers: [...lives.values()].map(({ pid, report }) => ({
					...{ pid, requests: report?.counters.requests ?? 0, openRequests: report?.openRequests ?? 0 },
				})),
				workerDeaths: deaths,
				panic: panic && { at: panic.at, reason: panic.reason },
			};
		},
	};
}

type State = "closed" | "open" | "half-open";
const badness: Record<State, number> = { closed: 0, "half-open": 1, open: 2 };

/** What one of several workers leaves out, all of them are said to leave out. */
export function worseOf(a: State, b: State): State {
	return badness[a] >= badness[b] ? a : b;
}
