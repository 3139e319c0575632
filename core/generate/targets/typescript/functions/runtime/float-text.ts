/** The shortest text that reads back as the same number, always with a point or an exponent: `3.0`, `1e+16`. */
export function floatText(value: number): string {
	if (Number.isNaN(value)) return "nan";
	const sign = value < 0 || Object.is(value, -0) ? "-" : "";
	const size = Math.abs(value);
	if (size === Number.POSITIVE_INFINITY) return `${sign}inf`;
	if (size === 0) return `${sign}0.0`;
	const [mantissa = "", power = "0"] = size.toExponential().split("e");
	const exponent = Number(power);
	if (exponent >= -4 && exponent < 16) {
		const plain = String(size);
		return sign + (plain.includes(".") ? plain : `${plain}.0`);
	}
	return `${sign}${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

/** A finite double as exactly `numerator / 2^shift`, shift >= 0. */
export function exactRatio(value: number): { numerator: bigint; shift: bigint } {
	const view = new DataView(new ArrayBuffer(8));
	view.setFloat64(0, value);
	const bits = view.getBigUint64(0);
	const biased = (bits >> 52n) & 0x7ffn;
	const fraction = bits & 0xfffffffffffffn;
	let numerator = biased === 0n ? fraction : fraction | (1n << 52n);
	let exponent = (biased === 0n ? 1n : biased) - 1075n;
	while (exponent < 0n && (numerator & 1n) === 0n && numerator !== 0n) {
		numerator >>= 1n;
		exponent += 1n;
	}
	if (numerator === 0n) exponent = 0n;
	if (exponent > 0n) {
		numerator <<= exponent;
		exponent = 0n;
	}
	return { numerator: bits >> 63n === 1n ? -numerator : numerator, shift: -exponent };
}

/** `numerator / divisor` to the nearest whole number, ties to even; divisor > 0. */
export function divideToEven(numerator: bigint, divisor: bigint): bigint {
	let quotient = numerator / divisor;
	let rest = numerator % divisor;
	if (rest < 0n) {
		rest += divisor;
		quotient -= 1n;
	}
	const twice = rest * 2n;
	return twice > divisor || (twice === divisor && (quotient & 1n) === 1n) ? quotient + 1n : quotient;
}

/** A finite `value` times 10^digits to the nearest whole number by its exact binary value, ties to even. */
export function scaledToEven(value: number, digits: number): bigint {
	const { numerator, shift } = exactRatio(value);
	const divisor = 1n << shift;
	return digits >= 0 ? divideToEven(numerator * 10n ** BigInt(digits), divisor) : divideToEven(numerator, divisor * 10n ** BigInt(-digits));
}
