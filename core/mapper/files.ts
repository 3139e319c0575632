import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Fault } from "../base/index.ts";

const skipped = new Set([
	".git",
	".hg",
	".svn",
	"node_modules",
	"venv",
	".venv",
	"env",
	"__pycache__",
	"site-packages",
	".tox",
	".mypy_cache",
	".phoenix",
]);

export type SourceFile = { path: string; text: string; sha256: string };

/** Absolute path of a folder, or SOURCE_MISSING. */
export async function existingFolder(dir: string): Promise<string> {
	const root = resolve(dir);
	const info = await stat(root).catch(() => null);
	if (!info?.isDirectory()) throw new Fault("SOURCE_MISSING", { dir: root });
	return root;
}

/** Paths below the folder that end in one of these, relative, with slashes, sorted. Links are not followed. */
export async function findFiles(root: string, endings: readonly string[]): Promise<string[]> {
	const found: string[] = [];
	const visit = async (folder: string): Promise<void> => {
		const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
			throw new Fault("SOURCE_UNREADABLE", { file: join(root, folder), reason: error.code ?? error.message }, { cause: error });
		});
		for (const entry of entries) {
			const path = folder ? `${folder}/${entry.name}` : entry.name;
			if (entry.isDirectory() && !skipped.has(entry.name)) await visit(path);
			else if (entry.isFile() && endings.some((ending) => entry.name.endsWith(ending))) found.push(path);
		}
	};
	await visit("");
	return found.sort();
}

/** Text as UTF-8, or as Latin-1 where it is not (old sources declare it or not). SOURCE_UNREADABLE when it cannot be read. */
export async function readSource(root: string, path: string): Promise<SourceFile> {
	const bytes = await readFile(join(root, path)).catch((error: NodeJS.ErrnoException) => {
		throw new Fault("SOURCE_UNREADABLE", { file: join(root, path), reason: error.code ?? error.message }, { cause: error });
	});
	const sha256 = createHash("sha256").update(bytes).digest("hex");
	let text: string;
	try {
		text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch {
		text = new TextDecoder("latin1").decode(bytes);
	}
	return { path, text, sha256 };
}
