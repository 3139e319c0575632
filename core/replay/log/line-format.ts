import { Fault } from "../../base/index.ts";
import type { LogFields } from "./fields.ts";

/** Reads one line; null: it is not of this format. */
export type ReadLine = (line: string) => LogFields | null;

type Piece = { kind: "literal"; text: string } | { kind: "value"; name: string };

/** What a target may be put together from, and what may stand before it. */
const targetParts = new Set(["request_uri", "uri", "document_uri", "is_args", "args", "query_string", "%U", "%q"]);
const hostNames = new Set(["host", "http_host", "server_name", "%v", "%V"]);

/** The usual formats by name. */
export const namedFormats: Readonly<Record<string, string>> = {
	common: '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent',
	combined: '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"',
	"apache-common": '%h %l %u %t "%r" %>s %b',
	"apache-combined": '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"',
	"apache-vhost": '%v:%p %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i"',
};

/** A format as it stands in `log_format` of nginx or in `LogFormat` of Apache. INPUT_INVALID when nothing in it tells a request. */
export function createLineReader(format: string): ReadLine {
	const pieces = format.includes("$") ? nginxPieces(format) : apachePieces(format.replaceAll('\\"', '"'));
	const names = new Set(pieces.map((piece) => (piece.kind === "value" ? piece.name : "")));
	const tells = (...some: string[]) => some.some((name) => names.has(name));
	if (!tells("request", "%r") && !(tells("request_uri", "uri", "%U", HOST_AND_TARGET) && tells("request_method", "%m")))
		throw new Fault("INPUT_INVALID", { subject: `The log format '${format}'`, reason: "it has no request in it, nor method and target" });
	return (line) => {
		const values = match(pieces, line);
		return values === null ? null : fieldsOf(values);
	};
}

function nginxPieces(format: string): Piece[] {
	return piecesOf(format, /\$(?:\{(\w+)\}|(\w+))/g, ([, braced, bare]) => braced ?? bare ?? "");
}

function apachePieces(format: string): Piece[] {
	return piecesOf(format, /%[<>!\d,]*(?:\{([^}]*)\})?(\^[a-z]{2}|[a-zA-Z])/g, ([, argument, letter]) =>
		argument === undefined ? `%${letter}` : `%{${argument}}${letter}`,
	);
}

function piecesOf(format: string, pattern: RegExp, nameOf: (found: RegExpExecArray) => string): Piece[] {
	const pieces: Piece[] = [];
	let at = 0;
	for (const found of format.matchAll(pattern)) {
		if (found.index > at) pieces.push({ kind: "literal", text: format.slice(at, found.index) });
		const name = nameOf(found);
		// Apache writes the brackets itself.
		if (name === "%t") pieces.push({ kind: "literal", text: "[" }, { kind: "value", name }, { kind: "literal", text: "]" });
		else pieces.push({ kind: "value", name });
		at = found.index + found[0].length;
	}
	if (at < format.length) pieces.push({ kind: "literal", text: format.slice(at) });
	return joined(pieces);
}

/** Literals side by side become one, so that each value ends where the whole of it begins; values side by side where that can be read. */
function joined(pieces: Piece[]): Piece[] {
	return pieces.reduce<Piece[]>((all, piece) => {
		const last = all.at(-1);
		if (last?.kind !== piece.kind) all.push(piece);
		else if (last.kind === "literal" && piece.kind === "literal") all[all.length - 1] = { kind: "literal", text: last.text + piece.text };
		else if (last.kind === "value" && piece.kind === "value")
			all[all.length - 1] = { kind: "value", name: compound(last.name, piece.name) };
		return all;
	}, []);
}

const HOST_AND_TARGET = "host and target";

function compound(first: string, second: string): string {
	if (targetParts.has(second)) {
		if (targetParts.has(first)) return "request_uri";
		if (hostNames.has(first) || first === HOST_AND_TARGET) return HOST_AND_TARGET;
	}
	const reason = `${first} and ${second} stand side by side, so nobody can tell where one ends`;
	throw new Fault("INPUT_INVALID", { subject: "The log format", reason });
}

