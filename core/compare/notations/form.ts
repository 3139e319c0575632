import { textLeaf, type Value } from "../value-tree.ts";
import type { Malformed } from "./malformed.ts";

/**
 * `application/x-www-form-urlencoded` as a record: `a=1&b=2&a=3` -> a [ "1", "3" ] · b "2". The order of names does not count, that of
 * one name's values does. Rules: URL Living Standard, section 5.1; a broken escape is refused instead of kept as it stands.
 */
export function readForm(text: string): Value | Malformed {
	const found: [string, string][] = [];
	let at = 0;
	for (const part of text.trim() === "" ? [] : text.trim().split("&")) {
		if (part !== "") {
			const middle = part.indexOf("=");
			const written = middle < 0 ? [part, ""] : [part.slice(0, middle), part.slice(middle + 1)];
			const [name, value] = written.map(decoded);
			if (name === null || value === null || name === undefined || value === undefined) return { malformed: "a broken % escape", at };
			found.push([name, value]);
		}
		at += part.length + 1;
	}
	return recordOf(found);
}

/** Names that stand once are fields, others lists. */
export function recordOf(found: readonly (readonly [string, string])[]): Value {
	const all = new Map<string, string[]>();
	for (const [name, value] of found) all.set(name, [...(all.get(name) ?? []), value]);
	const fields = new Map<string, Value>();
	for (const [name, values] of all)
		fields.set(name, values.length === 1 ? textLeaf(values[0] as string) : { kind: "list", items: values.map(textLeaf) });
	return { kind: "record", fields, sequence: null };
}

function decoded(written: string): string | null {
	try {
		return decodeURIComponent(written.replaceAll("+", " "));
	} catch {
		return null;
	}
}
