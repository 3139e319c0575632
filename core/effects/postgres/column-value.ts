import type { SqlValue } from "../../contract/effects.ts";

/** Settings of the connection under which a value's text is exact and does not depend on the server's configuration. */
export const textSettings: Readonly<Record<string, string>> = {
	bytea_output: "hex",
	datestyle: "ISO, YMD",
	extra_float_digits: "3",
	intervalstyle: "postgres",
	lc_monetary: "C",
	timezone: "UTC",
	xmloption: "content",
};

const bool = 16;
const bytea = 17;
/** int8, int2, int4, oid, xid */
const integers = new Set([20, 21, 23, 26, 28]);
/** float4, float8 */
const reals = new Set([700, 701]);

/**
 * One value from its text (SPEC.md, P3). `type`: the oid of its type, that of the base type for a domain. Numeric stays the exact
 * text that the server wrote, scale included. Undefined for bytes that are no UTF-8 (a database in SQL_ASCII).
 */
export function columnValue(bytes: Buffer, type: number): SqlValue | undefined {
	const text = bytes.toString("utf8");
	if (integers.has(type)) return { i: text };
	if (type === bool) return { i: text === "t" ? "1" : "0" };
	if (type === bytea) return { b: Buffer.from(text.slice(2), "hex").toString("base64") };
	if (reals.has(type)) {
		const value = Number(text);
		// NaN and the infinities have no JSON number: they stay text.
		return Number.isFinite(value) ? { r: value } : { t: text };
	}
	if (text.includes("\ufffd") && !Buffer.from(text, "utf8").equals(bytes)) return undefined;
	return { t: text };
}
