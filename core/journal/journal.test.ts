import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson, type Fault } from "../base/index.ts";
import { type Journal, openJournal, tailJournal, verifyJournal } from "./index.ts";
import { createFlakyDisk } from "./testing/flaky-disk.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const note = (journal: Journal, text: string) => journal.append("note", { function: null, text });
const newFile = () => join(temporaryFolder(), "journal.jsonl");
const lines = (file: string) => readFileSync(file, "utf8").split("\n").slice(0, -1);

async function written(count: number): Promise<string> {
	const file = newFile();
	const journal = await openJournal({ file });
	for (let i = 1; i <= count; i++) note(journal, `entry ${i}`);
	await journal.close();
	return file;
}

const faultOf = (work: Promise<unknown>): Promise<Fault> =>
	work.then(
		() => Promise.reject(new Error("it did not fail")),
		(fault) => fault,
	);

describe("the file", () => {
	test("[J1] is one line per entry, numbered from 1, in a fixed order of keys", async () => {
		const [first] = lines(await written(3));
		expect(first).toMatch(
			/^\{"seq":1,"at":\d+(\.\d{1,3})?,"kind":"note","data":\{"function":null,"text":"entry 1"\},"prev":"0{64}","hash":"[0-9a-f]{64}"\}$/,
		);
	});

	test("[J2] can be checked by anyone: the hash is the SHA-256 of the line without its hash", async () => {
		const file = newFile();
		const journal = await openJournal({ file });
		journal.append("panic", { reason: 'è \u2028 "quoted" 🏦', by: "architect", ms: 0.25 });
		note(journal, ',"hash":"');
		await journal.close();
		let prev = "0".repeat(64);
		for (const line of lines(file)) {
			const { hash, ...content } = JSON.parse(line);
			const without = line.replace(/,"hash":"[0-9a-f]{64}"\}$/, "}");
			expect(createHash("sha256").update(without).digest("hex")).toBe(hash);
			expect(content.prev).toBe(prev);
			expect(without).toContain(`"data":${canonicalJson(content.data)},`);
			prev = hash;
		}
		expect(journal.lastHash).toBe(prev);
	});

	test("[J1] keeps any JSON text through a close and a new start", async () => {
		const file = newFile();
		const texts: string[] = [];
		await fc.assert(
			fc.asyncProperty(fc.array(fc.string({ unit: "binary" }), { maxLength: 20 }), async (batch) => {
				const journal = await openJournal({ file, fsyncMs: 0 });
				for (const text of batch) note(journal, text);
				texts.push(...batch.map((text) => text.toWellFormed()));
				await journal.close();
				const read = await tailJournal(file, texts.length);
				expect(read.map((entry) => (entry.kind === "note" ? entry.data.text : entry.kind))).toEqual(texts);
			}),
			{ numRuns: 30 },
		);
	});
});

