/** The legacy language's format specification, as far as it can be written exactly. */
export type FormatSpec = {
	fill: string;
	align: "" | "<" | ">" | "^";
	sign: "" | "+" | " ";
	zeros: boolean;
	width: number;
	grouped: boolean;
	digits: number | null;
	/** `f` for fixed decimals; empty for the plain text of the value. */
	form: "" | "f";
};

const pattern = /^(?:(.)?([<>^]))?([+ -])?(0)?(\d+)?(,)?(?:\.(\d+))?([dfFs])?$/u;

/** null: not understood. */
export function parseSpec(text: string): FormatSpec | null {
	const match = pattern.exec(text);
	if (match === null) return null;
	const [, fill, align = "", sign = "", zero, width, comma, digits, form = ""] = match;
	const digitCount = digits === undefined ? null : Number(digits);
	// Zeros that come with an alignment of their own are an ordinary fill.
	const zeros = zero !== undefined && align === "";
	if (digitCount !== null && digitCount > 50) return null;
	return {
		fill: fill ?? (zero !== undefined && align !== "" ? "0" : " "),
		align: align as FormatSpec["align"],
		sign: sign === "-" ? "" : (sign as FormatSpec["sign"]),
		zeros,
		width: width === undefined ? 0 : Number(width),
		grouped: comma !== undefined,
		digits: digitCount,
		form: form === "f" || form === "F" ? "f" : "",
	};
}
