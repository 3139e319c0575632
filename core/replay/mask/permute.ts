import { createHash, createHmac } from "node:crypto";

/**
 * Replaces a number by another of the same shape, under a key: the same always by the same, and different ones by different ones. A number
 * is a row of digits, each below its own radix; `tweak` keeps kinds of values apart.
 */
export type Permute = (digits: readonly number[], radices: readonly number[], tweak: string) => number[];

const ROUNDS = 10;
/** Longer values are shifted by a keystream of their own: two that meet are then as unlikely as two equal keys. */
const FEISTEL_DIGITS = 24;

/**
 * An unbalanced Feistel network over mixed radices with HMAC-SHA-256 as its round function, after the construction of FF1 (NIST SP
 * 800-38G): each half is shifted modulo its own size by a function of the other, which can be undone, so no two values meet.
 */
export function createPermute(key: Buffer): Permute {
	const round = (tweak: string, index: number, half: bigint): bigint =>
		BigInt(`0x${createHmac("sha256", key).update(`${tweak}|${index}|${half}`).digest("hex")}`);

	function shiftAll(digits: readonly number[], radices: readonly number[], tweak: string): number[] {
		const seed = createHmac("sha256", key).update(`${tweak}|long|${digits.join()}|${radices.join()}`).digest();
		const stream = createHash("shake256", { outputLength: digits.length * 4 })
			.update(seed)
			.digest();
		return digits.map((digit, at) => (digit + (stream.readUInt32LE(at * 4) % (radices[at] as number))) % (radices[at] as number));
	}

	return (digits, radices, tweak) => {
		if (digits.length > FEISTEL_DIGITS) return shiftAll(digits, radices, tweak);
		const middle = digits.length >> 1;
		const shape = `${tweak}|${radices.join()}`;
		const [leftSize, rightSize] = [sizeOf(radices.slice(0, middle)), sizeOf(radices.slice(middle))];
		let left = numberOf(digits.slice(0, middle), radices.slice(0, middle));
		let right = numberOf(digits.slice(middle), radices.slice(middle));
		for (let index = 0; index < ROUNDS; index++) {
			if (index % 2 === 0) left = (left + round(shape, index, right)) % leftSize;
			else right = (right + round(shape, index, left)) % rightSize;
		}
		return [...digitsOf(left, radices.slice(0, middle)), ...digitsOf(right, radices.slice(middle))];
	};
}

const sizeOf = (radices: readonly number[]): bigint => radices.reduce((size, radix) => size * BigInt(radix), 1n);

function numberOf(digits: readonly number[], radices: readonly number[]): bigint {
	return digits.reduce((value, digit, at) => value * BigInt(radices[at] as number) + BigInt(digit), 0n);
}

function digitsOf(value: bigint, radices: readonly number[]): number[] {
	const digits = new Array<number>(radices.length);
	let rest = value;
	for (let at = radices.length - 1; at >= 0; at--) {
		const radix = BigInt(radices[at] as number);
		digits[at] = Number(rest % radix);
		rest /= radix;
	}
	return digits;
}