describe("writing", () => {
	test("[J4] a second writer is refused with the process that holds the journal, in the same process too", async () => {
		const file = newFile();
		const journal = await openJournal({ file });
		const fault = await faultOf(openJournal({ file }));
		expect(fault).toMatchObject({ code: "CORE_RUNNING", data: { pid: String(process.pid) } });
		await journal.close();
		await (await openJournal({ file })).close();
	});

	test("[J5] durable resolves only after the bytes are in the file, and many entries share one fsync", async () => {
		const file = newFile();
		let syncs = 0;
		const disk = createFlakyDisk(Number.MAX_SAFE_INTEGER);
		const openFile = async (path: string) => {
			const real = await disk.open(path);
			const sync = () => {
				syncs++;
				return real.sync();
			};
			return { ...real, sync };
		};
		const journal = await openJournal({ file, openFile });
		for (let i = 0; i < 500; i++) note(journal, `entry ${i}`);
		expect(lines(file)).toHaveLength(0);
		await journal.durable();
		expect(lines(file)).toHaveLength(500);
		expect(syncs).toBe(1);
		await journal.close();
	});

	test("[J5] what comes while a slow disk syncs is written after it, without anybody asking", async () => {
		const file = newFile();
		const disk = createFlakyDisk(Number.MAX_SAFE_INTEGER);
		const openFile = async (path: string) => {
			const real = await disk.open(path);
			return { ...real, sync: () => new Promise<void>((resolve) => setTimeout(resolve, 60)).then(real.sync) };
		};
		const journal = await openJournal({ file, openFile, fsyncMs: 5 });
		note(journal, "begins a flight");
		await new Promise((resolve) => setTimeout(resolve, 20));
		// Longer before the end of the flight than `fsyncMs`.
		note(journal, "comes during it");
		await expect.poll(() => lines(file).length, { timeout: 2_000 }).toBe(2);
		note(journal, "and later");
		await expect.poll(() => lines(file).length, { timeout: 2_000 }).toBe(3);
		await journal.close();
	});

	test("[J5] every waiter waits for its own entries, also while earlier ones are being written", async () => {
		const file = newFile();
		const journal = await openJournal({ file, fsyncMs: 1 });
		const waits: Promise<void>[] = [];
		for (let i = 1; i <= 200; i++) {
			note(journal, `entry ${i}`);
			waits.push(journal.durable().then(() => expect(lines(file).length).toBeGreaterThanOrEqual(i)));
			if (i % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
		}
		await Promise.all(waits);
		await journal.close();
	});

	test("[J6] a full disk is said once, nothing acknowledged is lost, and the rest follows after a retry", async () => {
		const file = newFile();
		const disk = createFlakyDisk(2_000);
		const journal = await openJournal({ file, openFile: disk.open });
		const heard: string[] = [];
		journal.onFailure((fault) => heard.push(fault.code));
		let acknowledged = 0;
		const fault = await faultOf(
			(async () => {
				for (let i = 1; i <= 100; i++) {
					note(journal, `entry ${i}`);
					await journal.durable();
					acknowledged = i;
				}
			})(),
		);
		expect(fault).toMatchObject({ code: "JOURNAL_FULL", data: { file } });
		expect(fault.message).toContain("ENOSPC");
		expect(acknowledged).toBeGreaterThan(3);
		expect(heard).toEqual(["JOURNAL_FULL"]);
		expect(await verifyJournal(file)).toMatchObject({ ok: true, entries: acknowledged, torn: 0 });

		note(journal, "while it is full");
		expect((await faultOf(journal.retry())).code).toBe("JOURNAL_FULL");
		expect(heard).toHaveLength(2);
		disk.capacity = Number.MAX_SAFE_INTEGER;
		await journal.retry();
		await journal.durable();
		expect(journal.failed).toBeNull();
		expect(await verifyJournal(file)).toMatchObject({ ok: true, entries: acknowledged + 2 });
		await journal.close();
	});

	test("[J6] after a failed fsync everything that was not acknowledged is written again", async () => {
		const file = newFile();
		const disk = createFlakyDisk(Number.MAX_SAFE_INTEGER);
		const journal = await openJournal({ file, openFile: disk.open });
		note(journal, "first");
		await journal.durable();
		disk.failingSyncs = 1;
		note(journal, "second");
		expect((await faultOf(journal.durable())).message).toContain("EIO");
		expect(lines(file)).toHaveLength(1);
		await journal.retry();
		expect(lines(file)).toHaveLength(2);
		await journal.close();
	});

	test.skipIf(process.platform === "win32")("[J6] holds against a real limit of the operating system", () => {
		const file = newFile();
		const script = `
			import { openJournal } from ${JSON.stringify(new URL("index.ts", import.meta.url).href)};
			process.on("SIGXFSZ", () => {});
			const journal = await openJournal({ file: ${JSON.stringify(file)} });
			let acknowledged = 0;
			try {
				while (true) {
					const { seq } = journal.append("note", { function: null, text: "x".repeat(500) });
					await journal.durable();
					acknowledged = seq;
				}
			} catch (fault) {
				console.log(JSON.stringify({ code: fault.code, acknowledged }));
				process.exit(0);
			}`;
		// The limit of a file's size counts blocks of 512 bytes in POSIX shells.
		const command = 'ulimit -f 64; exec "$0" --input-type=module-typescript -e "$1"';
		const { stdout, stderr } = spawnSync("sh", ["-c", command, process.execPath, script], { encoding: "utf8" });
		expect(stderr).toBe("");
		const { code, acknowledged } = JSON.parse(stdout);
		expect(code).toBe("JOURNAL_FULL");
		expect(acknowledged).toBeGreaterThan(10);
		expect(lines(file)).toHaveLength(acknowledged);
	});
});

describe("opening", () => {
	test("[J7] an incomplete last line is cut off at every possible length, and a note says so", async () => {
		const whole = await written(3);
		const bytes = readFileSync(whole);
		const lastStart = bytes.lastIndexOf("\n", bytes.length - 2) + 1;
		for (const length of [1, 2, 40, bytes.length - lastStart - 1]) {
			const file = newFile();
			writeFileSync(file, bytes.subarray(0, lastStart + length));
			const journal = await openJournal({ file });
			const [first, second, third] = [...journal.entries()];
			expect([first?.data, second?.data]).toEqual([
				{ function: null, text: "entry 1" },
				{ function: null, text: "entry 2" },
			]);
			const cut = createHash("sha256")
				.update(bytes.subarray(lastStart, lastStart + length))
				.digest("hex");
			expect(third?.data).toEqual({ function: null, text: `An incomplete last entry of ${length} bytes was cut off (SHA-256 ${cut}).` });
			await journal.close();
			expect(await verifyJournal(file)).toMatchObject({ ok: true, entries: 3, torn: 0 });
		}
	});

	test("[J8] a changed byte anywhere breaks the chain at its own entry", async () => {
		const file = await written(5);
		const bytes = readFileSync(file);
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: 0, max: bytes.length - 2 }), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
				const copy = Buffer.from(bytes);
				copy[at] = (copy[at] ?? 0) ^ mask;
				writeFileSync(file, copy);
				const entry = bytes.subarray(0, at).filter((byte) => byte === 10).length + 1;
				expect(await verifyJournal(file)).toMatchObject({ ok: false, brokenAt: entry, entries: entry - 1 });
			}),
			{ numRuns: 300 },
		);
		const fault = await faultOf(openJournal({ file }));
		expect(fault.code).toBe("JOURNAL_BROKEN");
	});

	test.each([
		["removed", (all: string[]) => all.filter((_, index) => index !== 2), 3],
		["repeated", (all: string[]) => all.flatMap((line, index) => (index === 2 ? [line, line] : [line])), 4],
		["swapped", (all: string[]) => [all[0], all[2], all[1], all[3], all[4]], 2],
		["blank", (all: string[]) => [all[0], "", ...all.slice(1)], 2],
	])("[J8] a line that was %s is found, named, and left as it is", async (_, change, brokenAt) => {
		const file = await written(5);
		const changed = `${change(lines(file)).join("\n")}\n`;
		writeFileSync(file, changed);
		expect(await faultOf(openJournal({ file }))).toMatchObject({ code: "JOURNAL_BROKEN", data: { file, seq: String(brokenAt) } });
		expect(await faultOf(tailJournal(file, 2))).toMatchObject({ code: "JOURNAL_BROKEN" });
		expect(readFileSync(file, "utf8")).toBe(changed);
	});

	test("[J9] a shortened journal is a valid chain with another last hash", async () => {
		const file = await written(5);
		const before = await verifyJournal(file);
		truncateSync(file, lines(file).slice(0, 3).join("\n").length + 1);
		const after = await verifyJournal(file);
		expect(after).toMatchObject({ ok: true, entries: 3 });
		expect(after.lastHash).not.toBe(before.lastHash);
	});

	test("[J4, J5, J7] kill -9 in the middle of writing loses nothing acknowledged, five times in a row", { timeout: 60_000 }, async () => {
		const file = newFile();
		const script = new URL("testing/acknowledging-writer.ts", import.meta.url).pathname;
		let before = 0;
		for (let round = 0; round < 5; round++) {
			const child = spawn(process.execPath, [script, file], { stdio: ["ignore", "pipe", "inherit"] });
			let output = "";
			child.stdout.setEncoding("utf8").on("data", (text) => {
				output += text;
				if (output.split("\n").length > 40 + 17 * round) child.kill("SIGKILL");
			});
			await new Promise((resolve) => child.on("close", resolve));
			expect(child.signalCode).toBe("SIGKILL");
			const acknowledged = Number(output.split("\n").slice(0, -1).at(-1));
			const found = await verifyJournal(file);
			expect(found.ok).toBe(true);
			expect(acknowledged).toBeGreaterThan(before);
			expect(found.entries).toBeGreaterThanOrEqual(acknowledged);
			before = acknowledged;
		}
		const journal = await openJournal({ file });
		expect([...journal.entries()]).toHaveLength(journal.seq);
		await journal.close();
	});
});

