import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openJournal, sha256Hex, verifyCapsule, writeCapsule } from "./index.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const summary = {
	title: "Time capsule of the sample bank",
	paragraphs: ["Every route was promoted; legacy was stopped."],
	figures: { "requests compared": 962, "client errors": 0 },
};

async function aCapsule() {
	const folder = temporaryFolder();
	const journalFile = join(folder, "journal.jsonl");
	const journal = await openJournal({ file: journalFile });
	for (const text of ["one", "two", "three"]) journal.append("note", { function: null, text });
	await journal.close();
	const files = {
		"blueprints/fees.commission.json": '{"rules":[]}',
		"code/v2/service.ts": new TextEncoder().encode("export const a = 1;\n"),
	};
	const dir = join(folder, "capsule");
	const capsule = await writeCapsule({ dir, journalFile, files, summary });
	return { folder, journalFile, journal, dir, capsule };
}

test("[J12] a capsule holds its files, the journal and a manifest that proves them", async () => {
	const { dir, capsule, journal, journalFile } = await aCapsule();
	const manifest = JSON.parse(readFileSync(join(dir, "manifest.json"), "utf8"));
	expect(Object.keys(manifest.files)).toEqual(["README.md", "blueprints/fees.commission.json", "code/v2/service.ts", "journal.jsonl"]);
	expect(manifest.journal).toEqual({ file: "journal.jsonl", entries: 3, lastHash: journal.lastHash });
	expect(readFileSync(join(dir, "journal.jsonl"))).toEqual(readFileSync(journalFile));
	expect(capsule).toEqual({ dir, files: 4, sha256: sha256Hex(readFileSync(join(dir, "manifest.json"))) });
	expect(await verifyCapsule(dir)).toEqual({ ok: true, entries: 3, sha256: capsule.sha256, problems: [] });
	expect(readFileSync(join(dir, "README.md"), "utf8")).toContain("| requests compared | 962 |");
});

test.skipIf(spawnSync("sha256sum", ["--version"]).status !== 0)("[J12] it can be checked with sha256sum alone", async () => {
	const { dir } = await aCapsule();
	expect(spawnSync("sha256sum", ["-c", "--strict", "--quiet", "SHA256SUMS"], { cwd: dir }).status).toBe(0);
	appendFileSync(join(dir, "code/v2/service.ts"), " ");
	expect(spawnSync("sha256sum", ["-c", "--strict", "--quiet", "SHA256SUMS"], { cwd: dir }).status).toBe(1);
});

test.each([
	["altered", "code/v2/service.ts", (path: string) => appendFileSync(path, " ")],
	["missing", "blueprints/fees.commission.json", (path: string) => rmSync(path)],
	["missing", "journal.jsonl", (path: string) => rmSync(path)],
	["not in the manifest", "code/v2/extra.ts", (path: string) => writeFileSync(path, "")],
] as const)("[J12] a file that is %s is named: %s", async (problem, path, change) => {
	const { dir } = await aCapsule();
	change(join(dir, path));
	const check = await verifyCapsule(dir);
	expect(check.ok).toBe(false);
	expect(check.problems).toEqual([{ path, problem }]);
});

test("[J12] a changed journal is found by its digest and by its chain", async () => {
	const { dir } = await aCapsule();
	const file = join(dir, "journal.jsonl");
	writeFileSync(file, readFileSync(file, "utf8").replace('"two"', '"2"'));
	expect((await verifyCapsule(dir)).problems).toEqual([
		{ path: "journal.jsonl", problem: "altered" },
		{ path: "journal.jsonl", problem: "chain broken" },
	]);
});

test("[J12] a broken journal makes no capsule, and nothing is left behind", async () => {
	const { folder, journalFile } = await aCapsule();
	writeFileSync(journalFile, readFileSync(journalFile, "utf8").replace('"two"', '"2"'));
	const dir = join(folder, "second");
	await expect(writeCapsule({ dir, journalFile, files: {}, summary })).rejects.toMatchObject({
		code: "JOURNAL_BROKEN",
		data: { seq: "2" },
	});
	expect(existsSync(dir)).toBe(false);
	expect(readdirSync(folder).filter((name) => name.includes("draft"))).toEqual([]);
});

test("a capsule is never written over another one", async () => {
	const { dir, journalFile, capsule } = await aCapsule();
	await expect(writeCapsule({ dir, journalFile, files: {}, summary })).rejects.toMatchObject({ code: "INPUT_INVALID" });
	expect((await verifyCapsule(dir)).sha256).toBe(capsule.sha256);
});

test.each([["../outside"], ["/absolute"], ["a/../b"], ["manifest.json"], ["a\\b"], [""], ["a//b"], [".hidden"]])(
	"the path %j is refused",
	async (path) => {
		const { folder, journalFile } = await aCapsule();
		await expect(writeCapsule({ dir: join(folder, "other"), journalFile, files: { [path]: "" }, summary })).rejects.toMatchObject({
			code: "INPUT_INVALID",
		});
	},
);

test("what is no capsule is named", async () => {
	const folder = temporaryFolder();
	await expect(verifyCapsule(folder)).rejects.toMatchObject({ code: "SOURCE_UNREADABLE" });
	writeFileSync(join(folder, "manifest.json"), "{}");
	await expect(verifyCapsule(folder)).rejects.toMatchObject({ code: "INPUT_INVALID" });
});
