import { createSplicer, type Walk } from "./visit.ts";

/** `a=1&b=2`, in a body or behind the `?` of a target. Names may be nested as `a[b]` or `a.b`. */
export const walkForm: Walk = (text, visit) => {
	const splice = createSplicer(text);
	for (const { 0: pair, index } of text.matchAll(/[^&;]+/g)) {
		const equals = pair.indexOf("=");
		const rawName = equals === -1 ? pair : pair.slice(0, equals);
		const name = percentDecode(rawName);
		if (equals === -1) {
			showPart(index, rawName, name, visit([], name, "text"));
			continue;
		}
		showPart(index, rawName, name, visit([], name, "name"));
		const raw = pair.slice(equals + 1);
		const value = percentDecode(raw);
		showPart(index + equals + 1, raw, value, value === "" ? "" : visit(name.split(/[[\].]+/).filter(Boolean), value, "text"));
	}

	function showPart(from: number, raw: string, value: string, next: string): void {
		if (next !== value) splice.replace(from, from + raw.length, percentEncode(next, raw));
	}
	return splice.finish();
};

/** `+` is a blank, as in forms; what is no right encoding stands for itself. */
export function percentDecode(raw: string): string {
	if (!/[%+]/.test(raw)) return raw;
	const text = raw.replaceAll("+", " ");
	try {
		return decodeURIComponent(text);
	} catch {
		return text.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
	}
}

/** As `raw` was written: with `+` or `%20`, and what stood there unencoded stays so. */
export function percentEncode(text: string, raw: string): string {
	const blank = raw.includes("+") ? "+" : "%20";
	return encodeURIComponent(text)
		.replaceAll("%20", blank)
		.replace(/%(?:40|3A|2F|2C|3B|24|5B|5D)/g, (code) => (raw.includes(decodeURIComponent(code)) ? decodeURIComponent(code) : code));
}
