/** An integer of up to 64 bits: a number while that is exact, else a bigint. One value has one form, so it can be a Map key. */
export type Int64 = number | bigint;

/** A read position that the readers move. */
export type Cursor = { at: number };

/** SQLite varint: 1 to 9 bytes, big-endian, seven bits each, the ninth byte whole; two's complement in 64 bits. */
export function readVarint(bytes: Buffer, cursor: Cursor): Int64 {
	let at = cursor.at;
	let byte = bytes[at++] as number;
	let value = byte & 0x7f;
	for (let read = 1; byte & 0x80; read++) {
		if (read === 7) return readLongVarint(bytes, cursor);
		byte = bytes[at++] as number;
		value = value * 128 + (byte & 0x7f);
	}
	cursor.at = at;
	return value;
}

function readLongVarint(bytes: Buffer, cursor: Cursor): Int64 {
	let value = 0n;
	for (let read = 0; read < 9; read++) {
		const byte = bytes[cursor.at++] as number;
		if (read === 8) value = (value << 8n) | BigInt(byte);
		else {
			value = (value << 7n) | BigInt(byte & 0x7f);
			if (!(byte & 0x80)) break;
		}
	}
	return shortest(BigInt.asIntN(64, value));
}

export function shortest(value: bigint): Int64 {
	return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}
