// HTTP/1.1 read by the letter of RFC 9112 and nothing else, slowly, from text: an opinion of its own, sharing no code with the gateway.

export type StrictRequest = { method: string; target: string; body: string; raw: string };
export type StrictReading = {
	requests: StrictRequest[];
	/** Of the last one only the head has come: where it ends. */
	openHead: string | null;
	/** Why the rest is no request. */
	fault: string | null;
	rest: string;
};

const line = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*((?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?)[ \t]*$/;

export function readStrictly(text: string): StrictReading {
	const reading: StrictReading = { requests: [], openHead: null, fault: null, rest: text };
	while (reading.rest !== "") {
		const end = reading.rest.indexOf("\r\n\r\n");
		if (end === -1) return reading;
		const head = reading.rest.slice(0, end);
		const start = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([\x21-\x7e\x80-\xff]+) HTTP\/1\.([01])$/.exec(head.split("\r\n")[0] ?? "");
		if (start === null) return { ...reading, fault: "request line" };
		const lines = linesOf(head);
		if (lines === null) return { ...reading, fault: "header line" };
		const framed = bodyOf(lines, reading.rest.slice(end + 4));
		if (typeof framed === "string") return { ...reading, fault: framed };
		if (start[3] === "1" && lines.filter(([name]) => name === "host").length !== 1) return { ...reading, fault: "Host" };
		if (framed === null) return { ...reading, openHead: head };
		const raw = reading.rest.slice(0, end + 4 + framed.length);
		reading.requests.push({ method: start[1] ?? "", target: start[2] ?? "", body: framed.body, raw });
		reading.rest = reading.rest.slice(raw.length);
	}
	return reading;
}

function linesOf(head: string): [string, string][] | null {
	const lines: [string, string][] = [];
	for (const one of head.split("\r\n").slice(1)) {
		const parts = line.exec(one);
		if (parts === null) return null;
		lines.push([(parts[1] ?? "").toLowerCase(), parts[2] ?? ""]);
	}
	return lines;
}

/** The body and how long it is with its framing; null while it is not whole; a text says what is wrong. */
function bodyOf(lines: [string, string][], rest: string): { body: string; length: number } | string | null {
	const valuesOf = (wanted: string) => lines.filter(([name]) => name === wanted).map(([, value]) => value);
	const [lengths, codings] = [valuesOf("content-length"), valuesOf("transfer-encoding")];
	if (lengths.length + codings.length > 1) return "framed twice";
	if (codings.length === 1) return codings[0]?.toLowerCase() === "chunked" ? chunksOf(rest) : "coding";
	if (lengths.length === 0) return { body: "", length: 0 };
	if (!/^\d{1,15}$/.test(lengths[0] ?? "")) return "length";
	const length = Number(lengths[0]);
	return rest.length < length ? null : { body: rest.slice(0, length), length };
}

function chunksOf(text: string): { body: string; length: number } | string | null {
	let at = 0;
	let body = "";
	for (;;) {
		const end = text.indexOf("\r\n", at);
		if (end === -1) return null;
		const size = text.slice(at, end);
		if (!/^[0-9a-fA-F]{1,12}$/.test(size)) return "chunk size";
		const length = Number.parseInt(size, 16);
		at = end + 2;
		if (length === 0) break;
		if (text.length < at + length + 2) return null;
		body += text.slice(at, at + length);
		if (text.slice(at + length, at + length + 2) !== "\r\n") return "chunk end";
		at += length + 2;
	}
	for (;;) {
		const end = text.indexOf("\r\n", at);
		if (end === -1) return null;
		const one = text.slice(at, end);
		at = end + 2;
		if (one === "") return { body, length: at };
		if (!line.test(one)) return "trailer";
	}
}

/** Of what a client got: the status of the final answer, and whether it can be seen to be whole. */
export function readFinalAnswer(text: string, method: string, isEnded: boolean): { status: number; isWhole: boolean } | null {
	let rest = text;
	for (;;) {
		const end = rest.indexOf("\r\n\r\n");
		const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(rest)?.[1] ?? Number.NaN);
		if (end === -1 || Number.isNaN(status)) return null;
		const lines = linesOf(rest.slice(0, end)) ?? [];
		const after = rest.slice(end + 4);
		if (status < 200) {
			rest = after;
			continue;
		}
		if (method === "HEAD" || status === 204 || status === 304) return { status, isWhole: true };
		const isFramed = lines.some(([name]) => name === "content-length" || name === "transfer-encoding");
		const framed = isFramed ? bodyOf(lines, after) : isEnded ? { body: after, length: after.length } : null;
		return { status, isWhole: framed !== null && typeof framed !== "string" };
	}
}
