import type { HeaderLines } from "../recording/recorded.ts";
import { createFieldMatcher, createNameMatcher, type MaskRules } from "./rules.ts";
import type { Secrets, TextMask } from "./text-mask.ts";

/** Header lines with what is secret in them replaced; names, order and number of lines stay. */
export function createHeaderMask(rules: MaskRules, mask: TextMask, count: (kind: string) => void) {
	const isNamed = createNameMatcher(rules.headers);
	const isField = createFieldMatcher(rules.fields);
	/** Systems carry their own tokens in lines of their own: `X-Session-Id`, `Access-Token`. */
	const isSecret = (name: string) => isNamed(name) || isField([name.replace(/^x-/i, "")]);

	function maskLine(name: string, value: string, secrets: Secrets): string {
		if (!isSecret(name)) return mask.plain(value, secrets);
		count("header");
		switch (name.toLowerCase()) {
			case "cookie":
				return value.replace(/([^=;\s]+=)([^;]*)/g, (_, cookie: string, held: string) => cookie + maskCookie(held, secrets));
			case "set-cookie":
				// Only its first pair: the rest are the browser's orders.
				return value.replace(/^([^=;]+=)([^;]*)/, (_, cookie: string, held: string) => cookie + maskCookie(held, secrets));
			case "authorization":
			case "proxy-authorization":
				return maskCredentials(value, secrets);
			default:
				return mask.whole(value, secrets);
		}
	}

	function maskCookie(held: string, secrets: Secrets): string {
		const [, open = "", inner = "", close = ""] = /^(\s*"?)(.*?)("?\s*)$/.exec(held) ?? [];
		return open + mask.whole(inner, secrets) + close;
	}

	function maskCredentials(value: string, secrets: Secrets): string {
		const [, scheme = "", credentials = ""] = /^([\w-]+ +)(.*)$/.exec(value) ?? [];
		if (scheme === "") return mask.whole(value, secrets);
		if (!/^basic/i.test(scheme)) return scheme + mask.whole(credentials, secrets);
		const pair = Buffer.from(credentials, "base64").toString("utf8");
		if (Buffer.from(pair).toString("base64") !== credentials || !pair.includes(":")) return scheme + mask.whole(credentials, secrets);
		const colon = pair.indexOf(":");
		const masked = `${mask.whole(pair.slice(0, colon), secrets)}:${mask.whole(pair.slice(colon + 1), secrets)}`;
		secrets.set(credentials, Buffer.from(masked).toString("base64"));
		return scheme + Buffer.from(masked).toString("base64");
	}

	return (headers: HeaderLines, secrets: Secrets): HeaderLines =>
		headers.map(([name, value]) => (isFraming(name) ? [name, value] : [name, maskLine(name, value, secrets)]));
}

/** Numbers and dates of the protocol itself. */
const framing = new Set([
	...["content-length", "transfer-encoding", "content-type", "content-encoding", "connection", "date", "expires", "last-modified"],
	...["if-modified-since", "if-unmodified-since", "age", "accept", "accept-encoding", "accept-language", "user-agent", "host", "server"],
]);
const isFraming = (name: string): boolean => framing.has(name.toLowerCase());
