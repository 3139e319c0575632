import { fail } from "./exceptions.ts";
import { isNumber, isWhole, PyObject, typeName, type Value } from "./values.ts";

type Numeric = bigint | boolean | number;

/** An int as a float: rounded to the nearest, ties to even. */
export function toFloat(value: Numeric): number {
	const made = Number(value);
	if (!Number.isFinite(made) && typeof value === "bigint") return fail("OverflowError", "int too large to convert to float");
	return made;
}

function unsupported(op: string, left: Value, right: Value): never {
	const hint = op === "**" || op === "**=" ? `${op} or pow()` : op;
	return fail("TypeError", `unsupported operand type(s) for ${hint}: '${typeName(left)}' and '${typeName(right)}'`);
}

/** What a class of the source or a container makes of an operator; undefined when neither side knows it. */
function overloaded(op: string, left: Value, right: Value): Value | undefined {
	const told = left instanceof PyObject ? left.binary?.(op, right, false) : undefined;
	return told ?? (right instanceof PyObject ? right.binary?.(op, left, true) : undefined);
}

/** left + right */
export function add(left: Value, right: Value, op = "+"): Value {
	if (isNumber(left) && isNumber(right)) {
		if (isWhole(left) && isWhole(right)) return BigInt(left) + BigInt(right);
		return toFloat(left) + toFloat(right);
	}
	if (typeof left === "string" && typeof right === "string") return left + right;
	if (Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
	const told = overloaded("+", left, right);
	if (told !== undefined) return told;
	if (typeof left === "string" || Array.isArray(left))
		return fail("TypeError", `can only concatenate ${typeName(left)} (not "${typeName(right)}") to ${typeName(left)}`);
	if (left instanceof PyObject && left.typeName === "tuple")
		return fail("TypeError", `can only concatenate tuple (not "${typeName(right)}") to tuple`);
	return unsupported(op, left, right);
}

/** left - right */
export function subtract(left: Value, right: Value, op = "-"): Value {
	if (isNumber(left) && isNumber(right)) {
		if (isWhole(left) && isWhole(right)) return BigInt(left) - BigInt(right);
		return toFloat(left) - toFloat(right);
	}
	return overloaded("-", left, right) ?? unsupported(op, left, right);
}

/** left * right: also a sequence so many times. */
export function multiply(left: Value, right: Value, op = "*"): Value {
	if (isNumber(left) && isNumber(right)) {
		if (isWhole(left) && isWhole(right)) return BigInt(left) * BigInt(right);
		return toFloat(left) * toFloat(right);
	}
	if (isWhole(right) && isSequence(left)) return repeated(left, right);
	if (isWhole(left) && isSequence(right)) return repeated(right, left);
	const told = overloaded("*", left, right);
	if (told !== undefined) return told;
	if (isSequence(left)) return fail("TypeError", `can't multiply sequence by non-int of type '${typeName(right)}'`);
	if (isSequence(right)) return fail("TypeError", `can't multiply sequence by non-int of type '${typeName(left)}'`);
	return unsupported(op, left, right);
}

const isSequence = (value: Value): value is string | Value[] | PyObject =>
	typeof value === "string" || Array.isArray(value) || (value instanceof PyObject && value.typeName === "tuple");

function repeated(value: string | Value[] | PyObject, count: bigint | boolean): Value {
	if (BigInt.asIntN(64, BigInt(count)) !== BigInt(count)) return fail("OverflowError", "cannot fit 'int' into an index-sized integer");
	const times = BigInt(count) < 0n ? 0 : Number(BigInt(count));
	if (value instanceof PyObject) return value.binary?.("*", BigInt(count), false) ?? null;
	if (times * value.length > 2 ** 29) return fail("MemoryError");
	return typeof value === "string" ? value.repeat(times) : Array.from({ length: times }, () => value).flat();
}

/** left / right, correctly rounded whatever the size of the ints. */
export function divide(left: Value, right: Value, op = "/"): Value {
	if (!isNumber(left) || !isNumber(right)) return overloaded("/", left, right) ?? unsupported(op, left, right);
	if (isWhole(left) && isWhole(right)) return divideWhole(BigInt(left), BigInt(right));
	const divisor = toFloat(right);
	const dividend = toFloat(left);
	return divisor === 0 ? fail("ZeroDivisionError", "float division by zero") : dividend / divisor;
}

export function divideWhole(dividend: bigint, divisor: bigint): number {
	if (divisor === 0n) return fail("ZeroDivisionError", "division by zero");
	const limit = 2n ** 53n;
	if (-limit <= dividend && dividend <= limit && -limit <= divisor && divisor <= limit) return Number(dividend) / Number(divisor);
	const negative = dividend < 0n !== divisor < 0n;
	const top = dividend < 0n ? -dividend : dividend;
	const bottom = divisor < 0n ? -divisor : divisor;
	// 66 bits of quotient or more, but none below the last bit of a subnormal, and a sticky bit for the rest: one rounding in all.
	const shift = Math.min(Math.max(66 + bits(bottom) - bits(top), 0), 1140);
	const scaled = top << BigInt(shift);
	const quotient = ((scaled / bottom) << 1n) | (scaled % bottom === 0n ? 0n : 1n);
	const size = scaleDown(quotient, shift + 1);
	if (!Number.isFinite(size)) return fail("OverflowError", "integer division result too large for a float");
	return negative ? -size : size;
}

const bits = (value: bigint): number => value.toString(2).length;

/** value / 2^shift, rounded once, also where the result is subnormal. */
function scaleDown(value: bigint, shift: number): number {
	const drop = Math.max(bits(value) - 53, shift - 1074, 0);
	let kept = value >> BigInt(drop);
	const rest = value - (kept << BigInt(drop));
	const half = drop > 0 ? 1n << BigInt(drop - 1) : 0n;
	if (drop > 0 && (rest > half || (rest === half && (kept & 1n) === 1n))) kept += 1n;
	let made = Number(kept);
	let power = drop - shift;
	for (; power < -1000; power += 500) made *= 2 ** -500;
	for (; power > 1000; power -= 500) made *= 2 ** 500;
	return made * 2 ** power;
}

/** left // right */
export function floorDivide(left: Value, right: Value, op = "//"): Value {
	if (!isNumber(left) || !isNumber(right)) return overloaded("//", left, right) ?? unsupported(op, left, right);
	if (isWhole(left) && isWhole(right)) return floorDivideWhole(BigInt(left), BigInt(right));
	return floatDivmod(toFloat(left), toFloat(right), "float floor division by zero").quotient;
}

export function floorDivideWhole(left: bigint, right: bigint): bigint {
	if (right === 0n) return fail("ZeroDivisionError", "integer division or modulo by zero");
	const quotient = left / right;
	return left % right !== 0n && left < 0n !== right < 0n ? quotient - 1n : quotient;
}

export function floorModuloWhole(left: bigint, right: bigint, message = "integer modulo by zero"): bigint {
	if (right === 0n) return fail("ZeroDivisionError", message);
	const rest = left % right;
	return rest !== 0n && rest < 0n !== right < 0n ? rest + right : rest;
}

/** CPython's float_divmod: the remainder has the sign of the divisor. */
export function floatDivmod(dividend: number, divisor: number, message: string): { quotient: number; rest: number } {
	if (divisor === 0) return fail("ZeroDivisionError", message);
	let rest = dividend % divisor;
	let quotient = (dividend - rest) / divisor;
	if (rest !== 0) {
		if (divisor < 0 !== rest < 0) {
			rest += divisor;
			quotient -= 1;
		}
	} else rest = divisor < 0 ? -0 : 0;
	if (quotient === 0) return { quotient: dividend / divisor < 0 || Object.is(dividend / divisor, -0) ? -0 : 0, rest };
	const floor = Math.floor(quotient);
	return { quotient: quotient - floor > 0.5 ? floor + 1 : floor, rest };
}

/** left % right for numbers; `modulo` of format.ts knows texts too. */
export function remainder(left: Value, right: Value, op = "%"): Value {
	if (!isNumber(left) || !isNumber(right)) return overloaded("%", left, right) ?? unsupported(op, left, right);
	if (isWhole(left) && isWhole(right)) return floorModuloWhole(BigInt(left), BigInt(right));
	return floatDivmod(toFloat(left), toFloat(right), "float modulo").rest;
}

export function shiftLeft(left: Value, right: Value, op = "<<"): Value {
	if (!isWhole(left) || !isWhole(right)) return overloaded("<<", left, right) ?? unsupported(op, left, right);
	if (BigInt(right) < 0n) return fail("ValueError", "negative shift count");
	return BigInt(left) << BigInt(right);
}

export function shiftRight(left: Value, right: Value, op = ">>"): Value {
	if (!isWhole(left) || !isWhole(right)) return overloaded(">>", left, right) ?? unsupported(op, left, right);
	if (BigInt(right) < 0n) return fail("ValueError", "negative shift count");
	return BigInt(left) >> BigInt(right);
}

export function bitAnd(left: Value, right: Value, op = "&"): Value {
	if (typeof left === "boolean" && typeof right === "boolean") return left && right;
	if (!isWhole(left) || !isWhole(right)) return overloaded("&", left, right) ?? unsupported(op, left, right);
	return BigInt(left) & BigInt(right);
}

export function bitOr(left: Value, right: Value, op = "|"): Value {
	if (typeof left === "boolean" && typeof right === "boolean") return left || right;
	if (!isWhole(left) || !isWhole(right)) return overloaded("|", left, right) ?? unsupported(op, left, right);
	return BigInt(left) | BigInt(right);
}

export function bitXor(left: Value, right: Value, op = "^"): Value {
	if (typeof left === "boolean" && typeof right === "boolean") return left !== right;
	if (!isWhole(left) || !isWhole(right)) return overloaded("^", left, right) ?? unsupported(op, left, right);
	return BigInt(left) ^ BigInt(right);
}

/** -value */
export function negate(value: Value): Value {
	if (isWhole(value)) return -BigInt(value);
	if (typeof value === "number") return -value;
	return unary("-", value);
}
/** +value */
export function positive(value: Value): Value {
	if (isWhole(value)) return BigInt(value);
	return typeof value === "number" ? value : unary("+", value);
}
/** ~value */
export function invert(value: Value): Value {
	return isWhole(value) ? ~BigInt(value) : unary("~", value);
}

function unary(op: "-" | "+" | "~", value: Value): Value {
	const told = value instanceof PyObject ? value.binary?.(`unary ${op}`, null, false) : undefined;
	return told ?? fail("TypeError", `bad operand type for unary ${op}: '${typeName(value)}'`);
}
