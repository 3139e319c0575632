/** Counts the messages of one direction as their bytes flow past; keeps none of them. */
export type MessageCounter = {
	take(bytes: Buffer): void;
	/** Messages that are whole. */
	count(): number;
	/** A message has begun after those. */
	isOpen(): boolean;
};

const PREFIX = 5;

/** A message on the wire: one byte of flags, four of length (big endian), and so many bytes. */
export function createMessageCounter(): MessageCounter {
	let count = 0;
	/** Bytes of the prefix that have come, and the length so far. */
	let prefix = 0;
	let length = 0;
	let left = 0;
	return {
		take(bytes) {
			let at = 0;
			while (at < bytes.length) {
				if (prefix < PREFIX) {
					if (prefix > 0) length = length * 256 + (bytes[at] as number);
					prefix++;
					at++;
					if (prefix < PREFIX) continue;
					left = length;
				}
				const step = Math.min(left, bytes.length - at);
				at += step;
				left -= step;
				if (left > 0) return;
				count++;
				prefix = 0;
				length = 0;
			}
		},
		count: () => count,
		isOpen: () => prefix > 0,
	};
}
