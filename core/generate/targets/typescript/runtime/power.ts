import { OverflowError, ZeroDivisionError } from "./errors.ts";

/** A power of floats; an overflow is an error. Complex results are not supported and fail loudly. */
export function power(base: number, exponent: number): number {
	if (base === 1 || exponent === 0) return 1;
	if (base === 0 && exponent < 0) throw new ZeroDivisionError("0.0 cannot be raised to a negative power");
	if (base === -1 && !Number.isFinite(exponent) && !Number.isNaN(exponent)) return 1;
	const result = base ** exponent;
	if (Number.isNaN(result) && !Number.isNaN(base) && !Number.isNaN(exponent)) throw new RangeError("the power is a complex number");
	if (!Number.isFinite(result) && Number.isFinite(base) && Number.isFinite(exponent))
		throw new OverflowError("numerical result out of range");
	return result;
}
