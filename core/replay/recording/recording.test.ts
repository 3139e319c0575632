import { readFileSync, statSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Fault } from "../../base/index.ts";
import { createFolder, type Folder, recorded } from "../testing/recorded.ts";
import { decodeExchange, encodeExchange } from "./codec.ts";
import { openRecording, type RecordingEntry } from "./read-recording.ts";
import type { Recorded } from "./recorded.ts";
import { createRecording } from "./write-recording.ts";

let folder: Folder;
beforeEach(() => {
	folder = createFolder();
});
afterEach(() => folder.end());

const header = { source: { kind: "gateway" as const, name: "test" }, routes: null };

async function entriesOf(file: string): Promise<RecordingEntry[]> {
	const entries: RecordingEntry[] = [];
	for await (const entry of (await openRecording(file)).entries()) entries.push(entry);
	return entries;
}

const records = Array.from({ length: 20 }, (_, at) =>
	recorded({ target: `/x?n=${at}`, body: Buffer.alloc(at * 37, at), answer: "ä".repeat(at), startedAt: 1_000 + at / 3 }),
);

async function write(file: string): Promise<void> {
	const writer = await createRecording({ file, header, masker: null });
	for (const record of records) expect(writer.write(record)).toBe(true);
	await writer.end();
}

test("[REC1] what was written is read again, byte for byte and in order, with its end", async () => {
	const file = folder.file("a.rec");
	await write(file);
	const entries = await entriesOf(file);
	expect(entries.slice(0, -1)).toEqual(records.map((record) => ({ kind: "exchange", record })));
	expect(entries.at(-1)).toMatchObject({ kind: "ending", ending: { kind: "complete", end: { records: 20, missing: {} } } });
	expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("[REC2] a file cut at any byte is readable up to the cut, and says so", async () => {
	const file = folder.file("a.rec");
	await write(file);
	const bytes = readFileSync(file);
	const part = folder.file("cut.rec");
	let atLeast = 0;
	let unreadable = 0;
	for (let length = 0; length < bytes.length; length += 41) {
		writeFileSync(part, bytes.subarray(0, length));
		const entries = await entriesOf(part).catch((error: unknown) => {
			if (error instanceof Fault && error.code === "RECORDING_UNREADABLE") return null;
			throw error;
		});
		if (entries === null) {
			unreadable++;
			// Once the header is whole, a longer file is never less readable.
			expect(atLeast).toBe(0);
			continue;
		}
		const ending = entries.at(-1);
		if (ending?.kind !== "ending" || ending.ending.kind !== "cut") throw new Error(`no cut at ${length}`);
		const read = entries.slice(0, -1);
		expect(read).toEqual(records.slice(0, read.length).map((record) => ({ kind: "exchange", record })));
		expect(ending.ending.records).toBe(read.length);
		expect(ending.ending.at).toBeLessThanOrEqual(length);
		expect(read.length).toBeGreaterThanOrEqual(atLeast);
		atLeast = read.length;
	}
	expect(atLeast).toBe(20);
	expect(unreadable).toBeLessThan(10);
});

test("[REC2] a bit that fell over is found, and nothing behind it is used", async () => {
	const file = folder.file("a.rec");
	await write(file);
	const bytes = readFileSync(file);
	const whole = await entriesOf(file);
	const damaged = folder.file("damaged.rec");
	for (let at = 300; at < bytes.length; at += 113) {
		const copy = Buffer.from(bytes);
		copy[at] = (copy[at] as number) ^ 0x10;
		writeFileSync(damaged, copy);
		const entries = await entriesOf(damaged);
		expect(entries.at(-1)).toMatchObject({ kind: "ending", ending: { kind: "cut" } });
		expect(entries.slice(0, -1)).toEqual(whole.slice(0, entries.length - 1));
	}
});

test("[REC3] a disk that is too slow costs records, which are counted in the file, and no memory", async () => {
	const file = folder.file("a.rec");
	const writer = await createRecording({ file, header, masker: null, backlogBytes: 100_000 });
	const large = recorded({ answer: Buffer.alloc(40_000, 1) });
	// Within one turn of the loop nothing can reach the disk.
	const taken = Array.from({ length: 10 }, () => writer.write(large));
	expect(taken).toEqual([true, true, true, ...new Array(7).fill(false)]);
	await writer.drained();
	expect(writer.write(large)).toBe(true);
	await writer.end();
	const entries = await entriesOf(file);
	expect(entries.map(({ kind }) => kind)).toEqual(["exchange", "exchange", "exchange", "gap", "exchange", "ending"]);
	expect(entries[3]).toMatchObject({ gap: { count: 7, reason: "slow-disk" } });
	expect(entries.at(-1)).toMatchObject({ ending: { end: { records: 4, missing: { "slow-disk": 7 } } } });
});

test("[REC4] no file is written over, and what is no recording is refused by name", async () => {
	const file = folder.file("a.rec");
	writeFileSync(file, "dear diary, and much more than nine bytes");
	await expect(createRecording({ file, header, masker: null })).rejects.toMatchObject({ code: "INPUT_INVALID" });
	await expect(openRecording(file)).rejects.toMatchObject({ code: "RECORDING_UNREADABLE" });
	await expect(openRecording(folder.file("none"))).rejects.toMatchObject({ code: "SOURCE_UNREADABLE" });
});

test("every exchange survives its encoding", () => {
	const bytes = fc.uint8Array({ maxLength: 50 }).map((array) => Buffer.from(array));
	const headers = fc.array(fc.tuple(fc.string({ maxLength: 10 }), fc.string({ maxLength: 20 })), { maxLength: 5 });
	const state = fc.constantFrom("whole", "cut", "absent", "withheld");
	const exchange = fc.record({
		startedAt: fc.double({ noNaN: true, noDefaultInfinity: true }).map((at) => at + 0),
		endedAt: fc.double({ noNaN: true, noDefaultInfinity: true }).map((at) => at + 0),
		route: fc.option(fc.string()),
		request: fc.record({
			method: fc.constantFrom("GET", "POST", "M-SEARCH"),
			scheme: fc.constantFrom("http", "https"),
			target: fc.string(),
			headers,
			body: bytes,
			state,
		}),
		response: fc.record({ status: fc.nat(999), headers, body: bytes, state }),
		error: fc.option(fc.string()),
	});
	fc.assert(
		fc.property(exchange, (record) => {
			expect(decodeExchange(Buffer.concat(encodeExchange(record as Recorded)))).toEqual(record);
		}),
	);
});

test("no damaged payload is taken for an exchange, and none throws", () => {
	const payload = Buffer.concat(encodeExchange(recorded({ body: "abc", answer: "defg" })));
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(payload.length - 1), (noise, at) => {
			expect(decodeExchange(Buffer.from(noise))).toBeNull();
			expect(decodeExchange(payload.subarray(0, at))).toBeNull();
		}),
	);
});
