import { readFile } from "node:fs/promises";
import { Fault } from "../../base/index.ts";
import { type BodyState, type HeaderLines, headerOf, type Recorded, type Timings } from "../recording/recorded.ts";
import { type HarEntry, harEntryShape, harShape } from "./har-shape.ts";

/** `skipped`: entries that are no exchange of HTTP, by reason. */
export type Imported = { records: Recorded[]; skipped: Record<string, number>; from: string };

/** SOURCE_UNREADABLE, or INPUT_INVALID when it is no HAR. Records in the order of their start, as HAR asks and not all keep. */
export async function importHar(file: string): Promise<Imported> {
	const text = await readFile(file, "utf8").catch((error: Error) => {
		throw new Fault("SOURCE_UNREADABLE", { file, reason: error.message });
	});
	return recordsOfHar(text, file);
}

export function recordsOfHar(text: string, file: string): Imported {
	const har = harShape.safeParse(parse(text.replace(/^\ufeff/, ""), file));
	if (!har.success) throw new Fault("INPUT_INVALID", { subject: file, reason: "it is no HAR: there is no log with entries in it" });
	const skipped: Record<string, number> = {};
	const records: Recorded[] = [];
	for (const raw of har.data.log.entries) {
		const entry = harEntryShape.safeParse(raw);
		const record = entry.success ? recordOf(entry.data) : "not an entry of HAR 1.2";
		if (typeof record === "string") skipped[record] = (skipped[record] ?? 0) + 1;
		else records.push(record);
	}
	records.sort((a, b) => a.startedAt - b.startedAt);
	return { records, skipped, from: har.data.log.creator?.name ?? "" };
}

function recordOf(entry: HarEntry): Recorded | string {
	const url = /^(https?):\/\/(?:[^/?#@]*@)?([^/?#]+)([^#]*)/i.exec(entry.request.url);
	if (url === null) return "not a URL of HTTP";
	if (entry._webSocketMessages !== undefined || entry.response.status === 101) return "a WebSocket";
	const [, scheme = "", authority = "", rest = ""] = url;
	const startedAt = timeOf(entry.startedDateTime);
	if (startedAt === null) return "no time of its start";
	const timings = timingsOf(entry);
	const took = entry.time ?? Object.values(timings ?? {}).reduce((sum, ms) => sum + Math.max(0, ms), 0);
	const { status, _error: error } = entry.response;
	return {
		startedAt,
		endedAt: startedAt + Math.max(0, took),
		route: null,
		request: {
			method: entry.request.method.toUpperCase(),
			scheme: scheme.toLowerCase() === "https" ? "https" : "http",
			target: rest.startsWith("/") ? rest : `/${rest}`,
			...requestSide(entry.request, authority),
		},
		response: { status, ...answerSide(entry.response, entry.request.method) },
		error: status === 0 ? (error ?? "no answer was recorded") : null,
		...(timings === null ? {} : { timings }),
	};
}

function requestSide(request: HarEntry["request"], authority: string): { headers: HeaderLines; body: Buffer; state: BodyState } {
	const headers = linesOf(request.headers);
	if (headerOf(headers, "host") === "") headers.unshift(["Host", authority]);
	// Some writers take the line away and leave its contents.
	if (headerOf(headers, "cookie") === "" && (request.cookies?.length ?? 0) > 0)
		headers.push(["Cookie", (request.cookies ?? []).map(({ name, value }) => `${name}=${value}`).join("; ")]);
	const { postData } = request;
	const told = Number(headerOf(headers, "content-length") || 0);
	if (postData === null || postData === undefined) return { headers, body: Buffer.alloc(0), state: told > 0 ? "absent" : "whole" };
	const body = postBody(postData);
	if (body === null) return { headers, body: Buffer.alloc(0), state: "absent" };
	if (headerOf(headers, "content-type") === "" && postData.mimeType !== "") headers.push(["Content-Type", postData.mimeType]);
	return { headers: decoded(headers, body), body, state: "whole" };
}

/** null: the parts of a file upload, whose bytes no HAR holds. */
function postBody({ text, encoding, params, mimeType }: NonNullable<HarEntry["request"]["postData"]>): Buffer | null {
	if (text !== undefined && text !== "") return bodyOf(text, encoding);
	if (params === undefined || params.length === 0) return Buffer.alloc(0);
	if (/^multipart\//i.test(mimeType)) return null;
	// Names and values stand there as they were sent by some writers and decoded by others; only what is sent encoded has a `%`.
	const coded = (part: string) => (/%[\da-f]{2}/i.test(part) ? part : encodeURIComponent(part).replaceAll("%20", "+"));
	return Buffer.from(params.map(({ name, value = "" }) => `${coded(name)}=${coded(value)}`).join("&"));
}

function answerSide(response: HarEntry["response"], method: string): { headers: HeaderLines; body: Buffer; state: BodyState } {
	const headers = linesOf(response.headers);
	const { content } = response;
	const isBodiless = method === "HEAD" || response.status === 204 || response.status === 304 || response.status === 0;
	if (isBodiless) return { headers, body: Buffer.alloc(0), state: "whole" };
	const { text } = content ?? {};
	if (text === undefined || text === null) {
		const isEmpty = content?.size === 0 || headerOf(headers, "content-length") === "0";
		return { headers, body: Buffer.alloc(0), state: isEmpty ? "whole" : "absent" };
	}
	const body = bodyOf(text, content?.encoding ?? undefined);
	const state = content?.size !== undefined && content.size > body.length && content.encoding === "base64" ? "cut" : "whole";
	return { headers: decoded(headers, body), body, state };
}

const bodyOf = (text: string, encoding?: string): Buffer => Buffer.from(text, encoding === "base64" ? "base64" : "utf8");

/** The names with a colon are HTTP/2's own, and tell what URL and method tell. Several values in one line are several lines. */
function linesOf(headers: { name: string; value: string }[]): HeaderLines {
	return headers
		.filter(({ name }) => !name.startsWith(":"))
		.flatMap(({ name, value }): HeaderLines => {
			const values = name.toLowerCase() === "set-cookie" ? value.split("\n") : [value.replaceAll("\n", ", ")];
			return values.map((one) => [name, latin1Of(one)]);
		});
}

/** Header values are bytes; a text that is more than latin1 was UTF-8 on the wire. */
function latin1Of(text: string): string {
	return /[\u0100-\uffff]/.test(text) ? Buffer.from(text, "utf8").toString("latin1") : text;
}

/** A HAR holds bodies without coding and framing, and heads that still tell of them. */
function decoded(headers: HeaderLines, body: Buffer): HeaderLines {
	return headers
		.filter(([name]) => !["content-encoding", "transfer-encoding"].includes(name.toLowerCase()))
		.map(([name, value]) => [name, name.toLowerCase() === "content-length" ? String(body.length) : value]);
}

function timingsOf({ timings }: HarEntry): Timings | null {
	if (timings === null || timings === undefined) return null;
	return Object.fromEntries(Object.entries(timings).filter(([, ms]) => typeof ms === "number")) as Timings;
}

/** ISO 8601 to the last digit: some writers give microseconds, which a Date forgets. */
function timeOf(text: string): number | null {
	const at = Date.parse(text);
	if (Number.isNaN(at)) return null;
	const beyond = /\.\d{3}(\d+)/.exec(text)?.[1];
	return beyond === undefined ? at : at + Number(`0.${beyond}`);
}

function parse(text: string, file: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		throw new Fault("INPUT_INVALID", { subject: file, reason: `it is no JSON (${(error as Error).message})` });
	}
}
