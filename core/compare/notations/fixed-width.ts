import type { FixedWidthField } from "../../contract/verdict.ts";
import { textLeaf, type Value } from "../value-tree.ts";
import type { Malformed } from "./malformed.ts";

/** The last digit of a zoned number with its sign over it, as EBCDIC's become in ASCII: `{` is +0, `A` +1, `}` -0, `J` -1. */
const overpunched = { plus: "{ABCDEFGHI", minus: "}JKLMNOPQR" };

/**
 * Lines of fields at fixed places as a list of records. Text keeps its characters but for the padding on its right; a number is written
 * without leading zeros, with its sign and implied decimals: `000012345` with two decimals is 123.45. A field that holds no number where
 * one is due keeps its text, so that garbage is compared as it stands.
 */
export function readFixedWidth(text: string, fields: readonly FixedWidthField[]): Value | Malformed {
	const width = Math.max(0, ...fields.map(({ from, length }) => from + length - 1));
	const items: Value[] = [];
	let at = 0;
	for (const line of text.split(/\r\n|\n/)) {
		const isEnd = at + line.length >= text.length && line === "";
		if (!isEnd) {
			if (line.length < width) return { malformed: `a line of ${line.length} characters, ${width} are due`, at };
			const named = fields.map((field): [string, Value] => [field.name, textLeaf(fieldText(line, field))]);
			const rest = line.slice(width).trimEnd();
			items.push({ kind: "record", fields: new Map(rest === "" ? named : [...named, ["(rest)", textLeaf(rest)]]), sequence: null });
		}
		at += line.length + (text.startsWith("\r\n", at + line.length) ? 2 : 1);
	}
	return { kind: "list", items };
}

function fieldText(line: string, { from, length, type, decimals = 0 }: FixedWidthField): string {
	const raw = line.slice(from - 1, from - 1 + length);
	return type === "number" ? (zoned(raw.trim(), decimals) ?? raw) : raw.trimEnd();
}

/** Null: it is no number. */
function zoned(text: string, decimals: number): string | null {
	const found = /^([+-]?)(\d*)([\d{}A-R])([+-]?)$/.exec(text);
	if (found === null || (found[1] !== "" && found[4] !== "")) return null;
	const [, before, head, last, after] = found as unknown as [string, string, string, string, string];
	const over = /\d/.test(last) ? null : overpunched.plus.includes(last) ? "+" : "-";
	if (over !== null && before + after !== "") return null;
	const digit = over === null ? last : String((over === "+" ? overpunched.plus : overpunched.minus).indexOf(last));
	const digits = (head + digit).padStart(decimals + 1, "0");
	const whole = digits.slice(0, digits.length - decimals).replace(/^0+(?=\d)/, "");
	const size = decimals === 0 ? whole : `${whole}.${digits.slice(digits.length - decimals)}`;
	const isNegative = before === "-" || after === "-" || over === "-";
	return isNegative && /[1-9]/.test(size) ? `-${size}` : size;
}