describe("reading", () => {
	test("[J10] entries gives any range, across what is on disk and what is not yet", async () => {
		const file = await written(3_000);
		const journal = await openJournal({ file, fsyncMs: 60_000 });
		for (let i = 3_001; i <= 3_010; i++) note(journal, `entry ${i}`);
		expect(lines(file)).toHaveLength(3_000);
		const texts = (from?: number, to?: number) =>
			[...journal.entries(from, to)].map((entry) => (entry.kind === "note" ? entry.data.text : ""));
		const expected = (from: number, to: number) =>
			Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => `entry ${from + index}`);
		expect(texts()).toEqual(expected(1, 3_010));
		expect(texts(0, 99_999)).toEqual(expected(1, 3_010));
		expect(texts(1_024, 1_026)).toEqual(expected(1_024, 1_026));
		expect(texts(2_999, 3_002)).toEqual(expected(2_999, 3_002));
		expect(texts(3_005)).toEqual(expected(3_005, 3_010));
		expect(texts(9, 8)).toEqual([]);
		await journal.close();
	});

	test("[J10] an entry reads back from disk exactly as it was given out", async () => {
		const file = newFile();
		const journal = await openJournal({ file });
		const heard: unknown[] = [];
		const end = journal.subscribe((entry) => heard.push(entry));
		const first = journal.append("dropped", { function: "a.b", count: 2, reason: "too-large" });
		end();
		note(journal, "unheard");
		expect(heard).toEqual([first]);
		await journal.durable();
		expect([...journal.entries(1, 1)]).toEqual([first]);
		await journal.close();
	});

	test("tail gives the last entries, oldest first, and ignores a line that is being written", async () => {
		const file = await written(10);
		appendFileSync(file, '{"seq":11,"at"');
		expect((await tailJournal(file, 3)).map(({ seq }) => seq)).toEqual([8, 9, 10]);
		expect(await tailJournal(file, 0)).toEqual([]);
		expect((await tailJournal(file, 99)).length).toBe(10);
	});

	test("a journal that is not there is named", async () => {
		expect(await faultOf(verifyJournal("/nowhere/journal.jsonl"))).toMatchObject({ code: "SOURCE_UNREADABLE", data: { reason: "ENOENT" } });
	});
});
