import { type RecordValue, textLeaf, type Value } from "../value-tree.ts";
import type { Malformed } from "./malformed.ts";
import { outermost, type Scope, scopeOf } from "./namespaces.ts";

export type XmlDocument = { root: string; value: Value };

const maxDepth = 200;
const nameAt = /[A-Za-z_:\u00c0-\ufffd][\w:.\-\u00b7-\ufffd]*/y;
const blankAt = /[ \t\r\n]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 forbids exactly these.
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

class Broken extends Error {
	readonly at: number;
	constructor(message: string, at: number) {
		super(message);
		this.at = at;
	}
}

/**
 * Reads one well-formed XML 1.0 document without a document type declaration (no entity but the five predefined ones).
 * Elements with children become records, repeated children lists, attributes `@NAME`, all other elements their exact text.
 * Text beside child elements is kept as `#text` when it is not blank. A prefix is no part of a name: an element of another namespace than
 * its parent's has that as `@xmlns`, an attribute of one is `@{namespace}name`.
 */
export function parseXml(text: string): XmlDocument | Malformed {
	try {
		return readDocument(text);
	} catch (error) {
		if (error instanceof Broken) return { malformed: error.message, at: error.at };
		throw error;
	}
}

function readDocument(text: string): XmlDocument {
	const bad = forbidden.exec(text);
	if (bad) throw new Broken("a control character that XML does not allow", bad.index);
	const cursor = { text, at: text.charCodeAt(0) === 0xfeff ? 1 : 0 };
	if (text.startsWith("<?xml", cursor.at) && /[ \t\r\n]/.test(text[cursor.at + 5] ?? "")) skipPast(cursor, "?>", "an unfinished prolog");
	skipMisc(cursor);
	if (text[cursor.at] !== "<") throw new Broken("no root element", cursor.at);
	const document = readElement(cursor, 0, outermost(text));
	skipMisc(cursor);
	if (cursor.at < text.length) throw new Broken("content after the root element", cursor.at);
	return document;
}

type Cursor = { text: string; at: number };

function readElement(cursor: Cursor, depth: number, outer: Scope): XmlDocument {
	if (depth > maxDepth) throw new Broken(`elements nested deeper than ${maxDepth}`, cursor.at);
	cursor.at++;
	const written = readName(cursor);
	const { name: root, attributes, scope } = scopeOf(written, readAttributes(cursor), outer);
	if (new Set(attributes.map(([name]) => name)).size < attributes.length)
		throw new Broken(`two attributes of <${written}> have one name`, cursor.at);
	if (cursor.text.startsWith("/>", cursor.at)) {
		cursor.at += 2;
		return { root, value: assemble(attributes, [], "") };
	}
	if (cursor.text[cursor.at] !== ">") throw new Broken(`an unfinished tag <${written}`, cursor.at);
	cursor.at++;
	const children: XmlDocument[] = [];
	let content = "";
	for (;;) {
		const next = cursor.text.indexOf("<", cursor.at);
		if (next < 0) throw new Broken(`<${written}> is not closed`, cursor.text.length);
		content += characters(cursor.text.slice(cursor.at, next), cursor.at);
		cursor.at = next;
		if (cursor.text.startsWith("</", next)) break;
		if (cursor.text.startsWith("<![CDATA[", next)) {
			const end = skipPast(cursor, "]]>", "an unfinished CDATA section");
			content += lines(cursor.text.slice(next + 9, end));
		} else if (cursor.text.startsWith("<!--", next)) skipComment(cursor);
		else if (cursor.text.startsWith("<?", next)) skipPast(cursor, "?>", "an unfinished processing instruction");
		else children.push(readElement(cursor, depth + 1, scope));
	}
	cursor.at += 2;
	const closing = readName(cursor);
	if (closing !== written) throw new Broken(`</${closing}> closes <${written}>`, cursor.at);
	skipBlank(cursor);
	if (cursor.text[cursor.at] !== ">") throw new Broken(`an unfinished tag </${written}`, cursor.at);
	cursor.at++;
	return { root, value: assemble(attributes, children, content) };
}

