// The messages of `gateway-control.proto`, written and read by hand: they are few, a batch is copied once and not taken apart, and nothing
// has to be loaded or generated. A test holds it against another implementation.

export type Message = { line: string } | { batch: Buffer };
export type PanicRequest = { reason: string };
export type PanicAnswer = { at: number; ms: number };
export type StatsAnswer = { json: string };
export type Nothing = Record<string, never>;

type Codec<Value> = { encode(value: Value): Buffer; decode(bytes: Buffer): Value };
type Field = { number: number; value: Buffer | number };

const VARINT = 0;
const DOUBLE = 1;
const BYTES = 2;
const SINGLE = 5;

export const message: Codec<Message> = {
	encode: (value) => ("line" in value ? bytesField(1, Buffer.from(value.line, "utf8")) : bytesField(2, value.batch)),
	decode(bytes) {
		// Of a oneof the last one counts.
		const last = fieldsOf(bytes).findLast(({ number, value }) => (number === 1 || number === 2) && typeof value !== "number");
		if (last === undefined) throw new RangeError("a message without content");
		const content = last.value as Buffer;
		return last.number === 1 ? { line: content.toString("utf8") } : { batch: content };
	},
};

export const panicRequest: Codec<PanicRequest> = {
	encode: ({ reason }) => textField(1, reason),
	decode: (bytes) => ({ reason: textIn(fieldsOf(bytes), 1) }),
};

export const panicAnswer: Codec<PanicAnswer> = {
	encode: ({ at, ms }) => Buffer.concat([doubleField(1, at), doubleField(2, ms)]),
	decode(bytes) {
		const fields = fieldsOf(bytes);
		return { at: numberIn(fields, 1), ms: numberIn(fields, 2) };
	},
};

export const statsAnswer: Codec<StatsAnswer> = {
	encode: ({ json }) => textField(1, json),
	decode: (bytes) => ({ json: textIn(fieldsOf(bytes), 1) }),
};

export const nothing: Codec<Nothing> = { encode: () => Buffer.alloc(0), decode: () => ({}) };

function bytesField(number: number, value: Buffer): Buffer {
	const length: number[] = [];
	let rest = value.length;
	for (; rest > 127; rest = Math.floor(rest / 128)) length.push((rest % 128) | 128);
	return Buffer.concat([Buffer.from([(number << 3) | BYTES, ...length, rest]), value]);
}

/** proto3 leaves out what is empty or 0. */
const textField = (number: number, value: string): Buffer =>
	value === "" ? Buffer.alloc(0) : bytesField(number, Buffer.from(value, "utf8"));

function doubleField(number: number, value: number): Buffer {
	if (Object.is(value, 0)) return Buffer.alloc(0);
	const bytes = Buffer.alloc(9);
	bytes.writeUInt8((number << 3) | DOUBLE, 0);
	bytes.writeDoubleLE(value, 1);
	return bytes;
}

function fieldsOf(bytes: Buffer): Field[] {
	const fields: Field[] = [];
	let at = 0;
	function varint(): number {
		let value = 0;
		for (let place = 0; ; place++) {
			const byte = bytes[at++];
			if (byte === undefined || place > 9) throw new RangeError("a number without end");
			value += (byte & 127) * 128 ** place;
			if (byte < 128) return value;
		}
	}
	function take(length: number): Buffer {
		if (at + length > bytes.length) throw new RangeError("a field is longer than its message");
		at += length;
		return bytes.subarray(at - length, at);
	}
	while (at < bytes.length) {
		const tag = varint();
		const number = Math.floor(tag / 8);
		switch (tag % 8) {
			case VARINT:
				fields.push({ number, value: varint() });
				break;
			case DOUBLE:
				fields.push({ number, value: take(8).readDoubleLE(0) });
				break;
			case BYTES:
				fields.push({ number, value: take(varint()) });
				break;
			case SINGLE:
				fields.push({ number, value: take(4).readFloatLE(0) });
				break;
			default:
				throw new RangeError(`a field of an unknown kind (${tag % 8})`);
		}
	}
	return fields;
}

function textIn(fields: Field[], number: number): string {
	const value = fields.findLast((field) => field.number === number)?.value;
	return Buffer.isBuffer(value) ? value.toString("utf8") : "";
}

function numberIn(fields: Field[], number: number): number {
	const value = fields.findLast((field) => field.number === number)?.value;
	return typeof value === "number" ? value : 0;
}