/** From left to right, each value up to the next literal; within quotes an escaped quote is none. */
function match(pieces: readonly Piece[], line: string): Map<string, string> | null {
	const values = new Map<string, string>();
	let at = 0;
	let before = "";
	for (const [index, piece] of pieces.entries()) {
		if (piece.kind === "literal") {
			if (!line.startsWith(piece.text, at)) return null;
			at += piece.text.length;
			before = piece.text;
			continue;
		}
		const next = pieces[index + 1];
		const end = next === undefined ? line.length : next.kind === "literal" ? endOf(line, at, next.text, before.endsWith('"')) : -1;
		if (end === -1) return null;
		values.set(piece.name, unescapeLog(line.slice(at, end)));
		at = end;
		before = "";
	}
	return at === line.length ? values : null;
}

function endOf(line: string, from: number, literal: string, isQuoted: boolean): number {
	for (let at = line.indexOf(literal, from); at !== -1; at = line.indexOf(literal, at + 1)) {
		if (!isQuoted || !literal.startsWith('"')) return at;
		let slashes = 0;
		while (line[at - 1 - slashes] === "\\") slashes++;
		if (slashes % 2 === 0) return at;
	}
	return -1;
}

const letters: Record<string, string> = { n: "\n", r: "\r", t: "\t", b: "\b", v: "\v", f: "\f" };

/** `\x22` of both, `\"`, `\\` and `\n` of Apache. Bytes become latin1, as everywhere in a recording. */
function unescapeLog(text: string): string {
	const bytes = Buffer.from(text, "utf8").toString("latin1");
	if (!bytes.includes("\\")) return bytes;
	return bytes.replace(/\\(?:x([\da-fA-F]{2})|(.))/g, (_, hex?: string, one?: string) =>
		hex === undefined ? (letters[one ?? ""] ?? one ?? "") : String.fromCharCode(Number.parseInt(hex, 16)),
	);
}

type FieldName = Exclude<keyof LogFields, "headers" | "isEnd">;

const nginxNames: Record<string, FieldName> = {
	request_method: "method",
	request_uri: "target",
	uri: "target",
	server_protocol: "protocol",
	host: "host",
	http_host: "host",
	scheme: "scheme",
	status: "status",
	body_bytes_sent: "bytes",
	time_local: "time",
	time_iso8601: "time",
	msec: "time",
	request_time: "seconds",
	request_body: "body",
};
const apacheNames: Record<string, FieldName> = {
	"%m": "method",
	"%U": "target",
	"%H": "protocol",
	"%v": "host",
	"%V": "host",
	"%s": "status",
	"%b": "bytes",
	"%B": "bytes",
	"%t": "time",
	"%T": "seconds",
	"%D": "us",
	"%{ms}T": "ms",
	"%{us}T": "us",
	"%{s}T": "seconds",
	"%{msec}t": "timeMs",
	"%{sec}t": "time",
};

function fieldsOf(values: Map<string, string>): LogFields {
	const fields: LogFields = { headers: [] };
	for (const [name, value] of values) {
		if (value === "-" || value === "") continue;
		if (name === HOST_AND_TARGET) {
			const path = value.indexOf("/");
			fields.host = path === -1 ? value : value.slice(0, path);
			fields.target = path === -1 ? "/" : value.slice(path);
			continue;
		}
		const known = nginxNames[name] ?? apacheNames[name];
		if (known !== undefined) {
			// Of two that tell the time the one in more detail counts.
			if (known !== "time" || name === "msec" || fields.time === undefined) fields[known] = value;
			if (known === "time" && !name.startsWith("%")) fields.isEnd = true;
		} else if (name === "request" || name === "%r") addRequest(fields, value);
		else if (name === "%q") fields.target = `${fields.target ?? ""}${value}`;
		else addHeader(fields, name, value);
	}
	return fields;
}

export function addRequest(fields: LogFields, line: string): void {
	const [method, ...rest] = line.split(" ");
	const protocol = /^HTTP\/\d/.test(rest.at(-1) ?? "") ? rest.pop() : undefined;
	if (method !== undefined) fields.method = method;
	if (rest.length > 0) fields.target = rest.join(" ");
	if (protocol !== undefined) fields.protocol = protocol;
}

function addHeader(fields: LogFields, name: string, value: string): void {
	const header = /^%\{(.+)\}i$/.exec(name)?.[1] ?? (name.startsWith("http_") ? wireName(name.slice(5)) : undefined);
	if (header !== undefined) fields.headers?.push([header, value]);
	else if (name === "content_type") fields.headers?.push(["Content-Type", value]);
}

/** `user_agent` -> `User-Agent`: the log has forgotten how it was written. */
export const wireName = (name: string): string =>
	name
		.split("_")
		.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
		.join("-");
