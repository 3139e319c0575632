import { ANSWERS } from "../mirror/answer-codec.ts";
import { BATCH, BATCH_HEAD } from "./exchange-codec.ts";

/**
 * Cuts a byte stream into messages: JSON lines, and batches of exchanges (`exchange-codec.ts`) or of a shadow's answers
 * (`mirror/answer-codec.ts`), which begin with a byte that no line begins with: the `mark`. More than `limit` bytes without a whole message end the peer's right to be heard (`onTooLong`).
 */
export function createMessageReader(
	onLine: (line: string) => void,
	onBatch: (payload: Buffer, mark: number) => void,
	limit: number,
	onTooLong: () => void,
): (chunk: Buffer) => void {
	let parts: Buffer[] = [];
	let size = 0;
	/** As many bytes must be there before another look is worth it. */
	let wanted = 1;
	return (chunk) => {
		parts.push(chunk);
		size += chunk.length;
		if (size < wanted) return;
		const all = parts.length === 1 ? chunk : Buffer.concat(parts, size);
		let at = 0;
		wanted = 1;
		while (at < all.length) {
			const mark = all[at];
			if (mark === BATCH || mark === ANSWERS) {
				const length = all.length - at < BATCH_HEAD ? 0 : all.readUInt32LE(at + 1);
				wanted = BATCH_HEAD + length;
				if (all.length - at < wanted) break;
				onBatch(all.subarray(at + BATCH_HEAD, at + wanted), mark);
				at += wanted;
			} else {
				const end = all.indexOf(10, at);
				wanted = all.length - at + 1;
				if (end === -1) break;
				if (end > at) onLine(all.toString("utf8", at, end));
				at = end + 1;
			}
			wanted = 1;
		}
		parts = at < all.length ? [all.subarray(at)] : [];
		size = all.length - at;
		if (Math.max(size, wanted) > limit) onTooLong();
	};
}
