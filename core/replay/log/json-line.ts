import type { LogFields } from "./fields.ts";
import { addRequest, type ReadLine, wireName } from "./line-format.ts";

/** Names that JSON logs use (nginx by hand, Caddy, Traefik, Envoy, ECS), in lower case, dots between levels. The first that is there counts. */
const names: Record<Exclude<keyof LogFields, "headers" | "isEnd">, readonly string[]> = {
	method: ["request_method", "method", "request.method", "requestmethod", "http.request.method", "http_method", "verb"],
	target: ["request_uri", "request.uri", "requestpath", "uri", "url.original", "path", "url", "http.request.target"],
	protocol: ["server_protocol", "request.proto", "requestprotocol", "protocol"],
	host: ["http_host", "host", "request.host", "requesthost", "authority", "url.domain", "server_name"],
	scheme: ["scheme", "requestscheme", "url.scheme"],
	status: ["status", "response.status", "downstreamstatus", "response_code", "http.response.status_code", "status_code"],
	bytes: ["body_bytes_sent", "bytes_sent", "size", "downstreamcontentsize", "http.response.body.bytes"],
	time: ["time_iso8601", "time_local", "msec", "ts", "startutc", "start_time", "@timestamp", "timestamp", "time"],
	timeMs: ["time_ms"],
	seconds: ["request_time", "duration_seconds"],
	ms: ["duration_ms", "latency_ms", "response_time_ms"],
	us: ["duration_us"],
	ns: ["event.duration"],
	body: ["request_body"],
};
const atTheEnd = new Set(["time_iso8601", "time_local", "msec", "ts"]);

export const readJsonLine: ReadLine = (line) => {
	const record = parse(line);
	if (record === null) return null;
	const flat = new Map<string, string>();
	flatten(record, "", flat);
	const fields: LogFields = { headers: headersOf(record, flat) };
	for (const [field, candidates] of Object.entries(names) as [keyof typeof names, readonly string[]][]) {
		const name = candidates.find((one) => (flat.get(one) ?? "") !== "" && flat.get(one) !== "-");
		if (name === undefined) continue;
		fields[field] = flat.get(name) as string;
		if (field === "time") fields.isEnd = atTheEnd.has(name);
	}
	const request = flat.get("request");
	if (fields.target === undefined && request !== undefined) addRequest(fields, request);
	const query = flat.get("query_string") ?? flat.get("args");
	if (fields.target !== undefined && query !== undefined && query !== "" && !fields.target.includes("?")) fields.target += `?${query}`;
	// Caddy counts seconds, Traefik nanoseconds; both call it a duration.
	const duration = flat.get("duration");
	if (duration !== undefined && Object.hasOwn(record, "StartUTC")) fields.ns = duration;
	else if (duration !== undefined && fields.seconds === undefined) fields.seconds = duration;
	return fields;
};

function headersOf(record: Record<string, unknown>, flat: Map<string, string>): [string, string][] {
	const request = record.request;
	const held = typeof request === "object" && request !== null ? (request as { headers?: unknown }).headers : record.request_headers;
	if (typeof held === "object" && held !== null)
		return Object.entries(held).flatMap(([name, value]): [string, string][] =>
			(Array.isArray(value) ? value : [value]).map((one) => [name, bytesOf(String(one))]),
		);
	return [...flat]
		.filter(([name, value]) => name.startsWith("http_") && name !== "http_host" && value !== "" && value !== "-")
		.map(([name, value]) => [wireName(name.slice(5)), value]);
}

function flatten(value: Record<string, unknown>, prefix: string, into: Map<string, string>): void {
	for (const [name, held] of Object.entries(value)) {
		const path = `${prefix}${name.toLowerCase()}`;
		if (typeof held === "object" && held !== null && !Array.isArray(held)) flatten(held as Record<string, unknown>, `${path}.`, into);
		else if (typeof held === "string") into.set(path, bytesOf(held));
		else if (typeof held === "number") into.set(path, String(held));
	}
}

const bytesOf = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

function parse(line: string): Record<string, unknown> | null {
	try {
		const value: unknown = JSON.parse(line);
		return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
	} catch {
		return null;
	}
}
