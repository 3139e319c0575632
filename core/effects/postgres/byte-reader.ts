/** Reads the network order fields of the PostgreSQL protocol. `RangeError` when the bytes end too early. */
export type ByteReader = {
	byte(): number;
	int16(): number;
	int32(): number;
	int64(): bigint;
	/** Text up to its zero byte. */
	name(): string;
	bytes(length: number): Buffer;
	readonly left: number;
};

export function createByteReader(buffer: Buffer): ByteReader {
	let at = 0;
	const take = (length: number): number => {
		const from = at;
		if (length < 0 || from + length > buffer.length) throw new RangeError(`${length} bytes wanted, ${buffer.length - from} left`);
		at += length;
		return from;
	};
	return {
		byte: () => buffer.readUInt8(take(1)),
		int16: () => buffer.readInt16BE(take(2)),
		int32: () => buffer.readInt32BE(take(4)),
		int64: () => buffer.readBigInt64BE(take(8)),
		name() {
			const end = buffer.indexOf(0, at);
			if (end === -1) throw new RangeError("a name without an end");
			const text = buffer.toString("utf8", at, end);
			at = end + 1;
			return text;
		},
		bytes(length) {
			const from = take(length);
			return buffer.subarray(from, from + length);
		},
		get left() {
			return buffer.length - at;
		},
	};
}
