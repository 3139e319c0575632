import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Graph } from "../contract/graph.ts";
import type { JournalEntry } from "../contract/journal.ts";
import { layOutGraph } from "../graph/index.ts";
import { createProgress, type ProgressBoard } from "./progress.ts";
import { openProject } from "./project.ts";
import { createChronicle, historyOf, renderReport, reportHtml, reportOf } from "./report/index.ts";
import { sampleSource } from "./sample/bank.ts";
import { writeReport } from "./write-report.ts";

const specimen = new URL("./report/fixtures/sample-run/", import.meta.url);
const entries = readFileSync(new URL("journal.jsonl", specimen), "utf8")
	.split("\n")
	.filter(Boolean)
	.map((line) => JSON.parse(line) as JournalEntry);
const name = "transfers.transfer";
const writtenAt = Date.UTC(2026, 10, 22, 22, 0, 0);

function told(upTo = entries.length) {
	const chronicle = createChronicle();
	for (const entry of entries.slice(0, upTo)) chronicle.add(entry);
	return chronicle;
}

async function report(only: string | undefined = name, chronicle = told()) {
	const project = await openProject(sampleSource, { sample: true });
	const proof = { entries: entries.length, head: "ab".repeat(32), whole: true, brokenAt: null };
	return reportOf({ chronicle, name: project.name, blueprint: project.blueprint, proof, map: null, writtenAt, function: only });
}

/** `npm run bless` writes what a person then reads in the diff. */
function golden(file: string, text: string): string {
	const path = new URL(file, specimen);
	if (process.env.BLESS === "1") writeFileSync(path, text);
	return readFileSync(path, "utf8");
}

describe("writing a report", () => {
	const project = openProject(sampleSource, { sample: true });
	async function ground(changed: (board: ProgressBoard) => void) {
		const dir = mkdtempSync(join(tmpdir(), "report-"));
		onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
		const progress: ProgressBoard = createProgress(() => changed(progress));
		const journal = { file: join(import.meta.dirname, "report/fixtures/sample-run/journal.jsonl"), durable: async () => {} };
		const layouts = { layoutOf: async (graph: Graph) => layOutGraph(graph) };
		return { dir, progress, journal, layouts, chronicle: told(), project: await project, closing: new AbortController().signal };
	}

	test("tells how far it is, step by step, and is off the board at its end", async () => {
		const seen: string[] = [];
		const core = await ground((board) =>
			seen.push(
				board
					.list()
					.map(({ what, done, total }) => `${what}: ${done} of ${total}`)
					.join(),
			),
		);
		const written = await writeReport(core, { function: name, format: "pdf" });
		expect(statSync(written.file).size).toBe(written.bytes);
		expect(seen).toEqual([...[0, 1, 2, 3, 4].map((done) => `Writing the report as PDF: ${done} of 4`), ""]);
	});

	test.each([1, 2, 3])("leaves no file when it is cancelled after step %d", async (last) => {
		const core = await ground((board) => {
			const [work] = board.list();
			if (work?.done === last) board.cancel(work.id);
		});
		await expect(writeReport(core, { function: name, format: "html" })).rejects.toMatchObject({ code: "CANCELLED" });
		expect(existsSync(join(core.dir, "reports"))).toBe(false);
	});
});

describe("the report of one migration", () => {
	test("is the expected page for the recorded run", async () => {
		const html = reportHtml(await report());
		expect(html).toBe(golden("transfer.html", html));
	});

	test("says the same for the same journal but for the time of writing", async () => {
		const [one, other] = [await report(), { ...(await report()), writtenAt: writtenAt + 1 }];
		expect(reportHtml(one)).toBe(reportHtml({ ...other, writtenAt }));
		expect((await renderReport(one, "pdf")).equals(await renderReport(await report(), "pdf"))).toBe(true);
	});

	test("carries no script, no address and nothing unescaped", async () => {
		const plain = await report();
		const [first] = plain.functions;
		if (first === undefined) throw new Error("the specimen holds no migration");
		const html = reportHtml({ ...plain, functions: [{ ...first, stage: "held", reason: `<img src=x onerror="alert('1')">&` }] });
		expect(html).not.toMatch(/<script|<img|https?:\/\/(?!www\.w3\.org\/2000\/svg)/i);
		expect(html).toContain("default-src 'none'");
		expect(html).toContain("&#60;img src=x onerror=&#34;alert(&#39;1&#39;)&#34;&#62;&#38;");
	});

	test("as PDF is whole, with the title, its fonts embedded and the words of the verdict", async () => {
		const pdf = await renderReport(await report(), "pdf");
		const file = pdf.toString("latin1");
		expect(file.startsWith("%PDF-1.")).toBe(true);
		expect(file.trimEnd().endsWith("%%EOF")).toBe(true);
		// The table of objects stands where the trailer says, and every object where the table says.
		const at = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(file)?.[1]);
		expect(file.slice(at, at + 4)).toBe("xref");
		for (const [, offset = "", id = ""] of objectsIn(file.slice(at)))
			expect(file.slice(Number(offset))).toMatch(new RegExp(`^${id} 0 obj`));
		expect(Number(/\/Type \/Pages\s+\/Count (\d+)/.exec(file)?.[1])).toBeGreaterThanOrEqual(4);
		expect(file).toMatch(/\/FontFile2/);
		const text = textOf(pdf);
		expect(text).toContain("Migration of transfers.transfer");
		expect(text.replaceAll("\u200b", "")).toContain("≤");
		expect(text).toContain("Every decision");
	});

	test("of the whole run has a chapter for each function", async () => {
		const whole = await report(undefined as never);
		const html = reportHtml({ ...whole, functions: whole.functions });
		for (const one of whole.functions) expect(html).toContain(`<article id="${one.function}">`);
	});
});

