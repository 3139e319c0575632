import { parseJson } from "./json.ts";
import { textLeaf, type Value } from "./value-tree.ts";
import { parseXml } from "./xml.ts";

export type Body = {
	notation: "xml" | "json" | "text";
	/** Name of the root element; empty for other notations. */
	root: string;
	value: Value;
	/** Set when the body claims a notation that it does not keep; it is then one text. */
	malformed: string | null;
};

/** The notation is the one that the content type names; without a name, the one that the text can be read as. */
export function readBody(contentType: string, text: string): Body {
	const named = /\bjson\b|\+json/i.test(contentType) ? "json" : /\bxml\b|\+xml/i.test(contentType) ? "xml" : null;
	const first = /^[\ufeff\s]*(.)/.exec(text)?.[1];
	const notation = named ?? (first === "<" ? "xml" : first === "{" || first === "[" ? "json" : "text");
	const plain: Body = { notation: "text", root: "", value: textLeaf(text), malformed: null };
	if (notation === "text") return plain;
	const parsed = notation === "xml" ? parseXml(text) : parseJson(text);
	if ("malformed" in parsed) {
		const place = named ? `not well-formed ${notation.toUpperCase()} at character ${parsed.at + 1}: ${parsed.malformed}` : null;
		return { ...plain, malformed: place };
	}
	return "root" in parsed
		? { notation: "xml", root: parsed.root, value: parsed.value, malformed: null }
		: { notation: "json", root: "", value: parsed, malformed: null };
}
