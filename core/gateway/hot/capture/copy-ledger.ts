import type { GatewayStats, MirrorStats } from "../../../contract/traffic.ts";
import type { CopyReport, WorkerReport } from "../protocol.ts";
import { addRecords } from "./counters.ts";
import type { Outbox } from "./outbox.ts";
import { worseOf } from "./traffic-ledger.ts";

/** What the supervisor knows of mirrored copies: the last reports of the living workers on top of all dead ones. */
export type CopyLedger = {
	/** `answers`: how many came with it. */
	take(worker: number, report: WorkerReport, answers: number): void;
	/** Answers that came and were not passed on. */
	drop(answers: number, reason: string): void;
	/** The worker is gone, and the copies that it had under way are lost. */
	close(worker: number): void;
	readonly open: number;
	/** undefined: there was never a mirror. */
	stats(outbox: Outbox): Pick<GatewayStats, "copies" | "mirrors">;
};

type Life = { report: CopyReport | undefined; answered: number };

export function createCopyLedger(): CopyLedger {
	let past = { taken: 0, dropped: {} as Record<string, number>, mirrors: {} as Record<string, MirrorStats> };
	const lives = new Map<number, Life>();

	const reports = (): CopyReport[] => [...lives.values()].flatMap(({ report }) => (report === undefined ? [] : [report]));

	return {
		take(worker, { copies }, answers) {
			lives.set(worker, { report: copies, answered: (lives.get(worker)?.answered ?? 0) + answers });
		},
		drop(answers, reason) {
			past.dropped = addRecords(past.dropped, { [reason]: answers });
		},
		close(worker) {
			const { report, answered = 0 } = lives.get(worker) ?? {};
			lives.delete(worker);
			if (report === undefined) return;
			const { taken, dropped } = report;
			const lost = taken - answered - Object.values(dropped).reduce((sum, count) => sum + count, 0);
			const still = Object.entries(report.mirrors).map(([address, stats]) => [address, { ...stats, state: "closed", inFlight: 0 }]);
			past = {
				taken: past.taken + taken,
				dropped: addRecords(addRecords(past.dropped, dropped), lost > 0 ? { "shadow-lost": lost } : {}),
				mirrors: addMirrors(past.mirrors, Object.fromEntries(still)),
			};
		},
		get open() {
			return reports().reduce((sum, { open }) => sum + open, 0);
		},
		stats(outbox) {
			const living = reports();
			if (living.length === 0 && past.taken === 0) return {};
			const taken = living.reduce((sum, report) => sum + report.taken, past.taken);
			const dropped = living.reduce((sum, report) => addRecords(sum, report.dropped), addRecords(past.dropped, outbox.answers.dropped));
			const mirrors = living.reduce((sum, report) => addMirrors(sum, report.mirrors), past.mirrors);
			return { copies: { taken, delivered: outbox.answers.delivered, dropped }, mirrors };
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

/** The counts of two workers, or of one and those that are gone, whose breakers are closed. */
function addMirrors(a: Record<string, MirrorStats>, b: Record<string, MirrorStats>): Record<string, MirrorStats> {
	const sum = { ...a };
	for (const [address, more] of Object.entries(b)) {
		const known = sum[address];
		sum[address] =
			known === undefined
				? more
				: {
						state: worseOf(known.state, more.state),
						inFlight: known.inFlight + more.inFlight,
						sent: known.sent + more.sent,
						answered: known.answered + more.answered,
						failed: known.failed + more.failed,
					};
	}
	return sum;
}
