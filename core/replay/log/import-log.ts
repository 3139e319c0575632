import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { Fault } from "../../base/index.ts";
import { type HeaderLines, headerOf, type Recorded } from "../recording/recorded.ts";
import { durationOf, type LogFields, timeOf } from "./fields.ts";
import { readJsonLine } from "./json-line.ts";
import { createLineReader, namedFormats, type ReadLine } from "./line-format.ts";

/** Grows while the log is read. */
export type LogCounts = { lines: number; records: number; skipped: Record<string, number> };

/** A format of `namedFormats`, `json`, or one as it stands in the server's configuration. */
export function readerOf(format: string): ReadLine {
	return format === "json" ? readJsonLine : createLineReader(namedFormats[format] ?? format);
}

/**
 * The requests of an access log that carry enough to be sent again, in the order of the log; the others are counted with the reason. Times
 * that know only the second are spread evenly over it. `host`: where the log names none.
 */
export async function* importLog(file: string, options: { format: string; host: string }, counts: LogCounts): AsyncGenerator<Recorded> {
	const read = readerOf(options.format);
	let second: { at: number; waiting: Recorded[] } | null = null;
	for await (const line of linesOf(file)) {
		if (line === "") continue;
		counts.lines++;
		const fields = read(line);
		const made = fields === null ? "not of this format" : recordOf(fields, options.host);
		if (typeof made === "string") {
			counts.skipped[made] = (counts.skipped[made] ?? 0) + 1;
			continue;
		}
		counts.records++;
		const { record, step } = made;
		if (second !== null && (step < 1_000 || record.startedAt !== second.at)) {
			yield* spread(second.waiting);
			second = null;
		}
		if (step < 1_000) yield record;
		else {
			second ??= { at: record.startedAt, waiting: [] };
			second.waiting.push(record);
		}
	}
	if (second !== null) yield* spread(second.waiting);
}

function* spread(waiting: Recorded[]): Generator<Recorded> {
	for (const [index, record] of waiting.entries()) {
		const later = (index * 1_000) / waiting.length;
		yield { ...record, startedAt: record.startedAt + later, endedAt: record.endedAt + later };
	}
}

/** Methods that are no request without a body. */
const withBody = new Set(["POST", "PUT", "PATCH"]);

function recordOf(fields: LogFields, fallbackHost: string): { record: Recorded; step: number } | string {
	const { method, target, body } = fields;
	if (method === undefined || target === undefined) return "no request line";
	if (!/^[A-Za-z][\w!#$%&'*+.^`|~-]*$/.test(method)) return "not a method of HTTP";
	if (method === "CONNECT") return "a tunnel";
	const absolute = /^(https?):\/\/([^/?#]+)(.*)$/i.exec(target);
	const path = absolute === null ? target : `/${(absolute[3] ?? "").replace(/^\//, "")}`;
	if (!path.startsWith("/") && path !== "*") return "no path";
	if (/[^!-~\x80-\xff]/.test(path)) return "a path that cannot be sent";
	const hasBody = withBody.has(method.toUpperCase());
	if (hasBody && body === undefined) return "a body that the log does not hold";
	const at = timeOf(fields);
	if (at === null) return "no time";
	const status = Number(fields.status ?? 0);
	const headers: HeaderLines = [["Host", absolute?.[2] ?? fields.host ?? fallbackHost], ...(fields.headers ?? [])];
	const bytes = Buffer.from(body ?? "", "latin1");
	if (bytes.length > 0) headers.push(["Content-Length", String(bytes.length)]);
	if (headerOf(headers.slice(1), "host") !== "") headers.shift();
	const isEmpty = method === "HEAD" || status === 204 || status === 304 || fields.bytes === "0";
	const record: Recorded = {
		startedAt: at.from,
		endedAt: at.from + (durationOf(fields) ?? 0),
		route: null,
		request: {
			method,
			scheme: (absolute?.[1] ?? fields.scheme)?.toLowerCase() === "https" ? "https" : "http",
			target: path,
			headers,
			body: bytes,
			state: "whole",
		},
		response: { status: Number.isInteger(status) ? status : 0, headers: [], body: Buffer.alloc(0), state: isEmpty ? "whole" : "absent" },
		error: null,
	};
	return { record, step: at.step };
}

async function* linesOf(file: string): AsyncGenerator<string> {
	const source = createReadStream(file);
	const unpack = file.endsWith(".gz") ? createGunzip() : null;
	// A pipe does not pass on what fails at its beginning.
	if (unpack !== null) source.on("error", (error) => unpack.destroy(error)).pipe(unpack);
	try {
		yield* createInterface({ input: unpack ?? source, crlfDelay: Number.POSITIVE_INFINITY });
	} catch (error) {
		throw new Fault("SOURCE_UNREADABLE", { file, reason: (error as Error).message });
	} finally {
		source.destroy();
	}
}
