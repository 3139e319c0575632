import { type FileHandle, open } from "node:fs/promises";
import { Fault } from "../../base/index.ts";
import { decodeExchange } from "./codec.ts";
import { decodeFrame, FRAME_HEAD, frameKinds, MAGIC } from "./frames.ts";
import { endShape, type Gap, gapShape, headerShape, type RecordingEnd, type RecordingHeader, tunnelShape } from "./header.ts";
import type { Recorded, Tunnel } from "./recorded.ts";

const READ_BYTES = 1024 * 1024;

/**
 * How a file ends. `cut`: good up to the byte `at`, where `records` of them had been read; nothing behind it is used. `complete`: with
 * what its writer said of it.
 */
export type Ending = { kind: "complete"; end: RecordingEnd } | { kind: "cut"; at: number; records: number; reason: string };

export type RecordingEntry =
	| { kind: "exchange"; record: Recorded }
	| { kind: "tunnel"; tunnel: Tunnel }
	| { kind: "gap"; gap: Gap }
	| { kind: "ending"; ending: Ending };

export type Recording = {
	readonly file: string;
	readonly header: RecordingHeader;
	readonly bytes: number;
	/** In the order of the file; the ending is always the last, and is always told. Each call reads from the beginning. */
	entries(): AsyncGenerator<RecordingEntry>;
};

/** SOURCE_UNREADABLE, or RECORDING_UNREADABLE when it is no recording of this version. */
export async function openRecording(file: string): Promise<Recording> {
	const handle = await openFile(file);
	try {
		const { size } = await handle.stat();
		const frames = framesOf(handle);
		const first = (await frames.next()).value;
		if (first === undefined || typeof first === "string") throw unreadable(file, first ?? "it is empty");
		if (first.kind !== frameKinds.header) throw unreadable(file, "it does not begin with a header");
		const header = headerShape.safeParse(parseJson(first.payload));
		if (!header.success) throw unreadable(file, `its header is not understood (${header.error.issues[0]?.message})`);
		return { file, header: header.data, bytes: size, entries: () => entriesOf(file) };
	} finally {
		await handle.close();
	}
}

async function* entriesOf(file: string): AsyncGenerator<RecordingEntry> {
	const handle = await openFile(file);
	let records = 0;
	let at = 0;
	const cut = (reason: string): RecordingEntry => ({ kind: "ending", ending: { kind: "cut", at, records, reason } });
	try {
		for await (const frame of framesOf(handle)) {
			if (typeof frame === "string") return yield cut(frame);
			const entry = frame.kind === frameKinds.header ? null : entryOf(frame.kind, frame.payload);
			if (entry === "unknown") return yield cut("a record is not understood by this version");
			at = frame.end;
			if (entry === null) continue;
			if (entry.kind === "exchange" || entry.kind === "tunnel") records++;
			yield entry;
			if (entry.kind === "ending") return;
		}
		yield cut("it has no end: it is still being written, or its writer was killed");
	} finally {
		await handle.close();
	}
}

function entryOf(kind: number, payload: Buffer): RecordingEntry | "unknown" {
	switch (kind) {
		case frameKinds.exchange: {
			const record = decodeExchange(payload);
			return record === null ? "unknown" : { kind: "exchange", record };
		}
		case frameKinds.tunnel: {
			const tunnel = tunnelShape.safeParse(parseJson(payload));
			return tunnel.success ? { kind: "tunnel", tunnel: tunnel.data } : "unknown";
		}
		case frameKinds.gap: {
			const gap = gapShape.safeParse(parseJson(payload));
			return gap.success ? { kind: "gap", gap: gap.data } : "unknown";
		}
		case frameKinds.end: {
			const end = endShape.safeParse(parseJson(payload));
			return end.success ? { kind: "ending", ending: { kind: "complete", end: end.data } } : "unknown";
		}
		default:
			return "unknown";
	}
}

/** One frame after the other, `end`: offset behind it in the file. A text, the last thing that is told, says why it does not go on. */
async function* framesOf(handle: FileHandle): AsyncGenerator<{ kind: number; payload: Buffer; end: number } | string> {
	let held: Buffer = Buffer.alloc(0);
	let at = 0;
	let behind = 0;
	let isEnd = false;

	/** Makes `needed` bytes be there from `at` on. A new buffer each time: what was handed out is never written over. */
	async function fill(needed: number): Promise<boolean> {
		while (held.length - at < needed && !isEnd) {
			const rest = held.length - at;
			const next = Buffer.allocUnsafe(Math.max(READ_BYTES, needed));
			held.copy(next, 0, at);
			const { bytesRead } = await handle.read(next, rest, next.length - rest, behind + held.length);
			isEnd = bytesRead === 0;
			behind += at;
			at = 0;
			held = next.subarray(0, rest + bytesRead);
		}
		return held.length - at >= needed;
	}

	if (!(await fill(MAGIC.length)) || !held.subarray(0, MAGIC.length).equals(MAGIC)) {
		yield "it does not begin as a recording does";
		return;
	}
	at = MAGIC.length;
	while (await fill(1)) {
		let needed = FRAME_HEAD;
		while (true) {
			if (!(await fill(needed))) return yield "its last frame is not whole";
			const frame = decodeFrame(held, at);
			if (typeof frame === "string") return yield frame;
			if (typeof frame === "number") {
				needed = frame;
				continue;
			}
			at = frame.next;
			yield { kind: frame.kind, payload: frame.payload, end: behind + at };
			break;
		}
	}
}

async function openFile(file: string): Promise<FileHandle> {
	try {
		return await open(file, "r");
	} catch (error) {
		throw new Fault("SOURCE_UNREADABLE", { file, reason: (error as Error).message });
	}
}

const unreadable = (file: string, reason: string) => new Fault("RECORDING_UNREADABLE", { file, reason });

function parseJson(payload: Buffer): unknown {
	try {
		return JSON.parse(payload.toString("utf8"));
	} catch {
		return null;
	}
}
