import { expect, test } from "vitest";
import { createCopyLedger } from "../capture/copy-ledger.ts";
import { createCounters } from "../capture/counters.ts";
import { BATCH_HEAD, decodeBatch, encodeBatch } from "../capture/exchange-codec.ts";
import type { FrameHead } from "../capture/frames.ts";
import { createNumbering } from "../capture/numbering.ts";
import { createOutbox } from "../capture/outbox.ts";
import { createTrafficLedger } from "../capture/traffic-ledger.ts";
import { createVisit } from "../client/visit.ts";
import type { WorkerEnd } from "../metrics/metrics-ledger.ts";
import { answerSize, decodeAnswers, encodeAnswers, type RawAnswer } from "../mirror/answer-codec.ts";
import { defaultLimits } from "../protocol.ts";
import { createWorkerBooks } from "./worker-books.ts";

function open() {
	let now = 1_000;
	const numbering = createNumbering();
	const ledger = createTrafficLedger(
		() => now,
		() => numbering.last,
	);
	const outbox = createOutbox(defaultLimits, () => now);
	const sent: Buffer[] = [];
	outbox.attach((payload) => sent.push(payload));
	const lost: [slot: number, how: WorkerEnd][] = [];
	const slots: number[] = [];
	const observability = {
		onFrame: (slot: number) => void slots.push(slot),
		onLost: (slot: number, how: WorkerEnd) => void lost.push([slot, how]),
	};
	const copies = createCopyLedger();
	const begin = createWorkerBooks({ ledger, copies, numbering, outbox, observability, startId: "s", onFrame: () => {} });
	const at = (time: number) => {
		now = time;
	};
	return { begin, ledger, copies: () => copies.stats(outbox).copies, sent, lost, slots, at };
}

const head = (lastSeq: number, openSince: number, items: number, more: Partial<FrameHead> = {}): FrameHead => ({
	...{ bytes: 0, items, mirrored: items },
	report: { counters: { ...createCounters(), requests: lastSeq }, planVersion: 1, lastSeq, openRequests: 0, openSince },
	...more,
});

function batch(seqs: number[], openSince: number): Buffer {
	const visit = createVisit(
		{
			...{ startedAt: 1, method: "GET", target: "/", client: "", minor: 1, route: null, isCaptured: true, requestHead: Buffer.alloc(0) },
			...{ isKeyed: false, awaitsContinue: false, isLast: false, decision: "sampled" as const, planVersion: 1 },
		},
		10,
	);
	return encodeBatch(
		0,
		seqs.map((seq) => ({ seq, endedAt: 5, openSince, visit })),
	);
}

const read = (payload: Buffer | undefined) => decodeBatch((payload as Buffer).subarray(BATCH_HEAD));

test("[N1][N2] exchanges of two workers are numbered as they come, and none claims that the other has nothing older open", () => {
	const { begin, sent, ledger, at } = open();
	const [one, other] = [begin(0, 11), begin(1, 12)];
	expect([one.startId, other.startId]).toEqual(["s", "s-2"]);
	at(2_000);
	one.onFrame(head(2, 1_900, 2), batch([1, 2], 1_900));
	// Of the other nothing is known but when it began.
	expect(read(sent[0]).items.map(({ seq, openSince }) => [seq, openSince])).toEqual([
		[1, 1_000],
		[2, 1_000],
	]);
	expect(ledger.openSince()).toBe(1_000);
	other.onFrame(head(1, 1_700, 1), batch([1], 1_950));
	expect(read(sent[1]).items.map(({ seq, openSince }) => [seq, openSince])).toEqual([[3, 1_900]]);
	one.onFrame(head(3, 2_000, 1), batch([3], 1_990));
	expect(read(sent[2])).toMatchObject({ batch: 3, items: [{ seq: 4, openSince: 1_700 }] });
	other.onLost(false);
	expect(ledger.openSince()).toBe(2_000);
});

test("[N1] an answer of a shadow is given its exchange's number, and one without an exchange is left out and counted", () => {
	const { begin, copies, sent } = open();
	const [one, other] = [begin(0, 11), begin(1, 12)];
	one.onFrame(head(1, 1, 1), batch([1], 1));
	other.onFrame(head(2, 1, 2), batch([1, 2], 1));
	one.onFrame(head(2, 1, 1), batch([2], 1));
	const answers = [2, 1, 9].map((seq): RawAnswer => {
		return {
			...{ seq, startedAt: 1, endedAt: 2, truncated: false, error: null, status: 200 },
			head: Buffer.from("HTTP/1.1 200 OK\r\n\r\n"),
			body: [],
		};
	});
	const size = answers.reduce((sum, answer) => sum + answerSize(answer), 0);
	const told = head(2, 1, 0, { answers: 3 });
	told.report.copies = { taken: 3, open: 0, dropped: {}, mirrors: {} };
	one.onFrame(told, encodeAnswers(answers, size));
	const got = decodeAnswers((sent[3] as Buffer).subarray(BATCH_HEAD));
	expect([got.batch, got.answers.map(({ seq }) => seq)]).toEqual([4, [4, 1]]);
	expect(copies()).toEqual({ taken: 3, delivered: 0, dropped: { "shadow-unnumbered": 1 } });
});

test("[N8] a successor has its predecessor's name in the metrics, unless that one still ends something", () => {
	const { begin, slots, lost } = open();
	const first = begin(0, 1);
	begin(1, 2);
	first.onLost(false);
	const second = begin(0, 3);
	second.onFrame(head(0, 1, 0), null);
	const third = begin(0, 4);
	third.onFrame(head(0, 1, 0), null);
	second.onLost(true);
	expect(slots).toEqual([0, 2]);
	expect(lost).toEqual([
		[0, { isAsked: false, isReplaced: false }],
		[0, { isAsked: true, isReplaced: true }],
	]);
});
