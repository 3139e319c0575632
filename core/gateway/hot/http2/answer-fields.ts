import { CODING, CONNECTION, createHeadLines, HOP, isNamedByConnection, LENGTH, PLAIN, scanLines, UPGRADE } from "../http1/head-lines.ts";
import type { ResponseHead } from "../http1/response-head.ts";

/** Names and values in turn, in lower case, in the order of the wire. */
export type Fields = string[];

/** An HTTP/1.1 answer's lines for an HTTP/2 client: without those of the upstream's own hop, and without what framed its body there. */
export function answerFields({ status, bytes, lines }: ResponseHead): Fields {
	const fields: Fields = [":status", String(status)];
	let lengths = 0;
	let naming = false;
	for (let line = 0; line < lines.count; line++) if (lines.kinds[line] === CONNECTION) naming = true;
	for (let line = 0; line < lines.count; line++) {
		const kind = lines.kinds[line];
		if (kind === CONNECTION || kind === HOP || kind === UPGRADE || kind === CODING) continue;
		if (kind === LENGTH && (status < 200 || status === 204 || lengths++ > 0)) continue;
		const name = bytes.toString("latin1", lines.starts[line], lines.colons[line]).toLowerCase();
		if (name === "http2-settings" || (kind === PLAIN && naming && isNamedByConnection(bytes, lines, name))) continue;
		fields.push(name, textOf(bytes, lines.values[line] as number, lines.ends[line] as number));
	}
	return fields;
}

/** Leniently read answers may hold control characters; they become blanks, as towards an HTTP/1.1 client. */
function textOf(bytes: Buffer, from: number, to: number): string {
	return bytes.toString("latin1", from, to).replace(control, " ");
}

/** Control characters of ASCII, without the tab. */
const control = /[^\t -~\u0080-\uffff]/g;

const trailer = createHeadLines();

/** Trailer lines, as `BodySink.onTrailers` gives them, as fields. */
export function trailerFields(bytes: Buffer): Fields {
	const fields: Fields = [];
	if (scanLines(bytes, 0, bytes.length, trailer, false) < 0) return fields;
	for (let line = 0; line < trailer.count; line++) {
		fields.push(bytes.toString("latin1", trailer.starts[line], trailer.colons[line]).toLowerCase());
		fields.push(textOf(bytes, trailer.values[line] as number, trailer.ends[line] as number));
	}
	return fields;
}

/** As node's `sendTrailers` wants them. */
export function asObject(fields: Fields): Record<string, string | string[]> {
	const object: Record<string, string | string[]> = {};
	for (let index = 0; index < fields.length; index += 2) {
		const name = fields[index] as string;
		const value = fields[index + 1] as string;
		const known = object[name];
		object[name] = known === undefined ? value : typeof known === "string" ? [known, value] : [...known, value];
	}
	return object;
}
