import { CODING, createHeadLines, EXPECT, headerValue, isText, scanLines } from "../http1/head-lines.ts";

/** The request's head as the shadow gets it. */
export type ShadowHead = { bytes: Buffer; method: string; isChunked: boolean; hasBody: boolean };

const lines = createHeadLines();
const shadowMark = "x-phoenix-shadow";
const requestMark = "x-phoenix-request";

/** `forwarded`: the head that legacy got. `id`: of the request. null: it cannot be read. */
export function shadowHeadOf(forwarded: Buffer, id: string): ShadowHead | null {
	const first = forwarded.indexOf(10) + 1;
	const end = first === 0 ? -1 : scanLines(forwarded, first, forwarded.length, lines, false);
	if (end < 0) return null;
	const parts: Buffer[] = [];
	let run = 0;
	let isChunked = false;
	for (let line = 0; line < lines.count; line++) {
		if (lines.kinds[line] === CODING) isChunked = true;
		if (!isLeftOut(forwarded, line)) continue;
		parts.push(forwarded.subarray(run, lines.starts[line]));
		run = lines.nexts[line] as number;
	}
	parts.push(forwarded.subarray(run, end - 2), Buffer.from(`X-Phoenix-Shadow: 1\r\nX-Phoenix-Request: ${id}\r\n\r\n`, "latin1"));
	return {
		bytes: Buffer.concat(parts),
		method: forwarded.toString("latin1", 0, forwarded.indexOf(32)),
		isChunked,
		hasBody: isChunked || (headerValue(forwarded, lines, "content-length") ?? "0") !== "0",
	};
}

/** The body is there, so nobody waits for a `100`; and marks of the client's own would be forged ones. */
function isLeftOut(bytes: Buffer, line: number): boolean {
	if (lines.kinds[line] === EXPECT) return true;
	const [from, to] = [lines.starts[line] as number, lines.colons[line] as number];
	return isText(bytes, from, to, shadowMark) || isText(bytes, from, to, requestMark);
}

/** `orderBy`: `header:X-Account` or `cookie:sid`. null: this request has none, so it has no order to keep. */
export function orderKeyOf(forwarded: Buffer, orderBy: string): string | null {
	const first = forwarded.indexOf(10) + 1;
	if (first === 0 || scanLines(forwarded, first, forwarded.length, lines, false) < 0) return null;
	const name = orderBy.slice(orderBy.indexOf(":") + 1);
	if (orderBy.startsWith("header:")) return headerValue(forwarded, lines, name.toLowerCase()) || null;
	for (const pair of headerValue(forwarded, lines, "cookie")?.split(";") ?? []) {
		const equals = pair.indexOf("=");
		if (equals !== -1 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim() || null;
	}
	return null;
}
