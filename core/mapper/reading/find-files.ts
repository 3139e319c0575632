import { readdir, realpath, stat } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { Fault } from "../../base/index.ts";

/** Folders that hold no source of the project's own. */
export const skippedFolders: ReadonlySet<string> = new Set([
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

/** What was found and cannot be read, with the reason in words. */
export type Unread = { path: string; reason: string };

/** Absolute path of a folder, or SOURCE_MISSING. */
export async function existingFolder(dir: string): Promise<string> {
	const root = resolve(dir);
	const info = await stat(root).catch(() => null);
	if (!info?.isDirectory()) throw new Fault("SOURCE_MISSING", { dir: root });
	return root;
}

/**
 * Paths below the folder that end in one of these, relative, with slashes, sorted; and every folder that was looked into. Links are not followed: what they lead to inside the
 * folder is found there, and what lies outside, or nowhere, is in `unread`. SOURCE_UNREADABLE when the folder itself cannot be read.
 */
export async function findFiles(
	root: string,
	endings: readonly string[],
): Promise<{ folders: string[]; paths: string[]; unread: Unread[] }> {
	const [folders, paths]: [string[], string[]] = [[], []];
	const unread: Unread[] = [];
	const whole = await realpath(root);
	const isWanted = (name: string) => endings.some((ending) => name.endsWith(ending));
	const follow = async (path: string): Promise<void> => {
		const target = await realpath(join(root, path)).catch((error: NodeJS.ErrnoException) => error);
		if (target instanceof Error) {
			if (isWanted(path))
				unread.push({ path, reason: target.code === "ELOOP" ? "a link that leads to itself" : "a link that leads nowhere" });
			return;
		}
		if (target === whole || target.startsWith(whole.endsWith(sep) ? whole : whole + sep)) return;
		const isFolder = (await stat(target).catch(() => null))?.isDirectory() === true;
		if (isFolder || isWanted(path)) unread.push({ path, reason: `a link to ${target}, which is outside of ${root}` });
	};
	const visit = async (folder: string): Promise<void> => {
		const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => error);
		if (entries instanceof Error) {
			const reason = entries.code ?? entries.message;
			if (folder === "") throw new Fault("SOURCE_UNREADABLE", { file: root, reason }, { cause: entries });
			unread.push({ path: folder, reason });
			return;
		}
		folders.push(folder);
		for (const entry of entries) {
			const path = folder ? `${folder}/${entry.name}` : entry.name;
			if (entry.isSymbolicLink() && !skippedFolders.has(entry.name)) await follow(path);
			else if (entry.isDirectory() && !skippedFolders.has(entry.name)) await visit(path);
			else if (entry.isFile() && isWanted(entry.name)) paths.push(path);
		}
	};
	await visit("");
	return { folders, paths: paths.sort(), unread: unread.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}
