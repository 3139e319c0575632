/**
 * Just enough of ISO 8583 to tell which answer belongs to which request: the message type and field 11, the trace number. It reads the
 * fields before it by the standard's table and takes nothing that breaks it.
 *
 *     type   bitmap 1-64   [bitmap 65-128]   2..10, those that the bitmap names   11
 */
export type TracedMessage = { type: string; trace: string };

export type Iso8583Encoding = "ascii" | "bcd";

/** Digits of the fields before and with the trace number, as in the editions of 1987 and 1993; 0: two digits of length first. */
const digits: readonly number[] = [0, 0, 0, 6, 12, 12, 12, 10, 8, 8, 8, 6];
const panLimit = 19;
const TRACE = 11;

/** null: no message of these editions, or one without a trace number. */
export function readTrace(bytes: Buffer, from: number, encoding: Iso8583Encoding): TracedMessage | null {
	if (encoding === "bcd") return readWith(bytes, from, readPacked, 8);
	// A bitmap in hexadecimal looks like nothing else; where the fields behind it do not read, it was a binary one.
	return (isHex(bytes, from + 4) ? readWith(bytes, from, readText, 16) : null) ?? readWith(bytes, from, readText, 8);
}

/** The digits at `at`, and how many bytes they take; null when there are none. */
type ReadDigits = (bytes: Buffer, at: number, count: number) => { text: string; size: number } | null;

function readWith(bytes: Buffer, from: number, read: ReadDigits, bitmapSize: 8 | 16): TracedMessage | null {
	const type = read(bytes, from, 4);
	if (type === null || !/^[01][1-8]\d\d$/.test(type.text)) return null;
	let at = from + type.size;
	if (at + bitmapSize > bytes.length) return null;
	const bitmap = bitmapSize === 16 ? Buffer.from(bytes.toString("latin1", at, at + 16), "hex") : bytes.subarray(at, at + 8);
	const isSet = (field: number) => (((bitmap[(field - 1) >> 3] ?? 0) >> (7 - ((field - 1) & 7))) & 1) === 1;
	if (!isSet(TRACE)) return null;
	at += bitmapSize;
	if (isSet(1)) at += bitmapSize;
	for (let field = 2; field < TRACE; field++) {
		if (!isSet(field)) continue;
		let count = digits[field] as number;
		if (count === 0) {
			const length = read(bytes, at, 2);
			if (length === null) return null;
			at += length.size;
			count = Number(length.text);
			if (count > panLimit) return null;
			// The account number may be masked or padded; only its size matters here.
			at += read === readPacked ? (count + 1) >> 1 : count;
			continue;
		}
		const value = read(bytes, at, count);
		if (value === null) return null;
		at += value.size;
	}
	const trace = read(bytes, at, digits[TRACE] as number);
	return trace === null ? null : { type: type.text, trace: trace.text };
}

function readText(bytes: Buffer, at: number, count: number): { text: string; size: number } | null {
	if (at + count > bytes.length) return null;
	for (let index = at; index < at + count; index++) if (!isDigit(bytes[index] as number)) return null;
	return { text: bytes.toString("latin1", at, at + count), size: count };
}

/** Two digits in a byte; all fields read this way have an even number of them. */
function readPacked(bytes: Buffer, at: number, count: number): { text: string; size: number } | null {
	const size = count >> 1;
	if (at + size > bytes.length) return null;
	for (let index = at; index < at + size; index++) {
		const byte = bytes[index] as number;
		if (byte >> 4 > 9 || (byte & 15) > 9) return null;
	}
	return { text: bytes.toString("hex", at, at + size), size };
}

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;

function isHex(bytes: Buffer, at: number): boolean {
	if (at + 16 > bytes.length) return false;
	for (let index = at; index < at + 16; index++) {
		const byte = bytes[index] as number;
		if (!isDigit(byte) && !((byte | 32) >= 97 && (byte | 32) <= 102)) return false;
	}
	return true;
}