describe("the chronicle", () => {
	test("is the same however it is cut in two", () => {
		const middle = Math.floor(entries.length / 2);
		const chronicle = told(middle);
		for (const entry of entries.slice(middle)) chronicle.add(entry);
		expect(chronicle.decisions()).toEqual(told().decisions());
		expect(chronicle.tale(name)?.curve.samples()).toEqual(told().tale(name)?.curve.samples());
	});

	test("tells each decision once, oldest first, with who took it", () => {
		const decisions = told().decisions();
		expect(decisions.map((one) => one.seq)).toEqual([...new Set(decisions.map((one) => one.seq))].sort((a, b) => a - b));
		const own = historyOf(told(), { function: name });
		expect(own.some((one) => one.kind === "patch" && one.what.endsWith("accepted") && one.who === "policy")).toBe(true);
		expect(own.some((one) => one.kind === "panic" && one.who === "architect")).toBe(true);
		expect(own.every((one) => one.function === null || one.function === name)).toBe(true);
	});

	test("gives later decisions alone when asked since an entry", () => {
		const all = historyOf(told(), {});
		const [, second] = all;
		expect(historyOf(told(), { since: second?.seq })).toEqual(all.slice(2));
	});
});

/** Lines of the cross-reference table that are in use: offset, number of the object. */
function objectsIn(table: string): [string, string, string][] {
	const lines = table.split(/\r?\n/);
	const head = lines.findIndex((line) => /^0 \d+$/.test(line));
	return lines.slice(head + 1).flatMap((line, index): [string, string, string][] => {
		const found = /^(\d{10}) \d{5} n/.exec(line);
		return found?.[1] === undefined ? [] : [[line, found[1], String(index)]];
	});
}

/** The words of a PDF by the glyph tables that it carries itself (`ToUnicode`), as a reader finds them. */
function textOf(pdf: Buffer): string {
	const file = pdf.toString("latin1");
	const streams = [...file.matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)].map(([, body = ""]) => {
		try {
			return inflateSync(Buffer.from(body, "latin1")).toString("latin1");
		} catch {
			return "";
		}
	});
	// Of each font: glyph number to character. Glyph numbers of two subsets overlap, so every reading is given.
	const maps = streams
		.filter((stream) => stream.includes("beginbfrange") || stream.includes("beginbfchar"))
		.map((stream) => {
			const found = [...stream.matchAll(/<([0-9a-f]{4})> <([0-9a-f]{4})> \[([^\]]*)\]/gi)].flatMap(([, from = "0", , list = ""]) =>
				[...list.matchAll(/<([0-9a-f]+)>/gi)].map(([, code = ""], index) => [Number.parseInt(from, 16) + index, hexText(code)] as const),
			);
			return new Map(found);
		});
	const shown = streams.flatMap((stream) => [...stream.matchAll(/\[((?:<[0-9a-f]*>|[\s\d.-])*)\] TJ/gi)].map(([, parts = ""]) => parts));
	return maps
		.map((map) =>
			shown
				.map((parts) =>
					[...parts.matchAll(/<([0-9a-f]*)>/gi)]
						.map(([, hex = ""]) => (hex.match(/.{4}/g) ?? []).map((code) => map.get(Number.parseInt(code, 16)) ?? "?").join(""))
						.join(""),
				)
				.join(" "),
		)
		.join("\n")
		.replaceAll(/ +/g, " ");
}

const hexText = (hex: string): string => (hex.match(/.{4}/g) ?? []).map((unit) => String.fromCharCode(Number.parseInt(unit, 16))).join("");
