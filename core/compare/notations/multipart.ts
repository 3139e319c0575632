import { textLeaf, type Value } from "../value-tree.ts";
import type { Malformed } from "./malformed.ts";

/** The boundary that a content type names; null: it is no multipart form. */
export function boundaryOf(contentType: string): string | null {
	if (!/^\s*multipart\/form-data\b/i.test(contentType)) return null;
	const found = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
	return found === null ? null : (found[1] ?? found[2] ?? null);
}

/**
 * `multipart/form-data` (RFC 7578) as a record: each part under its name, with its file name and type where it has them. The boundary and
 * the order of parts of different names do not count.
 */
export function readMultipart(text: string, boundary: string): Value | Malformed {
	const delimiter = `--${boundary}`;
	let at = text.startsWith(delimiter) ? 0 : text.indexOf(`\r\n${delimiter}`) + 2;
	if (!text.startsWith(delimiter, at)) return { malformed: "the boundary does not stand in it", at: 0 };
	const found = new Map<string, Value[]>();
	for (;;) {
		at += delimiter.length;
		if (text.startsWith("--", at)) break;
		const head = /^[ \t]*\r\n/.exec(text.slice(at, at + 80))?.[0];
		const begin = at + (head?.length ?? 0);
		const blank = text.startsWith("\r\n", begin) ? begin : text.indexOf("\r\n\r\n", begin) + 2;
		const end = text.indexOf(`\r\n${delimiter}`, blank);
		if (head === undefined || blank < begin || end < 0) return { malformed: "a part does not end", at };
		const lines = text.slice(begin, blank).split("\r\n");
		const disposition = lines.find((line) => /^content-disposition:/i.test(line)) ?? "";
		const name = /;\s*name="((?:[^"\\]|\\.)*)"/i.exec(disposition)?.[1];
		if (name === undefined) return { malformed: "a part has no name", at: begin };
		const file = /;\s*filename="((?:[^"\\]|\\.)*)"/i.exec(disposition)?.[1];
		const type = lines.find((line) => /^content-type:/i.test(line))?.replace(/^[^:]*:\s*/, "");
		const content = textLeaf(text.slice(blank + 2, end));
		const described = [
			["filename", file],
			["type", type],
		].flatMap(([key = "", word]): [string, Value][] => (word === undefined ? [] : [[key, textLeaf(word)]]));
		const value: Value =
			described.length === 0 ? content : { kind: "record", fields: new Map([...described, ["content", content]]), sequence: null };
		found.set(name, [...(found.get(name) ?? []), value]);
		at = end + 2;
	}
	const fields = new Map<string, Value>();
	for (const [name, values] of found) fields.set(name, values.length === 1 ? (values[0] as Value) : { kind: "list", items: values });
	return { kind: "record", fields, sequence: null };
}
