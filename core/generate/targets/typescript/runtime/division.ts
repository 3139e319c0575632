import { ZeroDivisionError } from "./errors.ts";

/** The quotient; a divisor of zero is an error, not Infinity. */
export function divide(dividend: number, divisor: number): number {
	if (divisor === 0) throw new ZeroDivisionError("division by zero");
	return dividend / divisor;
}

/** A divisor that is not zero, or the error. */
export function nonZero(divisor: number): number {
	if (divisor === 0) throw new ZeroDivisionError("division by zero");
	return divisor;
}
