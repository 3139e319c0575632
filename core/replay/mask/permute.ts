import { createHash } from "node:crypto";
import { createHmac } from "./hmac.ts";

/**
 * Replaces a number by another of the same shape, under a key: the same always by the same, and different ones by different ones. A number
 * is a row of digits, each below its own radix; `tweak` keeps kinds of values apart.
 */
export type Permute = (digits: readonly number[], radices: readonly number[], tweak: string) => number[];

const ROUNDS = 10;
/** Longer values are shifted by a keystream of their own: two that meet are then as unlikely as two equal keys. */
const FEISTEL_DIGITS = 24;
/** Sessions and accounts come again and again. */
const KNOWN = 20_000;

/**
 * An unbalanced Feistel network over mixed radices with HMAC-SHA-256 as its round function, after the construction of FF1 (NIST SP
 * 800-38G): each half is shifted modulo its own size by a function of the other, which can be undone, so no two values meet.
 */
export function createPermute(key: Buffer): Permute {
	const hmac = createHmac(key);
	const known = new Map<string, number[]>();

	/** 256 bits, so that nothing of them shows after the modulus. */
	function round(shape: string, index: number, half: bigint): bigint {
		const bytes = hmac(`${shape}|${index}|${half}`);
		return (
			(((bytes.readBigUInt64LE(0) << 64n) | bytes.readBigUInt64LE(8)) << 128n) |
			(bytes.readBigUInt64LE(16) << 64n) |
			bytes.readBigUInt64LE(24)
		);
	}

	function shiftAll(digits: readonly number[], radices: readonly number[], tweak: string): number[] {
		const seed = hmac(`${tweak}|long|${digits.join()}|${radices.join()}`);
		const stream = createHash("shake256", { outputLength: digits.length * 4 })
			.update(seed)
			.digest();
		return digits.map((digit, at) => (digit + (stream.readUInt32LE(at * 4) % (radices[at] as number))) % (radices[at] as number));
	}

	function shuffle(digits: readonly number[], radices: readonly number[], shape: string): number[] {
		const middle = digits.length >> 1;
		const [leftRadices, rightRadices] = [radices.slice(0, middle), radices.slice(middle)];
		const [leftSize, rightSize] = [sizeOf(leftRadices), sizeOf(rightRadices)];
		let left = numberOf(digits.slice(0, middle), leftRadices);
		let right = numberOf(digits.slice(middle), rightRadices);
		for (let index = 0; index < ROUNDS; index++) {
			if (index % 2 === 0) left = (left + round(shape, index, right)) % leftSize;
			else right = (right + round(shape, index, left)) % rightSize;
		}
		return [...digitsOf(left, leftRadices), ...digitsOf(right, rightRadices)];
	}

	return (digits, radices, tweak) => {
		const shape = `${tweak}|${radices.join()}`;
		const value = `${shape}|${digits.join()}`;
		const before = known.get(value);
		if (before !== undefined) return before;
		const masked = digits.length > FEISTEL_DIGITS ? shiftAll(digits, radices, tweak) : shuffle(digits, radices, shape);
		if (digits.length > 1_024) return masked;
		if (known.size >= KNOWN) known.delete(known.keys().next().value as string);
		known.set(value, masked);
		return masked;
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
