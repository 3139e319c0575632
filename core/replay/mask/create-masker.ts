import { isUtf8 } from "node:buffer";
import { type BodyState, type HeaderLines, headerOf, type Recorded } from "../recording/recorded.ts";
import { decodeBody, encodeBody, isCoded } from "./body-coding.ts";
import { createHeaderMask } from "./header-mask.ts";
import { fingerprint } from "./key.ts";
import { createPermute } from "./permute.ts";
import type { MaskRules } from "./rules.ts";
import { maskTarget } from "./target-mask.ts";
import { createTextMask, type Secrets } from "./text-mask.ts";

export type Masker = {
	mask(record: Recorded): Recorded;
	/** The body of an answer to compare with a masked one: `keep` are values that came from the recording itself. */
	maskAnswer(headers: HeaderLines, body: Buffer, keep: (value: string) => boolean): Buffer | null;
	/** Replaced values by kind; bodies that are not written by reason. */
	readonly counts: Record<string, number>;
	readonly withheld: Record<string, number>;
	/** For the header of a recording. */
	readonly about: { key: string; kinds: string[]; headers: string[]; fields: string[] };
};

/** The same value becomes the same mask in every recording under this key, so that a session stays a session. */
export function createMasker(key: Buffer, rules: MaskRules): Masker {
	const counts: Record<string, number> = {};
	const withheld: Record<string, number> = {};
	const count = (kind: string) => {
		counts[kind] = (counts[kind] ?? 0) + 1;
	};
	const permute = createPermute(key);
	const text = createTextMask({ rules, permute, count });
	const maskHeaders = createHeaderMask(rules, text, count);

	type Side = { headers: HeaderLines; body: Buffer; state: BodyState };

	/** null: it cannot be looked into, `reason` says why. */
	function maskBody({ headers, body, state }: Side, secrets: Secrets, by = text): Buffer | string {
		if (body.length === 0) return body;
		const type = headerOf(headers, "content-type");
		if (/^(?:image|audio|video|font)\//i.test(type)) return body;
		if (state === "cut" && isCoded(headers)) return "coded and cut";
		const decoded = decodeBody(headers, body);
		if (decoded === null) return "coding not readable";
		const encoding = encodingOf(type, decoded);
		if (encoding === null) return "not a text";
		const before = decoded.toString(encoding);
		const after = by.body(type, before, secrets);
		const swept = by.sweep(after, secrets);
		return swept === before ? body : encodeBody(headers, Buffer.from(swept, encoding));
	}

	function maskSide<S extends Side>(side: S, secrets: Secrets): S {
		const body = maskBody(side, secrets);
		if (typeof body !== "string") return withBody(side, body, side.state);
		withheld[body] = (withheld[body] ?? 0) + 1;
		return withBody(side, Buffer.alloc(0), "withheld");
	}

	return {
		counts,
		withheld,
		about: { key: fingerprint(key), kinds: rules.kinds, headers: rules.headers, fields: [...rules.fields, ...rules.phones] },
		mask(record) {
			const secrets: Secrets = new Map();
			const { request, response } = record;
			const target = maskTarget(request.target, text, secrets);
			const asked = maskSide({ ...request, headers: maskHeaders(request.headers, secrets) }, secrets);
			const answered = maskSide({ ...response, headers: maskHeaders(response.headers, secrets) }, secrets);
			const masked: Recorded = { ...record, request: { ...asked, target }, response: answered };
			if (record.error !== null) masked.error = text.plain(record.error, secrets);
			return secrets.size === 0 ? masked : sweepAll(masked, secrets);
		},
		maskAnswer(headers, body, keep) {
			const lenient = createTextMask({ rules, permute, count: () => {}, keep });
			const masked = maskBody({ headers, body, state: "whole" }, new Map(), lenient);
			return typeof masked === "string" ? null : masked;
		},
	};

	/** A value may have stood in a part that was masked before it was known to be a secret. */
	function sweepAll(record: Recorded, secrets: Secrets): Recorded {
		const sweepHeaders = (headers: HeaderLines): HeaderLines => headers.map(([name, value]) => [name, text.sweep(value, secrets)]);
		const { request } = record;
		const encoding = encodingOf(headerOf(request.headers, "content-type"), request.body);
		const isOpen = encoding !== null && !isCoded(request.headers) && request.body.length > 0;
		const before = isOpen ? request.body.toString(encoding) : "";
		const after = text.sweep(before, secrets);
		const asked = after === before ? request : withBody(request, Buffer.from(after, encoding ?? "utf8"), request.state);
		return {
			...record,
			request: { ...asked, target: text.sweep(request.target, secrets), headers: sweepHeaders(asked.headers) },
			response: { ...record.response, headers: sweepHeaders(record.response.headers) },
		};
	}
}

/** A told length stays the right one. */
function withBody<S extends { headers: HeaderLines; body: Buffer; state: BodyState }>(side: S, body: Buffer, state: BodyState): S {
	const isSame = body.length === side.body.length || state !== "whole";
	const headers = isSame
		? side.headers
		: side.headers.map(([name, value]): [string, string] => [name, name.toLowerCase() === "content-length" ? String(body.length) : value]);
	return { ...side, headers, body, state };
}

/** UTF-8 where it is valid; else latin1 for what says that it is a text; null: no text. */
function encodingOf(contentType: string, body: Buffer): "utf8" | "latin1" | null {
	if (/charset=["']?utf-?(?:16|32)/i.test(contentType)) return null;
	if (isUtf8(body)) return body.includes(0) ? null : "utf8";
	return /^text\/|[/+](?:xml|json)\b|form-urlencoded|^multipart\/|charset=/i.test(contentType) ? "latin1" : null;
}
