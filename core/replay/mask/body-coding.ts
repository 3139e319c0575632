import {
	brotliCompressSync,
	brotliDecompressSync,
	deflateSync,
	gunzipSync,
	gzipSync,
	inflateRawSync,
	inflateSync,
	zstdCompressSync,
	zstdDecompressSync,
} from "node:zlib";
import { type HeaderLines, headerOf } from "../recording/recorded.ts";

/** A body of more than this, decoded, is not looked into. */
const DECODED_LIMIT = 16 * 1024 * 1024;
const bound = { maxOutputLength: DECODED_LIMIT };

const codings: Record<string, { decode(body: Buffer): Buffer; encode(body: Buffer): Buffer }> = {
	gzip: { decode: (body) => gunzipSync(body, bound), encode: (body) => gzipSync(body) },
	"x-gzip": { decode: (body) => gunzipSync(body, bound), encode: (body) => gzipSync(body) },
	deflate: { decode: inflateEither, encode: (body) => deflateSync(body) },
	br: { decode: (body) => brotliDecompressSync(body, bound), encode: (body) => brotliCompressSync(body) },
	zstd: { decode: (body) => zstdDecompressSync(body, bound), encode: (body) => zstdCompressSync(body) },
};

/** Half the world sends raw deflate under that name. */
function inflateEither(body: Buffer): Buffer {
	try {
		return inflateSync(body, bound);
	} catch {
		return inflateRawSync(body, bound);
	}
}

function codingsOf(headers: HeaderLines): string[] {
	return headerOf(headers, "content-encoding")
		.toLowerCase()
		.split(",")
		.map((one) => one.trim())
		.filter((one) => one !== "" && one !== "identity");
}

export const isCoded = (headers: HeaderLines): boolean => codingsOf(headers).length > 0;

/** The body without its content codings; null: it is damaged, cut, too large, or coded in an unknown way. */
export function decodeBody(headers: HeaderLines, body: Buffer): Buffer | null {
	let decoded = body;
	if (body.length === 0) return body;
	for (const name of codingsOf(headers).reverse()) {
		const coding = codings[name];
		if (coding === undefined) return null;
		try {
			decoded = coding.decode(decoded);
		} catch {
			return null;
		}
	}
	return decoded;
}

/** The same codings again. */
export function encodeBody(headers: HeaderLines, body: Buffer): Buffer {
	return codingsOf(headers).reduce((encoded, name) => codings[name]?.encode(encoded) ?? encoded, body);
}
