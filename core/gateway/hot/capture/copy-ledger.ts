import type { GatewayStats, MirrorStats } from "../../../contract/traffic.ts";
import type { CopyReport, WorkerReport } from "../protocol.ts";
import { addRecords } from "./counters.ts";
import type { Outbox } from "./outbox.ts";

/** What the supervisor knows of mirrored copies: the last report of the living worker on top of all dead ones. */
export type CopyLedger = {
	/** `answers`: how many came with it. */
	take(report: WorkerReport, answers: number): void;
	/** The worker is gone, and the copies that it had under way are lost. */
	close(): void;
	readonly open: number;
	/** undefined: there was never a mirror. */
	stats(outbox: Outbox): Pick<GatewayStats, "copies" | "mirrors">;
};

export function createCopyLedger(): CopyLedger {
	let past = { taken: 0, dropped: {} as Record<string, number>, mirrors: {} as Record<string, MirrorStats> };
	let report: CopyReport | undefined;
	/** Of the living worker. */
	let answered = 0;

	function mirrors(): Record<string, MirrorStats> {
		const all = { ...past.mirrors };
		for (const [address, now] of Object.entries(report?.mirrors ?? {})) {
			const before = all[address];
			all[address] = before === undefined ? now : addStats(before, now);
		}
		return all;
	}

	return {
		take(next, answers) {
			report = next.copies;
			answered += answers;
		},
		close() {
			if (report !== undefined) {
				const { taken, dropped } = report;
				const lost = taken - answered - Object.values(dropped).reduce((sum, count) => sum + count, 0);
				const still = Object.entries(mirrors()).map(([address, stats]) => [address, { ...stats, state: "closed", inFlight: 0 }]);
				past = {
					taken: past.taken + taken,
					dropped: addRecords(addRecords(past.dropped, dropped), lost > 0 ? { "shadow-lost": lost } : {}),
					mirrors: Object.fromEntries(still),
				};
			}
			report = undefined;
			answered = 0;
		},
		get open() {
			return report?.open ?? 0;
		},
		stats(outbox) {
			if (report === undefined && past.taken === 0) return {};
			const dropped = addRecords(addRecords(past.dropped, report?.dropped ?? {}), outbox.answers.dropped);
			return { copies: { taken: past.taken + (report?.taken ?? 0), delivered: outbox.answers.delivered, dropped }, mirrors: mirrors() };
		},
	};
}

/** Two books of one worker. */
export function addCopies(a: CopyReport | undefined, b: CopyReport | undefined): CopyReport | undefined {
	if (a === undefined || b === undefined) return a ?? b;
	return {
		taken: a.taken + b.taken,
		open: a.open + b.open,
		dropped: addRecords(a.dropped, b.dropped),
		mirrors: { ...b.mirrors, ...a.mirrors },
	};
}

/** The counts of two lives; the state is the later one's. */
function addStats(before: MirrorStats, now: MirrorStats): MirrorStats {
	return { ...now, sent: before.sent + now.sent, answered: before.answered + now.answered, failed: before.failed + now.failed };
}
