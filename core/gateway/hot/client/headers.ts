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
