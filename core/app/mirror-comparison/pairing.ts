import type { Exchange, ShadowAnswer } from "../../contract/traffic.ts";
import { protocolOf } from "./compared-sides.ts";
import type { Judgement } from "./judge-pair.ts";
import type { Tally } from "./tally.ts";

export type PairLimits = {
	/** Exchanges whose answer has not come, and pairs that have not been looked at; and their bytes together. */
	waiting: number;
	bytes: number;
	/** After so long no answer will come: the gateway has dropped the copy, and counted it. */
	patienceMs: number;
	/** How long the engine may be kept busy at a stretch. */
	sliceMs: number;
};
export const pairLimits: PairLimits = { waiting: 20_000, bytes: 128 * 1024 ** 2, patienceMs: 60_000, sliceMs: 8 };

const settledKept = 50_000;

type Held = { id: string; exchange: Exchange; answer: ShadowAnswer | null; at: number; bytes: number };

export type Pairing = {
	/** False: it has been taken before. */
	exchange(id: string, exchange: Exchange): boolean;
	answer(answer: ShadowAnswer): void;
	/** Gives up what has waited too long. */
	sweep(): void;
	/** The gateway counts from 1 again. */
	restart(reason: string): void;
};

/** Brings each exchange and its shadow's answer together, and has them judged in slices, so that the gateway is acknowledged at once. */
export function createPairing(options: {
	tally: Tally;
	judge(id: string, exchange: Exchange, answer: ShadowAnswer): Judgement;
	now(): number;
	limits?: Partial<PairLimits>;
}): Pairing {
	const { tally, judge, now } = options;
	const limits = { ...pairLimits, ...options.limits };
	/** In the order in which they came. */
	const held = new Map<number, Held>();
	/** Answers are handed over at least once. */
	const settled = new Set<number>();
	let ready: Held[] = [];
	let [bytes, lastSeq] = [0, 0];
	let isScheduled = false;

	function settle(seq: number): void {
		settled.add(seq);
		if (settled.size <= settledKept) return;
		for (const oldest of settled) {
			settled.delete(oldest);
			return;
		}
	}

	function giveUp(seq: number, one: Held, reason: string): void {
		held.delete(seq);
		bytes -= one.bytes;
		settle(seq);
		tally.uncompared(one.id, reason);
	}

	function schedule(): void {
		if (isScheduled || ready.length === 0) return;
		isScheduled = true;
		setImmediate(() => {
			isScheduled = false;
			const until = performance.now() + limits.sliceMs;
			let done = 0;
			while (done < ready.length && (done === 0 || performance.now() < until)) judgeOne(ready[done++] as Held);
			ready = ready.slice(done);
			schedule();
		});
	}

	function judgeOne({ id, exchange, answer, bytes: size }: Held): void {
		bytes -= size;
		if (answer !== null) tally.judged(id, exchange, answer, judge(id, exchange, answer));
	}

	const isFull = () => held.size + ready.length > limits.waiting || bytes > limits.bytes;

	return {
		exchange(id, exchange) {
			if (exchange.seq <= lastSeq) return false;
			lastSeq = exchange.seq;
			const size = exchange.request.body.length + exchange.response.body.length;
			tally.seen(id, protocolOf(exchange));
			held.set(exchange.seq, { id, exchange, answer: null, at: now(), bytes: size });
			bytes += size;
			for (const [seq, one] of held) {
				if (!isFull()) break;
				giveUp(seq, one, "comparison-busy");
			}
			return true;
		},
		answer(answer) {
			const one = held.get(answer.seq);
			if (one === undefined) {
				if (!settled.has(answer.seq)) {
					settle(answer.seq);
					tally.stray();
				}
				return;
			}
			held.delete(answer.seq);
			settle(answer.seq);
			const size = answer.response.body.length;
			bytes += size;
			ready.push({ ...one, answer, bytes: one.bytes + size });
			schedule();
		},
		sweep() {
			const end = now() - limits.patienceMs;
			for (const [seq, one] of held) {
				if (one.at > end) return;
				giveUp(seq, one, "copy-dropped");
			}
		},
		restart(reason) {
			for (const [seq, one] of held) giveUp(seq, one, reason);
			settled.clear();
			lastSeq = 0;
		},
	};
}
