import { fail } from "./exceptions.ts";
import { exactRatio } from "./float-text.ts";
import { PyObject, typeName, type Value } from "./values.ts";

/**
 * What equal keys share, for a JavaScript Map: 1, 1.0 and True are one key. Texts stand for themselves; made-up texts begin with U+0000.
 * TypeError for what cannot be hashed.
 */
export function keyOf(value: Value): unknown {
	switch (typeof value) {
		case "string":
			return value.startsWith("\0") ? `\0s${value}` : value;
		case "boolean":
			return value ? 1n : 0n;
		case "number":
			return Number.isInteger(value) ? BigInt(value) : value;
		case "bigint":
		case "function":
			return value;
		default:
			break;
	}
	if (value === null) return null;
	if (value instanceof PyObject && value.key) return value.key();
	return fail("TypeError", `unhashable type: '${typeName(value)}'`);
}

const identities = new WeakMap<object, number>();
let lastIdentity = 0;

/** A text for the key, so that the keys of several values can be joined. */
export function keyText(value: Value): string {
	const key = keyOf(value);
	if (typeof key === "string") return `s${key.length}:${key}`;
	if (typeof key === "bigint") return `i${key}`;
	if (typeof key === "number") return `f${key}`;
	if (typeof key !== "object" && typeof key !== "function") return String(key);
	if (key === null) return "n";
	let identity = identities.get(key);
	if (identity === undefined) {
		identity = ++lastIdentity;
		identities.set(key, identity);
	}
	return `o${identity}`;
}

const modulus = (1n << 61n) - 1n;
const wrap = (hash: bigint): bigint => (hash === -1n ? -2n : hash);

/** CPython's hash of a value, as a signed 64-bit number; null where it differs from process to process. */
export function hashOf(value: Value): bigint | null {
	switch (typeof value) {
		case "boolean":
			return value ? 1n : 0n;
		case "bigint":
			return wrap(value < 0n ? -(-value % modulus) : value % modulus);
		case "number":
			return hashOfFloat(value);
		case "string":
		case "function":
			return null;
		default:
			break;
	}
	if (value === null || Array.isArray(value)) return null;
	return value.hash?.() ?? null;
}

/** Numbers hash as fractions modulo 2^61 - 1, whatever their type (CPython's "Hashing of numeric types"). */
function hashOfFloat(value: number): bigint | null {
	if (Number.isNaN(value)) return null;
	if (!Number.isFinite(value)) return value > 0 ? 314159n : -314159n;
	const { numerator, shift } = exactRatio(Math.abs(value));
	const inverse = 1n << ((61n - (shift % 61n)) % 61n);
	const hash = (numerator * inverse) % modulus;
	return wrap(value < 0 ? -hash : hash);
}
