import type { Framing } from "../../../contract/listeners.ts";

/** Finds the messages in one direction of a byte stream, however it comes cut. Holds at most one unfinished message of the framing's limit. */
export type Framer = {
	push(chunk: Buffer): void;
	/** Nothing of an unfinished message has been seen. */
	isBetween(): boolean;
};

export type FrameSink = {
	/** A whole message with its own head; `head`: bytes of it before the content. The bytes may be part of a larger buffer. */
	onMessage(frame: Buffer, head: number): void;
	/** The stream does not keep to its framing; nothing is told after this. */
	onLost(reason: string): void;
};

export function createFramer(framing: Framing, sink: FrameSink): Framer {
	switch (framing.kind) {
		case "length": {
			const head = framing.at + framing.size;
			return createSizedFramer(head, head, (bytes) => sizeOf(framing, bytes), framing.limit, sink);
		}
		case "fixed":
			return createSizedFramer(0, 0, () => framing.size, framing.size, sink);
		case "delimiter":
			return createDelimitedFramer(Buffer.from(framing.hex, "hex"), framing.limit, sink);
	}
}

type LengthFraming = Extract<Framing, { kind: "length" }>;

/** Of the whole message, its head included. */
function sizeOf({ at, size, order, counts }: LengthFraming, head: Buffer): number {
	const value = order === "big" ? head.readUIntBE(at, size) : head.readUIntLE(at, size);
	return counts === "whole" ? value : at + size + value;
}

/** Messages whose size shows in their first `need` bytes. */
function createSizedFramer(head: number, need: number, sizeOfMessage: (head: Buffer) => number, limit: number, sink: FrameSink): Framer {
	let parts: Buffer[] = [];
	let held = 0;
	/** Of the message that is being held; 0: not known yet. */
	let size = 0;
	let isLost = false;

	function keep(piece: Buffer): void {
		if (piece.length === 0) return;
		parts.push(piece);
		held += piece.length;
	}

	function take(): Buffer {
		const whole = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, held);
		parts = [];
		held = 0;
		return whole;
	}

	function measure(bytes: Buffer): boolean {
		size = sizeOfMessage(bytes);
		if (size >= Math.max(head, 1) && size <= limit) return true;
		isLost = true;
		parts = [];
		sink.onLost(
			size > limit ? `a message of ${size} bytes, above the limit of ${limit}` : `a length of ${size}, which is less than its own head`,
		);
		return false;
	}

	return {
		push(chunk) {
			let at = 0;
			while (!isLost && at < chunk.length) {
				if (size === 0) {
					const missing = need - held;
					if (chunk.length - at < missing) return keep(chunk.subarray(at));
					if (held > 0) {
						keep(chunk.subarray(at, at + missing));
						at += missing;
						const start = take();
						keep(start);
						if (!measure(start)) return;
					} else if (!measure(chunk.subarray(at))) return;
				}
				const missing = size - held;
				if (chunk.length - at < missing) return keep(chunk.subarray(at));
				keep(chunk.subarray(at, at + missing));
				at += missing;
				size = 0;
				sink.onMessage(take(), head);
			}
		},
		isBetween: () => held === 0,
	};
}

function createDelimitedFramer(mark: Buffer, limit: number, sink: FrameSink): Framer {
	let parts: Buffer[] = [];
	let held = 0;
	/** The last bytes held, as many as may be the beginning of a mark that is cut in two. */
	let tail: Buffer = Buffer.alloc(0);
	let isLost = false;

	/** Where the first mark ends, counted in `chunk` from `at`; -1: not in it. */
	function endIn(chunk: Buffer, at: number): number {
		if (tail.length > 0) {
			const seam = Buffer.concat([tail, chunk.subarray(at, at + mark.length - 1)]);
			const found = seam.indexOf(mark);
			if (found !== -1) return at + found + mark.length - tail.length;
		}
		const found = chunk.indexOf(mark, at);
		return found === -1 ? -1 : found + mark.length;
	}

	function lose(): void {
		isLost = true;
		parts = [];
		sink.onLost(`a message above the limit of ${limit} bytes`);
	}

	return {
		push(chunk) {
			let at = 0;
			while (!isLost && at < chunk.length) {
				const end = endIn(chunk, at);
				const piece = chunk.subarray(at, end === -1 ? chunk.length : end);
				held += piece.length;
				if (held > limit) return lose();
				parts.push(piece);
				at += piece.length;
				if (end === -1) {
					if (mark.length > 1) tail = Buffer.concat([tail, piece.subarray(-mark.length)]).subarray(1 - mark.length);
					return;
				}
				const whole = parts.length === 1 ? piece : Buffer.concat(parts, held);
				parts = [];
				held = 0;
				tail = Buffer.alloc(0);
				sink.onMessage(whole, 0);
			}
		},
		isBetween: () => held === 0,
	};
}
