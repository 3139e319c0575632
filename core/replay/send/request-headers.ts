import { type HeaderLines, headerOf, type Recorded } from "../recording/recorded.ts";

/** Told anew by each connection; what `Connection` names is too. */
const hopByHop = new Set([
	"connection",
	"keep-alive",
	"proxy-connection",
	"proxy-authorization",
	"te",
	"trailer",
	"transfer-encoding",
	"upgrade",
]);

/** The lines that go on to the next system, in order and case. */
export function endToEnd(headers: HeaderLines): HeaderLines {
	const named = new Set(
		headers
			.filter(([name]) => name.toLowerCase() === "connection")
			.flatMap(([, value]) => value.toLowerCase().split(","))
			.map((name) => name.trim())
			.filter((name) => name !== "host" && name !== "content-length"),
	);
	return headers.filter(([name]) => !hopByHop.has(name.toLowerCase()) && !named.has(name.toLowerCase()));
}

export const REPLAY_HEADER = "X-Phoenix-Replay";

/** As recorded, but for the connection's own lines, the length, the host (unless it is kept), the mark, and what is set on purpose. */
export function replayHeaders(
	{ headers, body, method }: Recorded["request"],
	options: { host: string | null; set: HeaderLines; mark: string },
): string[] {
	const own = new Set([...options.set.map(([name]) => name.toLowerCase()), REPLAY_HEADER.toLowerCase(), "content-length", "expect"]);
	if (options.host !== null) own.add("host");
	const kept = endToEnd(headers).filter(([name]) => !own.has(name.toLowerCase()));
	const lines: HeaderLines = options.host === null ? kept : [["Host", options.host], ...kept];
	const tellsLength = body.length > 0 || headerOf(headers, "content-length") !== "" || ["POST", "PUT", "PATCH"].includes(method);
	if (tellsLength) lines.push(["Content-Length", String(body.length)]);
	return [...lines, ...options.set, [REPLAY_HEADER, options.mark]].flat() as string[];
}

/** What stands in a header or in a cookie: by it requests are kept in order. */
export function createKeyOf(by: { kind: "header" | "cookie"; name: string }): (record: Recorded) => string | null {
	const name = by.name.toLowerCase();
	if (by.kind === "header") return ({ request }) => headerOf(request.headers, name) || null;
	return ({ request }) => {
		for (const pair of headerOf(request.headers, "cookie").split(";")) {
			const equals = pair.indexOf("=");
			if (equals !== -1 && pair.slice(0, equals).trim().toLowerCase() === name) return pair.slice(equals + 1).trim();
		}
		return null;
	};
}
