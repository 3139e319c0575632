import { createHash } from "node:crypto";
import { open, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Fault } from "../../base/index.ts";
import { unsuitable } from "../unsuitable.ts";
import type { LogRecord } from "./envelope.ts";
import { isObject, type Json } from "./exact-json.ts";
import { parseRecordText, type RecordLog } from "./record-log.ts";

const chunkBytes = 1_048_576;
const lookBackBytes = 16n * 1_048_576n;

/**
 * A file of JSON lines, followed as it grows (SPEC.md, D8). A line holds `key` and `value`, or `key` and `payload` as kcat -J prints
 * them, each as JSON or as a text of it. The last line counts when it has its end. `maxLineBytes`: the most that one may hold.
 * Throws SOURCE_UNREADABLE.
 */
export async function openFileLog(path: string, { pollMs = 50, maxLineBytes = 64 * 1_048_576 } = {}): Promise<RecordLog> {
	const handle = await open(path, "r").catch((cause: Error) => {
		throw new Fault("SOURCE_UNREADABLE", { file: path, reason: cause.message }, { cause });
	});
	const opened = await handle.stat({ bigint: true });
	let identity = await firstLine();

	async function size(): Promise<bigint> {
		const [now, named] = [await handle.stat({ bigint: true }), await stat(path, { bigint: true }).catch(() => null)];
		if (named === null || named.ino !== opened.ino || named.dev !== opened.dev) throw unsuitable(path, "the file was replaced or removed");
		return now.size;
	}

	async function bytesAt(from: bigint, count: number): Promise<Buffer> {
		const buffer = Buffer.allocUnsafe(count);
		const { bytesRead } = await handle.read(buffer, 0, count, Number(from));
		return buffer.subarray(0, bytesRead);
	}

	async function firstLine(): Promise<string | null> {
		const head = await bytesAt(0n, 65_536);
		const end = head.indexOf(10);
		if (end < 0 && head.length < 65_536) return null;
		return createHash("sha256")
			.update(head.subarray(0, end < 0 ? head.length : end))
			.digest("hex")
			.slice(0, 16);
	}

	/** Whole lines from `from` on, up to about `count` bytes, more when one line needs it. */
	async function lines(from: bigint, until: bigint, count: number): Promise<{ records: LogRecord[]; next: bigint }> {
		const wanted = Number(until - from < BigInt(count) ? until - from : BigInt(count));
		const bytes = await bytesAt(from, wanted);
		const whole = bytes.lastIndexOf(10) + 1;
		if (whole === 0 && bytes.length === count) {
			if (count >= maxLineBytes) throw unsuitable(path, `the line at ${from} is longer than ${maxLineBytes / 1_048_576} MB`);
			return lines(from, until, Math.min(count * 4, maxLineBytes));
		}
		const records: LogRecord[] = [];
		for (let start = 0; start < whole; ) {
			const end = bytes.indexOf(10, start);
			const text = bytes.toString("utf8", start, end).trim();
			const position = from + BigInt(start);
			const next = from + BigInt(end + 1);
			if (text !== "")
				records.push({ position, next, bytes: end - start, ...keyAndValue(parseRecordText(text, path, position), path, position) });
			start = end + 1;
		}
		return { records, next: from + BigInt(whole) };
	}

	return {
		name: path,
		identity: () => identity ?? "empty",
		async read(position, signal) {
			const end = await size();
			if (end < position) throw unsuitable(path, `the file was cut off: it ends at ${end}, before ${position}`);
			identity ??= await firstLine();
			const found = await lines(position, end, chunkBytes);
			if (found.next === position) await sleep(pollMs, undefined, { signal }).catch(() => {});
			return found;
		},
		async end() {
			// Back to the end of the last line that is whole.
			let until = await size();
			while (until > 0n) {
				const from = until > BigInt(chunkBytes) ? until - BigInt(chunkBytes) : 0n;
				const newline = (await bytesAt(from, Number(until - from))).lastIndexOf(10);
				if (newline >= 0) return from + BigInt(newline + 1);
				until = from;
			}
			return 0n;
		},
		async before(position) {
			const end = await size();
			if (end < position) throw unsuitable(path, `the file was cut off: it ends at ${end}, before ${position}`);
			let from = position > lookBackBytes ? position - lookBackBytes : 0n;
			// The first line there may be a part of one.
			if (from > 0n) from += BigInt((await bytesAt(from, Number(position - from))).indexOf(10) + 1);
			const records: LogRecord[] = [];
			while (from < position) {
				const found = await lines(from, position, chunkBytes);
				if (found.next === from) break;
				records.push(...found.records);
				from = found.next;
			}
			return records;
		},
		close: () => handle.close(),
	};
}

function keyAndValue(line: Json, path: string, position: bigint): { key: Json; value: Json } {
	if (!isObject(line)) return { key: null, value: line };
	const inner = (part: Json | undefined): Json => (typeof part === "string" ? parseRecordText(part, path, position) : (part ?? null));
	if ("value" in line && "key" in line) return { key: inner(line.key), value: inner(line.value) };
	if ("payload" in line && "key" in line) return { key: inner(line.key), value: inner(line.payload) };
	return { key: null, value: line };
}
