import { formOf, readIso8583 } from "./iso8583/read-message.ts";
import { parseJson } from "./json.ts";
import { textLeaf, type Value } from "./value-tree.ts";
import { parseXml } from "./xml.ts";

export type Body = {
	notation: "xml" | "json" | "iso8583" | "text";
	/** Name of the root element; empty for other notations. */
	root: string;
	value: Value;
	/** Set when the body claims a notation that it does not keep; it is then one text. */
	malformed: string | null;
};

/** The notation is the one that the content type names; without a name, the one that the text can be read as. */
export function readBody(contentType: string, text: string): Body {
	const form = formOf(contentType);
	if (form !== null) {
		const message = readIso8583(text, form);
		if (!("malformed" in message)) return { notation: "iso8583", root: "", value: message, malformed: null };
		return { ...plainOf(text), malformed: `no ISO 8583 message at byte ${message.at + 1}: ${message.malformed}` };
	}
	const named = /\bjson\b|\+json/i.test(contentType) ? "json" : /\bxml\b|\+xml/i.test(contentType) ? "xml" : null;
	const first = /^[\ufeff\s]*(.)/.exec(text)?.[1];
	const notation = named ?? (first === "<" ? "xml" : first === "{" || first === "[" ? "json" : "text");
	const plain = plainOf(text);
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

const plainOf = (text: string): Body => ({ notation: "text", root: "", value: textLeaf(text), malformed: null });
