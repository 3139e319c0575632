import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { canonicalJson, Fault } from "../base/index.ts";
import { verifyJournal } from "./chain.ts";
import { sha256Hex } from "./line.ts";

export type CapsuleInput = {
	/** Folder to make; it must not exist yet. */
	dir: string;
	/** A journal that nobody writes, or whose writer has made everything durable. */
	journalFile: string;
	/** Path within the capsule -> content: blueprints, code, reports. */
	files: Record<string, string | Uint8Array>;
	/** For people: the first page of the capsule. */
	summary: { title: string; paragraphs: string[]; figures: Record<string, string | number> };
};

/** `sha256` is that of the manifest, which names all others: whoever knows it can prove the whole capsule. */
export type Capsule = { dir: string; files: number; sha256: string };

type Manifest = {
	format: 1;
	title: string;
	figures: Record<string, string | number>;
	journal: { file: string; entries: number; lastHash: string };
	files: Record<string, { sha256: string; size: number }>;
};

export type CapsuleCheck = {
	ok: boolean;
	/** Of the journal inside. */
	entries: number;
	sha256: string;
	problems: { path: string; problem: "missing" | "altered" | "not in the manifest" | "chain broken" | "chain is another" }[];
};

const JOURNAL = "journal.jsonl";
const MANIFEST = "manifest.json";
const SUMS = "SHA256SUMS";

/** Writes the capsule beside its place and moves it there whole. Throws INPUT_INVALID, JOURNAL_BROKEN, SOURCE_UNREADABLE. */
export async function writeCapsule({ dir, journalFile, files, summary }: CapsuleInput): Promise<Capsule> {
	for (const path of Object.keys(files)) {
		const reserved = [JOURNAL, MANIFEST, SUMS, "README.md"].includes(path);
		if (reserved || !/^[\w@+-][\w.@+-]*(\/[\w@+-][\w.@+-]*)*$/.test(path)) {
			throw new Fault("INPUT_INVALID", {
				subject: `The capsule path ${path}`,
				reason: reserved ? "it is reserved" : "it is not a plain relative path",
			});
		}
	}
	const draft = join(dirname(dir), `.${basename(dir)}.${process.pid}.draft`);
	await rm(draft, { recursive: true, force: true });
	await mkdir(draft, { recursive: true });
	try {
		await copyFile(journalFile, join(draft, JOURNAL));
		const chain = await verifyJournal(join(draft, JOURNAL));
		if (!chain.ok) throw new Fault("JOURNAL_BROKEN", { file: journalFile, seq: chain.brokenAt ?? chain.entries + 1 });
		const journal = { file: JOURNAL, entries: chain.entries, lastHash: chain.lastHash };
		const contents: Record<string, string | Uint8Array> = { ...files, "README.md": readme(summary, journal) };
		for (const [path, content] of Object.entries(contents)) {
			await mkdir(dirname(join(draft, path)), { recursive: true });
			await writeFile(join(draft, path), content);
		}
		const manifest: Manifest = { format: 1, title: summary.title, figures: summary.figures, journal, files: {} };
		for (const path of [...Object.keys(contents), JOURNAL].sort()) {
			const bytes = await readFile(join(draft, path));
			manifest.files[path] = { sha256: sha256Hex(bytes), size: bytes.length };
		}
		const text = `${JSON.stringify(JSON.parse(canonicalJson(manifest)), null, "\t")}\n`;
		await writeFile(join(draft, MANIFEST), text);
		const sums = Object.entries(manifest.files).map(([path, { sha256 }]) => `${sha256}  ${path}\n`);
		await writeFile(join(draft, SUMS), `${sums.join("")}${sha256Hex(text)}  ${MANIFEST}\n`);
		await rename(draft, dir).catch((error: unknown) => {
			throw new Fault(
				"INPUT_INVALID",
				{ subject: `The capsule folder ${dir}`, reason: "it exists already or cannot be made" },
				{ cause: error },
			);
		});
		return { dir, files: Object.keys(manifest.files).length, sha256: sha256Hex(text) };
	} finally {
		await rm(draft, { recursive: true, force: true });
	}
}

/** Checks every file of a capsule against its manifest and the chain of its journal. Throws SOURCE_UNREADABLE without a manifest. */
export async function verifyCapsule(dir: string): Promise<CapsuleCheck> {
	const text = await readFile(join(dir, MANIFEST), "utf8").catch((error: unknown) => {
		throw new Fault("SOURCE_UNREADABLE", { file: join(dir, MANIFEST), reason: "it is missing or not readable" }, { cause: error });
	});
	const manifest = parseManifest(text, dir);
	const problems: CapsuleCheck["problems"] = [];
	for (const [path, { sha256 }] of Object.entries(manifest.files)) {
		const bytes = await readFile(join(dir, path)).catch(() => null);
		if (bytes === null) problems.push({ path, problem: "missing" });
		else if (sha256Hex(bytes) !== sha256) problems.push({ path, problem: "altered" });
	}
	for (const path of await filesIn(dir)) {
		if (path !== MANIFEST && path !== SUMS && !(path in manifest.files)) problems.push({ path, problem: "not in the manifest" });
	}
	const chain = problems.some(({ path, problem }) => path === JOURNAL && problem === "missing")
		? null
		: await verifyJournal(join(dir, JOURNAL));
	if (chain && !chain.ok) problems.push({ path: JOURNAL, problem: "chain broken" });
	else if (chain && chain.lastHash !== manifest.journal.lastHash) problems.push({ path: JOURNAL, problem: "chain is another" });
	return { ok: problems.length === 0, entries: chain?.entries ?? 0, sha256: sha256Hex(text), problems };
}

function parseManifest(text: string, dir: string): Manifest {
	try {
		const manifest: Manifest = JSON.parse(text);
		if (manifest.format === 1 && typeof manifest.files === "object" && typeof manifest.journal.lastHash === "string") return manifest;
	} catch {
		// Falls through to the same sentence: neither JSON nor a manifest.
	}
	throw new Fault("INPUT_INVALID", { subject: join(dir, MANIFEST), reason: "it is not the manifest of a capsule" });
}

async function filesIn(dir: string): Promise<string[]> {
	const found = await readdir(dir, { recursive: true, withFileTypes: true });
	return found
		.filter((entry) => !entry.isDirectory())
		.map((entry) => relative(dir, join(entry.parentPath, entry.name)).split(sep).join("/"));
}

function readme({ title, paragraphs, figures }: CapsuleInput["summary"], journal: Manifest["journal"]): string {
	const rows = Object.entries(figures).map(([name, value]) => `| ${name} | ${value} |`);
	return `# ${title}

${paragraphs.join("\n\n")}

| figure | value |
| --- | --- |
${rows.join("\n")}

## What is in this folder

- \`${JOURNAL}\`: every decision and every comparison, ${journal.entries} entries, one JSON line each. Each line carries the
  SHA-256 of itself and names that of the line before; the last one is \`${journal.lastHash}\`.
- \`${MANIFEST}\`: the SHA-256 and the size of every other file.
- \`${SUMS}\`: the same digests in the form that \`sha256sum\` reads.

## How to check it

With nothing but standard tools, in this folder: \`sha256sum -c ${SUMS}\`.
A line of the journal: take out \`,"hash":"..."\`; the SHA-256 of what is left, in braces, is that hash.
Whoever was told the SHA-256 of \`${MANIFEST}\` when this capsule was made can prove that nothing in it has changed since.
`;
}
