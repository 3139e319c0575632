import type { FixedWidthField } from "../../contract/verdict.ts";
import { textLeaf, type Value } from "../value-tree.ts";
import { delimiterOf, readCsv } from "./csv.ts";
import { readFixedWidth } from "./fixed-width.ts";
import { readForm } from "./form.ts";
import { formOf, readIso8583 } from "./iso8583/read-message.ts";
import { parseJson } from "./json.ts";
import type { Malformed } from "./malformed.ts";
import { boundaryOf, readMultipart } from "./multipart.ts";
import { parseXml, type XmlDocument } from "./xml.ts";

export type Body = {
	notation: "xml" | "json" | "form" | "multipart" | "csv" | "fixed-width" | "iso8583" | "text";
	/** Name of the root element; empty for other notations. */
	root: string;
	value: Value;
	/** Set when the body claims a notation that it does not keep; it is then one text. */
	malformed: string | null;
};

/**
 * The notation is the one that the content type names; without a name, that of the layout where there is one, else the one that the text
 * can be read as.
 */
export function readBody(contentType: string, text: string, layout: readonly FixedWidthField[] = []): Body {
	const named = namedNotation(contentType, text, layout);
	if (named !== null) return settled(named.notation, named.read(), text, named.place);
	const first = /^[\ufeff\s]*(.)/.exec(text)?.[1];
	if (first === "<") return settled("xml", parseXml(text), text, null);
	if (first === "{" || first === "[") return settled("json", parseJson(text), text, null);
	return plainOf(text, null);
}

/** `place`: begins the sentence that says where a text breaks its notation. */
type Named = { notation: Body["notation"]; read(): Value | XmlDocument | Malformed; place: string };

function namedNotation(contentType: string, text: string, layout: readonly FixedWidthField[]): Named | null {
	const message = formOf(contentType);
	if (message !== null) return { notation: "iso8583", read: () => readIso8583(text, message), place: "no ISO 8583 message at byte" };
	if (/\bjson\b|\+json/i.test(contentType))
		return { notation: "json", read: () => parseJson(text), place: "not well-formed JSON at character" };
	if (/\bxml\b|\+xml/i.test(contentType)) return { notation: "xml", read: () => parseXml(text), place: "not well-formed XML at character" };
	if (/\bx-www-form-urlencoded\b/i.test(contentType))
		return { notation: "form", read: () => readForm(text), place: "no form at character" };
	const boundary = boundaryOf(contentType);
	if (boundary !== null)
		return { notation: "multipart", read: () => readMultipart(text, boundary), place: "no multipart form at character" };
	const delimiter = delimiterOf(contentType, text);
	const hasHeader = !/header\s*=\s*"?absent/i.test(contentType);
	if (delimiter !== null) return { notation: "csv", read: () => readCsv(text, delimiter, hasHeader), place: "no table at character" };
	if (layout.length > 0)
		return { notation: "fixed-width", read: () => readFixedWidth(text, layout), place: "not of the given layout at character" };
	return null;
}

function settled(notation: Body["notation"], read: Value | XmlDocument | Malformed, text: string, place: string | null): Body {
	if ("malformed" in read) return plainOf(text, place === null ? null : `${place} ${read.at + 1}: ${read.malformed}`);
	return "root" in read
		? { notation, root: read.root, value: read.value, malformed: null }
		: { notation, root: "", value: read, malformed: null };
}

const plainOf = (text: string, malformed: string | null): Body => ({ notation: "text", root: "", value: textLeaf(text), malformed });
