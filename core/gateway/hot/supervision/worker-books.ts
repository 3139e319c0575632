import type { CopyLedger } from "../capture/copy-ledger.ts";
import { BATCH_HEAD, numberBatch } from "../capture/exchange-codec.ts";
import type { FrameHead } from "../capture/frames.ts";
import type { Numbering, WorkerNumbers } from "../capture/numbering.ts";
import type { Outbox } from "../capture/outbox.ts";
import type { TrafficLedger } from "../capture/traffic-ledger.ts";
import { numberAnswers } from "../mirror/answer-codec.ts";
import type { Observability } from "./observability.ts";
import type { WorkerLife } from "./worker-keeper.ts";

type BooksDeps = {
	ledger: TrafficLedger;
	copies: CopyLedger;
	numbering: Numbering;
	outbox: Outbox;
	observability: Pick<Observability, "onFrame" | "onLost">;
	/** Of this supervisor; nothing before or after it has the same. */
	startId: string;
	onFrame(head: FrameHead): void;
};

/** Brings what several workers tell into one account and one order. Returns what begins the life of a worker at a place. */
export function createWorkerBooks({ ledger, copies, numbering, outbox, observability, startId, onFrame }: BooksDeps) {
	/** Batches of both kinds are acknowledged by one number. */
	let batches = 0;
	let lives = 0;
	/** The name in the metrics: one life's at a time, and after a death its successor's. */
	const slots: number[] = [];
	const living = new Map<number, { place: number; slot: number }>();

	function slotFor(place: number): number {
		const own = slots[place];
		if (own !== undefined && ![...living.values()].some(({ slot }) => slot === own)) return own;
		const taken = new Set([...[...living.values()].map(({ slot }) => slot), ...slots]);
		let slot = place;
		while (taken.has(slot)) slot++;
		return slot;
	}

	function pass(
		life: number,
		numbers: WorkerNumbers,
		{ report, items, mirrored, answers = 0, isForLog }: FrameHead,
		payload: Buffer,
	): void {
		const batch = ++batches;
		const base = numbers.take(report.lastSeq);
		if (answers > 0) {
			const numbered = numbers.isPlain ? { batch: payload, lost: 0 } : numberAnswers(payload, numbers.numberOf);
			numbered.batch.writeDoubleLE(batch, BATCH_HEAD);
			if (numbered.lost > 0) copies.drop(numbered.lost, "shadow-unnumbered");
			outbox.pushAnswers(batch, numbered.batch, answers - numbered.lost);
			return;
		}
		numberBatch(payload, batch, base, ledger.openSince(life));
		if (!isForLog) outbox.push(batch, payload, items, mirrored);
	}

	return (place: number, pid: number): WorkerLife => {
		const life = ++lives;
		const numbers = numbering.begin();
		const slot = slotFor(place);
		slots[place] = slot;
		living.set(life, { place, slot });
		ledger.begin(life, pid);
		return {
			lastSeq: numbering.last,
			startId: life === 1 ? startId : `${startId}-${life}`,
			onFrame(head, payload) {
				if (payload) pass(life, numbers, head, payload);
				else numbers.take(head.report.lastSeq);
				ledger.take(life, head.report);
				copies.take(life, head.report, head.answers ?? 0);
				observability.onFrame(slot, head, payload);
				if (!payload || head.isForLog) outbox.prune();
				onFrame(head);
			},
			onLost(isAsked) {
				living.delete(life);
				ledger.close(life, isAsked);
				copies.close(life);
				observability.onLost(slot, { isAsked, isReplaced: slots[place] !== slot });
			},
		};
	};
}
