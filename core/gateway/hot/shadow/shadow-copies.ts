import type { Mirror } from "../../../contract/traffic.ts";
import { countIn } from "../capture/counters.ts";
import type { Visit } from "../client/visit.ts";
import type { RawAnswer } from "../mirror/answer-codec.ts";
import type { CopyReport } from "../protocol.ts";

/** One message on its way to the shadow. Of `answer`, `fail` and `drop` the first counts, and exactly one comes. */
export type ShadowCopy = {
	readonly startedAt: number;
	isDone(): boolean;
	/** `size`: what the body really had. */
	answer(headers: [string, string][], body: readonly Buffer[], size: number): void;
	/** It was sent, or could not be: there is no whole answer. */
	fail(error: string): void;
	/** It is never sent, for want of room or sense. */
	drop(reason: string): void;
	/** Its exchange has ended and has its number. */
	exchangeEnded(): void;
};

export type ShadowCopies = {
	/** null: no room for another one of this mirror; the drop is counted. */
	begin(visit: Visit, mirror: Mirror): ShadowCopy | null;
	/** Of all mirrors, without an answer so far. */
	readonly underWay: number;
	/** undefined: there was never one. */
	report(): CopyReport | undefined;
};

export const defaultMirrorTimeoutMs = 5_000;
const defaultInFlight = 256;

type CopiesDeps = { bodyCap: number; now(): number; onAnswer(answer: RawAnswer): void };
type Answered = Omit<RawAnswer, "seq">;

const noBytes = Buffer.alloc(0);

/**
 * The copies of single messages (TCP, WebSocket) that are under way. An answer is handed over when the exchange that it belongs to has
 * ended, which may be long after it came.
 */
export function createShadowCopies({ bodyCap, now, onAnswer }: CopiesDeps): ShadowCopies {
	const byMirror = new Map<string, number>();
	const dropped: Record<string, number> = {};
	let [taken, underWay, given] = [0, 0, 0];

	function begin(visit: Visit, { upstream, inFlight = defaultInFlight }: Mirror): ShadowCopy | null {
		taken++;
		const key = `${upstream.host}:${upstream.port}`;
		const count = byMirror.get(key) ?? 0;
		if (count >= inFlight) {
			countIn(dropped, "shadow-busy");
			return null;
		}
		byMirror.set(key, count + 1);
		underWay++;
		const startedAt = now();
		let isDone = false;
		let answered: Answered | null = null;
		/** True once, for whoever comes first. */
		const finish = (): boolean => {
			if (isDone) return false;
			isDone = true;
			underWay--;
			const left = (byMirror.get(key) ?? 1) - 1;
			if (left === 0) byMirror.delete(key);
			else byMirror.set(key, left);
			return true;
		};
		const give = () => {
			if (answered === null || visit.seq === 0) return;
			const whole = { seq: visit.seq, ...answered };
			answered = null;
			given++;
			onAnswer(whole);
		};
		const settle = (answer: Pick<RawAnswer, "status" | "head" | "body" | "truncated" | "error">) => {
			if (!finish()) return;
			answered = { startedAt, endedAt: now(), ...answer };
			give();
		};
		return {
			startedAt,
			isDone: () => isDone,
			answer(headers, body, size) {
				const whole = body.length === 1 ? (body[0] as Buffer) : Buffer.concat(body);
				const kept = whole.subarray(0, bodyCap);
				settle({ status: 200, head: headOf(headers), body: [kept], truncated: kept.length < size, error: null });
			},
			fail: (error) => settle({ status: 0, head: noBytes, body: [], truncated: false, error }),
			drop(reason) {
				if (finish()) countIn(dropped, reason);
			},
			exchangeEnded: give,
		};
	}

	return {
		begin,
		get underWay() {
			return underWay;
		},
		report() {
			if (taken === 0) return undefined;
			const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
			return { taken, open: taken - given - lost, dropped, mirrors: {} };
		},
	};
}

/** As if they had come by HTTP, which is how answers travel. */
const headOf = (headers: [string, string][]): Buffer =>
	headers.length === 0 ? noBytes : Buffer.from(`\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`, "latin1");
