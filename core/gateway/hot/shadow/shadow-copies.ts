import type { Mirror, ShadowAnswer } from "../../../contract/traffic.ts";
import { countIn } from "../counters.ts";
import type { Visit } from "../visit.ts";

/** One message on its way to the shadow. Of `answer`, `fail` and `drop` the first counts, and exactly one comes. */
export type ShadowCopy = {
	readonly startedAt: number;
	readonly isDone: boolean;
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
};

export const defaultMirrorTimeoutMs = 5_000;
const defaultInFlight = 256;

type CopiesDeps = { bodyCap: number; dropped: Record<string, number>; now(): number; onShadowAnswer(answer: ShadowAnswer): void };
type Answered = Omit<ShadowAnswer, "seq">;

/**
 * The copies of single messages (TCP, WebSocket) that are under way. An answer is handed over when the exchange that it belongs to has
 * ended, which may be long after it came.
 */
export function createShadowCopies({ bodyCap, dropped, now, onShadowAnswer }: CopiesDeps): ShadowCopies {
	const byMirror = new Map<string, number>();
	let underWay = 0;

	function begin(visit: Visit, { upstream, inFlight = defaultInFlight }: Mirror): ShadowCopy | null {
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
			const given = answered;
			answered = null;
			onShadowAnswer({ seq: visit.seq, ...given });
		};
		const settle = (response: ShadowAnswer["response"], truncated: boolean, error: string | null) => {
			if (!finish()) return;
			answered = { startedAt, endedAt: now(), truncated, response, error };
			give();
		};
		return {
			startedAt,
			get isDone() {
				return isDone;
			},
			answer(headers, body, size) {
				const whole = body.length === 1 ? (body[0] as Buffer) : Buffer.concat(body);
				const kept = whole.subarray(0, bodyCap);
				settle({ status: 200, headers, body: kept.toString("base64") }, kept.length < size, null);
			},
			fail: (error) => settle({ status: 0, headers: [], body: "" }, false, error),
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
	};
}