function assemble(attributes: [string, string][], children: XmlDocument[], content: string): Value {
	if (attributes.length === 0 && children.length === 0) return textLeaf(content);
	const fields: RecordValue["fields"] = new Map();
	for (const [name, value] of attributes) fields.set(`@${name}`, textLeaf(value));
	for (const { root, value } of children) {
		const before = fields.get(root);
		if (before === undefined) fields.set(root, value);
		else if (before.kind === "list") before.items.push(value);
		else fields.set(root, { kind: "list", items: [before, value] });
	}
	if (content.trim() !== "") fields.set("#text", textLeaf(content));
	return { kind: "record", fields, sequence: children.map((child) => child.root) };
}

function readAttributes(cursor: Cursor): [string, string][] {
	const attributes: [string, string][] = [];
	for (;;) {
		const from = cursor.at;
		skipBlank(cursor);
		const next = cursor.text[cursor.at];
		if (next === ">" || next === "/" || next === undefined) return attributes;
		if (cursor.at === from) throw new Broken("a blank is missing before an attribute", from);
		const name = readName(cursor);
		skipBlank(cursor);
		if (cursor.text[cursor.at] !== "=") throw new Broken(`attribute ${name} has no value`, cursor.at);
		cursor.at++;
		skipBlank(cursor);
		const quote = cursor.text[cursor.at];
		if (quote !== '"' && quote !== "'") throw new Broken(`the value of attribute ${name} is not quoted`, cursor.at);
		const end = cursor.text.indexOf(quote, cursor.at + 1);
		if (end < 0) throw new Broken(`the value of attribute ${name} does not end`, cursor.at);
		const raw = cursor.text.slice(cursor.at + 1, end);
		if (raw.includes("<")) throw new Broken(`a < in the value of attribute ${name}`, cursor.at);
		if (attributes.some(([other]) => other === name)) throw new Broken(`attribute ${name} twice`, from);
		attributes.push([name, characters(raw.replace(/\r\n|[\t\r\n]/g, " "), cursor.at + 1)]);
		cursor.at = end + 1;
	}
}

function characters(raw: string, at: number): string {
	if (raw.includes("]]>")) throw new Broken("]]> outside a CDATA section", at + raw.indexOf("]]>"));
	const text = lines(raw);
	if (!text.includes("&")) return text;
	return text.replace(/&([^;]*;?)/g, (whole, body: string) => {
		const name = body.endsWith(";") ? body.slice(0, -1) : "";
		const code = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(name);
		if (code) return character(code[1] ? Number.parseInt(code[1], 16) : Number(code[2]), at);
		const known = Object.hasOwn(entities, name) ? entities[name] : undefined;
		if (known === undefined) throw new Broken(`${whole.slice(0, 20)} is not a known entity`, at);
		return known;
	});
}

function character(code: number, at: number): string {
	const text = code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? "\u0000" : String.fromCodePoint(code);
	if (forbidden.test(text)) throw new Broken(`character ${code} is not allowed in XML`, at);
	return text;
}

const lines = (text: string): string => (text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text);

function readName(cursor: Cursor): string {
	nameAt.lastIndex = cursor.at;
	const name = nameAt.exec(cursor.text)?.[0];
	if (name === undefined) throw new Broken("a name is missing", cursor.at);
	cursor.at += name.length;
	return name;
}

function skipBlank(cursor: Cursor): void {
	blankAt.lastIndex = cursor.at;
	blankAt.exec(cursor.text);
	cursor.at = blankAt.lastIndex;
}

function skipMisc(cursor: Cursor): void {
	for (;;) {
		skipBlank(cursor);
		if (cursor.text.startsWith("<!--", cursor.at)) skipComment(cursor);
		else if (cursor.text.startsWith("<?", cursor.at)) skipPast(cursor, "?>", "an unfinished processing instruction");
		else if (cursor.text.startsWith("<!", cursor.at)) throw new Broken("a document type declaration, which is not read", cursor.at);
		else return;
	}
}

function skipComment(cursor: Cursor): void {
	const from = cursor.at;
	cursor.at += 4;
	const end = skipPast(cursor, "--", "an unfinished comment");
	if (cursor.text[end + 2] !== ">") throw new Broken("-- inside a comment", from);
	cursor.at = end + 3;
}

/** Moves past `mark` and gives back where it began. */
function skipPast(cursor: Cursor, mark: string, failure: string): number {
	const end = cursor.text.indexOf(mark, cursor.at);
	if (end < 0) throw new Broken(failure, cursor.at);
	cursor.at = end + mark.length;
	return end;
}
