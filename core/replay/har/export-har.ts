import { isUtf8 } from "node:buffer";
import { decodeBody } from "../mask/body-coding.ts";
import { percentDecode } from "../mask/fields/form.ts";
import { type HeaderLines, headerOf, type Recorded } from "../recording/recorded.ts";

/** One after the other, so that a recording of any length becomes a file: what stands before, between and behind the entries. */
export const harFrame = {
	head: (version: string) =>
		`{"log":{"version":"1.2","creator":{"name":"Phoenix Engine","version":${JSON.stringify(version)}},"entries":[\n`,
	between: ",\n",
	tail: "\n]}}\n",
};

/** An entry of HAR 1.2. Bodies stand there without their coding, in base64 where they are no text. */
export function harEntryOf(record: Recorded): object {
	const { request, response, startedAt, endedAt, error } = record;
	const host = headerOf(request.headers, "host");
	const query = /\?([^#]*)/.exec(request.target)?.[1];
	const posted = decodeBody(request.headers, request.body);
	const type = headerOf(request.headers, "content-type");
	return {
		startedDateTime: isoOf(startedAt),
		time: endedAt - startedAt,
		request: {
			method: request.method,
			url: /^https?:/i.test(request.target) ? request.target : `${request.scheme}://${host}${request.target}`,
			httpVersion: "HTTP/1.1",
			cookies: cookiesOf(headerOf(request.headers, "cookie"), /;\s*/),
			headers: pairsOf(request.headers),
			queryString: query === undefined ? [] : parametersOf(query),
			...(posted === null || posted.length === 0 ? {} : { postData: { mimeType: type, ...textOf(posted) } }),
			headersSize: -1,
			bodySize: request.state === "whole" ? request.body.length : -1,
		},
		response: {
			status: response.status,
			statusText: "",
			httpVersion: "HTTP/1.1",
			cookies: response.headers
				.filter(([name]) => name.toLowerCase() === "set-cookie")
				.flatMap(([, value]) => cookiesOf(value.split(";")[0] ?? "", /\n/)),
			headers: pairsOf(response.headers),
			content: contentOf(response),
			redirectURL: headerOf(response.headers, "location"),
			headersSize: -1,
			bodySize: response.state === "whole" ? response.body.length : -1,
			...(error === null ? {} : { _error: error }),
		},
		cache: {},
		timings: { send: 0, wait: endedAt - startedAt, receive: 0, ...record.timings },
		...(record.route === null ? {} : { _route: record.route }),
	};
}

function contentOf({ headers, body, state }: Recorded["response"]): object {
	const mimeType = headerOf(headers, "content-type");
	if (state === "absent" || state === "withheld") return { size: -1, mimeType, comment: `the body is ${state}` };
	const plain = decodeBody(headers, body);
	// A cut body in a coding: its bytes as they are, and said so.
	if (plain === null) return { size: body.length, mimeType, text: body.toString("base64"), encoding: "base64", comment: "still coded" };
	return {
		size: plain.length,
		...(plain.length > body.length ? { compression: plain.length - body.length } : {}),
		mimeType,
		...textOf(plain),
		...(state === "cut" ? { comment: "the body is cut" } : {}),
	};
}

function textOf(body: Buffer): { text: string; encoding?: "base64" } {
	return isUtf8(body) ? { text: body.toString("utf8") } : { text: body.toString("base64"), encoding: "base64" };
}

const pairsOf = (headers: HeaderLines) => headers.map(([name, value]) => ({ name, value }));

function parametersOf(query: string): { name: string; value: string }[] {
	return query
		.split("&")
		.filter(Boolean)
		.map((pair) => {
			const [name = "", ...value] = pair.split("=");
			return { name: percentDecode(name), value: percentDecode(value.join("=")) };
		});
}

function cookiesOf(line: string, separator: RegExp): { name: string; value: string }[] {
	return line
		.split(separator)
		.filter((one) => one.includes("="))
		.map((one) => ({ name: one.slice(0, one.indexOf("=")).trim(), value: one.slice(one.indexOf("=") + 1) }));
}

/** With microseconds: between two requests there may be less than a millisecond. */
function isoOf(at: number): string {
	const whole = Math.floor(at);
	const micros = Math.min(999, Math.round((at - whole) * 1_000));
	return new Date(whole).toISOString().replace("Z", `${String(micros).padStart(3, "0")}Z`);
}
