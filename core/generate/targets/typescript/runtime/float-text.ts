/** The shortest text that reads back as the same number, always with a point or an exponent: `3.0`, `1e+16`. */
export function floatText(value: number): string {
	if (Number.isNaN(value)) return "nan";
	const sign = value < 0 || Object.is(value, -0) ? "-" : "";
	const size = Math.abs(value);
	if (size === Infinity) return `${sign}inf`;
	if (size === 0) return `${sign}0.0`;
	const [mantissa = "", power = "0"] = size.toExponential().split("e");
	const exponent = Number(power);
	if (exponent >= -4 && exponent < 16) {
		const plain = String(size);
		return sign + (plain.includes(".") ? plain : `${plain}.0`);
	}
	return `${sign}${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}
