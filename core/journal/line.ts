import { hash } from "node:crypto";
import { canonicalJson } from "../base/index.ts";
import type { JournalEntry } from "../contract/journal.ts";

/**
 * One entry is one line of UTF-8:
 *
 *     {"seq":7,"at":1763836139000.125,"kind":"panic","data":{...},"prev":"<64 hex>","hash":"<64 hex>"}
 *      `------------------------- content ---------------------------------------'
 *
 * `hash` is the SHA-256 of the content in braces, that is of the line with `,"hash":"..."` taken out.
 * Both digests stand at fixed distances from the end, so a chain is checked without parsing any JSON.
 */
const HASH_LENGTH = 64;
const SUFFIX_LENGTH = `,"hash":"${"0".repeat(HASH_LENGTH)}"}`.length;
const PREV_START = SUFFIX_LENGTH + 1 + HASH_LENGTH;
const SUFFIX_START = Buffer.from(',"hash":"');
const PREV_KEY = Buffer.from(',"prev":"');
const QUOTE = '"'.charCodeAt(0);
const CLOSE = "}".charCodeAt(0);

/** What the first entry names as the one before it. */
export const GENESIS = "0".repeat(HASH_LENGTH);

export function sha256Hex(bytes: string | Uint8Array): string {
	return hash("sha256", bytes, "hex");
}

/** The line without its newline. `data` is written in canonical form, so that a parsed entry can be hashed again. */
export function formatLine(seq: number, at: number, kind: string, data: unknown, prev: string): { line: string; hash: string } {
	const content = `{"seq":${seq},"at":${at},"kind":${JSON.stringify(kind)},"data":${canonicalJson(data)},"prev":"${prev}"`;
	const digest = sha256Hex(`${content}}`);
	return { line: `${content},"hash":"${digest}"}`, hash: digest };
}

/** The entry of a line that `checkLine` has accepted, or that this process wrote. */
export function parseLine(line: string | Uint8Array): JournalEntry {
	return JSON.parse(typeof line === "string" ? line : Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString("utf8"));
}

/** The hash of the line when it continues the chain after `prev` as entry `seq`; null when it does not. The bytes are left as they were. */
export function checkLine(line: Buffer, seq: number, prev: string): string | null {
	const contentEnd = line.length - SUFFIX_LENGTH;
	if (contentEnd < PREV_START || line[line.length - 2] !== QUOTE || line[line.length - 1] !== CLOSE) return null;
	if (SUFFIX_START.compare(line, contentEnd, contentEnd + SUFFIX_START.length) !== 0) return null;
	const prevStart = line.length - PREV_START;
	if (PREV_KEY.compare(line, prevStart - PREV_KEY.length, prevStart) !== 0) return null;
	if (line.toString("latin1", prevStart, prevStart + HASH_LENGTH) !== prev) return null;
	if (!line.toString("latin1", 0, 24).startsWith(`{"seq":${seq},`)) return null;
	const claimed = line.toString("latin1", contentEnd + SUFFIX_START.length, contentEnd + SUFFIX_START.length + HASH_LENGTH);
	const comma = line[contentEnd] as number;
	line[contentEnd] = CLOSE;
	const actual = hash("sha256", line.subarray(0, contentEnd + 1), "hex");
	line[contentEnd] = comma;
	return actual === claimed ? claimed : null;
}
