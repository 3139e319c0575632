/**
 * Messages over a byte stream, which the desktop's shell passes on unread: 4 bytes of length (big endian, of the rest), one byte of
 * kind, the content.
 *
 *     | length | 0 | UTF-8 text ... |      | length | 1 | bytes ... |
 */
export type Frame = string | Uint8Array;

/** Most that one frame may hold, in bytes: from whoever asks, and from the core. */
export const frameLimits = { up: 1024 * 1024, down: 64 * 1024 * 1024 } as const;

export class FrameTooLong extends Error {
	constructor(length: number, limit: number) {
		super(`A message of ${length} bytes is longer than ${limit}.`);
		this.name = "FrameTooLong";
	}
}

const kinds = { text: 0, bytes: 1 } as const;
const head = 4;

/** Throws FrameTooLong. */
export function encodeFrame(frame: Frame, limit: number): Uint8Array {
	const content = typeof frame === "string" ? new TextEncoder().encode(frame) : frame;
	if (content.length > limit) throw new FrameTooLong(content.length, limit);
	const encoded = new Uint8Array(head + 1 + content.length);
	new DataView(encoded.buffer).setUint32(0, content.length + 1);
	encoded[head] = typeof frame === "string" ? kinds.text : kinds.bytes;
	encoded.set(content, head + 1);
	return encoded;
}

/** Takes a stream in pieces of any size; gives each frame once it is whole. `push` throws FrameTooLong as soon as a length says so. */
export function createFrameReader(limit: number, onFrame: (frame: Frame) => void): { push(piece: Uint8Array): void } {
	let pieces: Uint8Array[] = [];
	let held = 0;
	let wanted = head;

	/** The first `length` bytes of what is held; the rest stays. */
	function take(length: number): Uint8Array {
		const whole = new Uint8Array(length);
		let at = 0;
		while (at < length) {
			const piece = pieces[0] as Uint8Array;
			const part = piece.subarray(0, length - at);
			whole.set(part, at);
			at += part.length;
			if (part.length === piece.length) pieces.shift();
			else pieces[0] = piece.subarray(part.length);
		}
		held -= length;
		return whole;
	}

	let inHead = true;
	return {
		push(piece) {
			pieces.push(piece);
			held += piece.length;
			while (held >= wanted) {
				const bytes = take(wanted);
				if (inHead) {
					wanted = new DataView(bytes.buffer).getUint32(0);
					if (wanted < 1 || wanted - 1 > limit) {
						pieces = [];
						throw new FrameTooLong(wanted - 1, limit);
					}
				} else {
					wanted = head;
					onFrame(bytes[0] === kinds.text ? new TextDecoder().decode(bytes.subarray(1)) : bytes.subarray(1));
				}
				inHead = !inHead;
			}
		},
	};
}
