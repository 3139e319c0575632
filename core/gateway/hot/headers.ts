/** Headers as node gives and takes them raw: name, value, name, value, in order and case of the wire. */
export type RawHeaders = string[];

/** Meant for one connection only; see RFC 9110, 7.6.1. `Transfer-Encoding` stays: it says how the body is framed onward. */
const hopByHop = new Set(["connection", "keep-alive", "proxy-connection", "te", "upgrade"]);

/** Never removed, even when a `Connection` header names them: without them the next hop would frame or route otherwise. */
const protectedNames = new Set(["content-length", "transfer-encoding", "host"]);

export function withoutHopByHop(raw: RawHeaders): RawHeaders {
	let named: Set<string> | null = null;
	for (let index = 0; index < raw.length; index += 2) {
		if (raw[index]?.toLowerCase() !== "connection") continue;
		named ??= new Set();
		for (const token of (raw[index + 1] ?? "").split(",")) named.add(token.trim().toLowerCase());
	}
	const kept: RawHeaders = [];
	for (let index = 0; index < raw.length; index += 2) {
		const name = raw[index] ?? "";
		const lower = name.toLowerCase();
		if (hopByHop.has(lower)) continue;
		if (named?.has(lower) && !protectedNames.has(lower)) continue;
		kept.push(name, raw[index + 1] ?? "");
	}
	return kept;
}

/** The client's headers for the upstream: own hop removed, `X-Forwarded-For` extended, `X-Forwarded-Proto` added where absent. */
export function upstreamHeaders(raw: RawHeaders, clientAddress: string): RawHeaders {
	const headers = withoutHopByHop(raw);
	let forwardedFor = -1;
	let hasProto = false;
	for (let index = 0; index < headers.length; index += 2) {
		const lower = headers[index]?.toLowerCase();
		if (lower === "x-forwarded-for") forwardedFor = index + 1;
		else if (lower === "x-forwarded-proto") hasProto = true;
	}
	if (forwardedFor === -1) headers.push("X-Forwarded-For", clientAddress);
	else headers[forwardedFor] = `${headers[forwardedFor]}, ${clientAddress}`;
	if (!hasProto) headers.push("X-Forwarded-Proto", "http");
	return headers;
}

export function withoutHeader(raw: RawHeaders, lowerName: string): RawHeaders {
	const kept: RawHeaders = [];
	for (let index = 0; index < raw.length; index += 2) {
		if (raw[index]?.toLowerCase() !== lowerName) kept.push(raw[index] ?? "", raw[index + 1] ?? "");
	}
	return kept;
}

export function pairsOf(raw: RawHeaders): [string, string][] {
	const pairs: [string, string][] = [];
	for (let index = 0; index < raw.length; index += 2) pairs.push([raw[index] ?? "", raw[index + 1] ?? ""]);
	return pairs;
}

/**
 * Why this request head must not be forwarded, or null. Node's strict parser has already refused broken lines and
 * a length beside a transfer coding; what it lets pass and two servers could read differently is refused here.
 */
export function ambiguityOf(raw: RawHeaders, httpVersion: string): string | null {
	let hosts = 0;
	let lengths = 0;
	let codings = 0;
	for (let index = 0; index < raw.length; index += 2) {
		const lower = raw[index]?.toLowerCase();
		const value = raw[index + 1] ?? "";
		if (lower === "host") hosts++;
		else if (lower === "content-length") {
			lengths++;
			if (!/^\d{1,15}$/.test(value)) return "its Content-Length is not a plain number";
		} else if (lower === "transfer-encoding") {
			codings++;
			if (value.toLowerCase() !== "chunked") return "its Transfer-Encoding is not plain `chunked`";
		}
	}
	if (hosts > 1) return "it has more than one Host";
	if (lengths > 1) return "it has more than one Content-Length";
	if (codings > 1) return "it has more than one Transfer-Encoding";
	if (codings > 0 && lengths > 0) return "it has both a Content-Length and a Transfer-Encoding";
	if (codings > 0 && httpVersion === "1.0") return "it has a Transfer-Encoding in HTTP/1.0";
	return null;
}
