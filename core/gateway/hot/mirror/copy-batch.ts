import type { BodyTap } from "../capture/body-tap.ts";

/**
 * Copies on their way from the worker to its mirror thread; little endian, made once and handed over.
 *
 *     u32  count, then `count` records:
 *
 *     f64  seq
 *     u32  mirror            u8   1: may be sent twice
 *     u32  spill of the request's body, spill of the client's answer; 0: there is none
 *     u32  lengths of: head, body (0 where it is spilled)
 *     those: the head that legacy got, and the body without framing
 */
export type OutgoingCopy = {
	seq: number;
	mirror: number;
	isRepeatable: boolean;
	requestSpill: number;
	answerSpill: number;
	head: Buffer;
	body: BodyTap;
};

export type CopyRecord = Omit<OutgoingCopy, "body"> & { body: Buffer };

const FIXED = 8 + 4 + 1 + 4 * 4;

const keptOf = ({ requestSpill, body }: OutgoingCopy): number => (requestSpill === 0 ? body.kept : 0);

export const copySize = (copy: OutgoingCopy): number => FIXED + copy.head.length + keptOf(copy);

/** `size`: of all copies together. The buffer has memory of its own, so that it can be handed over. */
export function encodeCopies(copies: readonly OutgoingCopy[], size: number): Buffer {
	const bytes = Buffer.allocUnsafeSlow(4 + size);
	bytes.writeUInt32LE(copies.length, 0);
	let at = 4;
	for (const copy of copies) {
		const { seq, mirror, isRepeatable, requestSpill, answerSpill, head, body } = copy;
		const kept = keptOf(copy);
		bytes.writeDoubleLE(seq, at);
		bytes.writeUInt32LE(mirror, at + 8);
		bytes.writeUInt8(isRepeatable ? 1 : 0, at + 12);
		bytes.writeUInt32LE(requestSpill, at + 13);
		bytes.writeUInt32LE(answerSpill, at + 17);
		bytes.writeUInt32LE(head.length, at + 21);
		bytes.writeUInt32LE(kept, at + 25);
		at += FIXED;
		bytes.set(head, at);
		at += head.length;
		if (kept === 0) continue;
		for (const chunk of body.chunks) {
			bytes.set(chunk, at);
			at += chunk.length;
		}
	}
	return bytes;
}

/** Heads and bodies are views of the batch. */
export function decodeCopies(bytes: Buffer): CopyRecord[] {
	const copies: CopyRecord[] = [];
	let at = 4;
	for (let left = bytes.readUInt32LE(0); left > 0; left--) {
		const head = at + FIXED;
		const body = head + bytes.readUInt32LE(at + 21);
		const end = body + bytes.readUInt32LE(at + 25);
		copies.push({
			seq: bytes.readDoubleLE(at),
			mirror: bytes.readUInt32LE(at + 8),
			isRepeatable: bytes.readUInt8(at + 12) === 1,
			requestSpill: bytes.readUInt32LE(at + 13),
			answerSpill: bytes.readUInt32LE(at + 17),
			head: bytes.subarray(head, body),
			body: bytes.subarray(body, end),
		});
		at = end;
	}
	return copies;
}
