import { ZeroDivisionError } from "./errors.ts";

/** Floor of the exact quotient of two floats (the algorithm of CPython's `float_divmod`). */
export function floatFloorDivide(dividend: number, divisor: number): number {
	return divmod(dividend, divisor)[0];
}

/** Remainder of two floats with the sign of the divisor. */
export function floatFloorModulo(dividend: number, divisor: number): number {
	return divmod(dividend, divisor)[1];
}

function divmod(dividend: number, divisor: number): [number, number] {
	if (divisor === 0) throw new ZeroDivisionError("float floor division by zero");
	let remainder = dividend % divisor;
	let quotient = (dividend - remainder) / divisor;
	if (remainder !== 0) {
		if (divisor < 0 !== remainder < 0) {
			remainder += divisor;
			quotient -= 1;
		}
	} else remainder = divisor < 0 ? -0 : 0;
	if (quotient === 0) return [withSignOf(0, dividend / divisor), remainder];
	const whole = Math.floor(quotient);
	return [quotient - whole > 0.5 ? whole + 1 : whole, remainder];
}

function withSignOf(value: number, model: number): number {
	return model < 0 || Object.is(model, -0) ? -value : value;
}
