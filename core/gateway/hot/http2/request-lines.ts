import { isHost, isTarget, isToken, isValue } from "../http1/characters.ts";

/**
 * The head of a stream as the same request in HTTP/1.1, which is what the gateway speaks inside: so it meets the same scanner, the same
 * routes and the same rules as any other. null: malformed (RFC 9113, 8.1.1), to be answered with a stream error and nothing else.
 *
 *     :method POST  :path /a?b  :authority bank  cookie a=1  cookie b=2          POST /a?b HTTP/1.1
 *                                                                                Host: bank
 *                                                                                cookie: a=1; b=2
 *
 * `raw`: names and values in turn, as they came. `hasBody`: the stream goes on after its head.
 */
export function requestLines(raw: readonly string[], hasBody: boolean): Buffer | null {
	let method: string | null = null;
	let path: string | null = null;
	let scheme: string | null = null;
	let authority: string | null = null;
	let lines = "";
	let host: string | null = null;
	let cookies: string | null = null;
	let hasLength = false;
	let hasFields = false;
	for (let index = 0; index < raw.length; index += 2) {
		const name = raw[index] ?? "";
		const value = raw[index + 1] ?? "";
		if (name.charCodeAt(0) === 0x3a) {
			if (hasFields) return null;
			if (name === ":method" && method === null) method = value;
			else if (name === ":path" && path === null) path = value;
			else if (name === ":scheme" && scheme === null) scheme = value;
			else if (name === ":authority" && authority === null) authority = value;
			else return null;
			continue;
		}
		hasFields = true;
		if (!isFieldName(name) || !all(value, isValue)) return null;
		switch (name) {
			case "connection":
			case "proxy-connection":
			case "keep-alive":
			case "transfer-encoding":
			case "upgrade":
				return null;
			case "te":
				if (value.toLowerCase() !== "trailers") return null;
				continue;
			case "host":
				if (host !== null) return null;
				host = value;
				continue;
			case "cookie":
				cookies = cookies === null ? value : `${cookies}; ${value}`;
				continue;
			case "content-length":
				if (hasLength || !/^\d+$/.test(value)) return null;
				hasLength = true;
				if (!hasBody && !/^0+$/.test(value)) return null;
		}
		lines += `${name}: ${value}\r\n`;
	}
	if (method === null || method === "" || !all(method, isToken)) return null;
	// No scheme and no path in CONNECT (RFC 9113, 8.5); the scanner refuses it by name.
	if (method === "CONNECT") path = authority;
	else if (scheme === null) return null;
	if (path === null || path === "" || !all(path, isTarget)) return null;
	const named = authority ?? host;
	if (named === null || named === "" || !all(named, isHost)) return null;
	if (host !== null && authority !== null && host.toLowerCase() !== authority.toLowerCase()) return null;
	const cookie = cookies === null ? "" : `cookie: ${cookies}\r\n`;
	const coding = hasBody && !hasLength ? "Transfer-Encoding: chunked\r\n" : "";
	return Buffer.from(`${method} ${path} HTTP/1.1\r\nHost: ${named}\r\n${lines}${cookie}${coding}\r\n`, "latin1");
}

/** Trailer lines with the empty line, or null where one may not stand there. */
export function trailerLines(raw: readonly string[]): Buffer | null {
	let lines = "";
	for (let index = 0; index < raw.length; index += 2) {
		const name = raw[index] ?? "";
		const value = raw[index + 1] ?? "";
		if (!isFieldName(name) || !all(value, isValue)) return null;
		lines += `${name}: ${value}\r\n`;
	}
	return Buffer.from(`${lines}\r\n`, "latin1");
}

function isFieldName(name: string): boolean {
	if (name === "") return false;
	for (let at = 0; at < name.length; at++) {
		const code = name.charCodeAt(at);
		if (!isToken(code) || (code >= 0x41 && code <= 0x5a)) return false;
	}
	return true;
}

function all(text: string, is: (byte: number) => boolean): boolean {
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code > 0xff || !is(code)) return false;
	}
	return true;
}
