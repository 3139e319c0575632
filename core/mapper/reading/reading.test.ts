import {
	appendFileSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	truncateSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { mapProject } from "../index.ts";
import { LARGEST } from "./read-source.ts";
import { declaredEncoding, sourceText } from "./source-text.ts";
import { trimTreeCache } from "./tree-cache.ts";

const all = mkdtempSync(join(tmpdir(), "phoenix-reading-"));
let dir = all;
beforeEach(() => {
	dir = mkdtempSync(join(all, "case-"));
});
afterAll(() => rmSync(all, { recursive: true, force: true }));

const write = (path: string, text: string | Buffer) => {
	mkdirSync(join(dir, path, ".."), { recursive: true });
	writeFileSync(join(dir, path), text);
};
const notRead = async () => (await mapProject(dir)).graph.parseErrors.map(({ file, message }) => [file, message]);
const fill = (files: number) => {
	for (let file = 0; file < files; file++)
		write(
			`part${file}.py`,
			`from part${(file + 1) % files} import f${(file + 1) % files}\n\ndef f${file}(a):\n\treturn f${(file + 1) % files}(a)\n`,
		);
};

describe("text", () => {
	const bytes = (text: string, encoding: BufferEncoding = "latin1") => Buffer.from(text, encoding);
	it("follows the declaration of the first two lines, as PEP 263 has it", () => {
		expect(declaredEncoding(bytes("#!/usr/bin/python\n# -*- coding: cp1252 -*-\n"))).toBe("cp1252");
		expect(declaredEncoding(bytes("# vim: set fileencoding=koi8-r :\n"))).toBe("koi8-r");
		expect(declaredEncoding(bytes("x = 1\n# coding: koi8-r\n"))).toBeNull();
		expect(declaredEncoding(bytes("\n\n# coding: koi8-r\n"))).toBeNull();
	});
	it("is UTF-8 without its mark, or what is declared, or Latin-1", () => {
		expect(sourceText(bytes("\ufeffx = 'è'", "utf8"))).toEqual({ text: "x = 'è'", note: null });
		expect(sourceText(bytes("# coding: cp1252\nx = '\x80'")).text).toContain("'€'");
		expect(sourceText(bytes("# coding: iso-8859-1\nx = '\x80'")).text).toContain("'\x80'");
		expect(sourceText(bytes("# coding: koi8_r\nx = '\xc1'")).text).toContain("'а'");
		expect(sourceText(bytes("x = '\xe8'"))).toEqual({ text: "x = 'è'", note: null });
	});
	it("says what it could not know", () => {
		expect(sourceText(bytes("# coding: cp850\nx = '\x8a'")).note).toContain("cp850");
		expect(sourceText(bytes("# coding: cp850\nx = 'a'")).note).toBeNull();
		expect(sourceText(bytes("# coding: utf-8\nx = '\xe8'")).note).toContain("not utf-8");
	});
});

describe("what cannot be read is named with its reason, and the rest is mapped", () => {
	it("too large", async () => {
		write("good.py", "def f():\n\tpass\n");
		write("large.py", "x = 1\n");
		truncateSync(join(dir, "large.py"), LARGEST + 1);
		expect(await notRead()).toEqual([["large.py", "not read: it is larger than 16 MB"]]);
	});
	it("links that leave the folder, lead nowhere or to themselves; those that stay inside are not followed twice", async () => {
		write("good.py", "def f():\n\tpass\n");
		mkdirSync(join(dir, "inner"));
		symlinkSync(join(dir), join(dir, "inner", "up"));
		symlinkSync("gone.py", join(dir, "nowhere.py"));
		symlinkSync("round.py", join(dir, "round.py"));
		symlinkSync(import.meta.dirname, join(dir, "outside"));
		const { graph } = await mapProject(dir);
		expect(graph.files.map((file) => file.path)).toEqual(["good.py"]);
		expect(graph.parseErrors.map(({ file, message }) => [file, message.replace(/ \/.*/, "")])).toEqual([
			["nowhere.py", "not read: a link that leads nowhere"],
			["outside", "not read: a link to"],
			["round.py", "not read: a link that leads to itself"],
		]);
	});
	it("nested too deep: its calls are kept, and it is said", async () => {
		const deep = (open: string, close: string) => `${open.repeat(5_000)}k(1)${close.repeat(5_000)}`;
		write("parentheses.py", `def k(a):\n\treturn a\n\nx = ${deep("(", ")")}\n`);
		write("lists.py", `def k(a):\n\treturn a\n\nx = ${deep("[", "]")}\n`);
		write("sums.py", `def k(a):\n\treturn a\n\nx = ${Array.from({ length: 5_000 }, () => "k(1)").join(" + ")}\n`);
		write(
			"choice.py",
			`def k(a):\n${Array.from({ length: 3_000 }, (_, at) => `\t${at === 0 ? "if" : "elif"} a == ${at}:\n\t\treturn ${at}\n`).join("")}`,
		);
		const { graph } = await mapProject(dir);
		expect(graph.parseErrors.map(({ file, message }) => [file, /levels/.test(message)])).toEqual([
			["lists.py", true],
			["sums.py", true],
		]);
		const calls = graph.edges.filter((edge) => edge.kind === "call").map((edge) => edge.to);
		expect(calls.sort()).toEqual(["function:lists.k", "function:parentheses.k", "function:sums.k"]);
	});
});

describe("threads", () => {
	it("give the same map as none, file by file in the same order", async () => {
		fill(40);
		write("bad.py", "def broken(:\n");
		const one = await mapProject(dir, { threads: 0 });
		const many = await mapProject(dir, { threads: 3 });
		expect({ ...many.graph, scanMs: 0 }).toEqual({ ...one.graph, scanMs: 0 });
		expect(many.program).toEqual(one.program);
	});
	it("end when the map is cancelled", async () => {
		fill(40);
		const stop = new AbortController();
		const run = mapProject(dir, { threads: 2, signal: stop.signal, onProgress: (done) => done === 3 && stop.abort() });
		await expect(run).rejects.toMatchObject({ code: "CANCELLED" });
	});
});

describe("the cache", () => {
	it("gives the same map, and is not believed when its bytes were changed or cut", async () => {
		fill(6);
		const cacheDir = join(dir, ".phoenix");
		const first = await mapProject(dir, { cacheDir });
		const files = () =>
			readdirSync(cacheDir, { recursive: true, withFileTypes: true }).flatMap((entry) =>
				entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
			);
		expect(files()).toHaveLength(6);
		const [torn = "", changed = ""] = files();
		truncateSync(torn, 40);
		const bytes = readFileSync(changed);
		bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
		writeFileSync(changed, bytes);
		expect((await mapProject(dir, { cacheDir })).program).toEqual(first.program);
		appendFileSync(join(dir, "part0.py"), "\n\ndef more():\n\tpass\n");
		const { graph } = await mapProject(dir, { cacheDir });
		expect(graph.nodes.map((node) => node.id)).toContain("function:part0.more");
		expect(files()).toHaveLength(7);
	});
	it("is really read: what stands in it with a right sum is taken", async () => {
		fill(2);
		const cacheDir = join(dir, ".phoenix");
		await mapProject(dir, { cacheDir });
		const before = await mapProject(dir, { cacheDir, threads: 1 });
		expect(before.graph.nodes.filter((node) => node.kind === "function")).toHaveLength(2);
		await trimTreeCache(cacheDir, 0);
		expect(readdirSync(cacheDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())).toEqual([]);
	});
});
