import type { BodyTap, SpillSink } from "../capture/body-tap.ts";
import type { ThreadOrder } from "./thread-protocol.ts";

/**
 * Bodies that are longer than what is kept of them, on their way to the mirror thread: requests to be stored and sent, answers to be digested.
 * Nobody waits for it: a body that comes faster than the thread writes is given up.
 */
export type BodySpills = SpillSink & {
	/** The number to name it by, if all of it has been passed on; else 0. */
	whole(tap: BodyTap): number;
	forget(tap: BodyTap): void;
	/** The thread is done with so many bytes. */
	taken(bytes: number): void;
	/** The thread is gone, and all that it had. */
	lose(): void;
};

/** Of a tap's `spill`. */
const NOT_BEGUN = 0;
const GIVEN_UP = -1;

/** Bytes that the thread may be behind. */
const behindMost = 32 * 1024 * 1024;

type Deps = { spillCap: number; post(order: ThreadOrder, handedOver: ArrayBuffer[]): boolean };

export function createBodySpills({ spillCap, post }: Deps): BodySpills {
	let last = 0;
	/** Bodies of a thread that died are not continued with its successor. */
	let firstLive = 1;
	let behind = 0;

	function send(spill: number, isStored: boolean, parts: readonly Buffer[], size: number): boolean {
		const bytes = Buffer.allocUnsafeSlow(size);
		let at = 0;
		for (const part of parts) {
			bytes.set(part, at);
			at += part.length;
		}
		const memory = bytes.buffer as ArrayBuffer;
		if (!post({ kind: "spill", spill, isStored, bytes: memory }, [memory])) return false;
		behind += size;
		return true;
	}

	function forget(tap: BodyTap): void {
		if (tap.spill >= firstLive) post({ kind: "forget", spill: tap.spill }, []);
		tap.spill = GIVEN_UP;
	}

	return {
		add(tap, bytes) {
			if (tap.spill === GIVEN_UP) return;
			const isFirst = tap.spill === NOT_BEGUN;
			const size = isFirst ? tap.kept + bytes.length : bytes.length;
			if ((!isFirst && tap.spill < firstLive) || behind + size > behindMost || tap.size > spillCap) {
				forget(tap);
				return;
			}
			const spill = isFirst ? ++last : tap.spill;
			tap.spill = send(spill, tap.isStored, isFirst ? [...tap.chunks, bytes] : [bytes], size) ? spill : GIVEN_UP;
		},
		whole: (tap) => (tap.spill >= firstLive ? tap.spill : 0),
		forget,
		taken(bytes) {
			behind -= bytes;
		},
		lose() {
			firstLive = last + 1;
			behind = 0;
		},
	};
}
