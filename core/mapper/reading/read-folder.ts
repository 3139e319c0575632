import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "../../base/index.ts";
import { moduleNode, type Program } from "../../graph/index.ts";
import { findFiles, type Unread } from "./find-files.ts";
import { readAll } from "./read-all.ts";
import type { ReadFile } from "./read-module.ts";
import { readSource } from "./read-source.ts";
import { trimTreeCache } from "./tree-cache.ts";

export type FolderOptions = {
	signal?: AbortSignal;
	onProgress?: (done: number, total: number, unit: string) => void;
	/** Where trees of files are kept between scans; nowhere when not given. */
	cacheDir?: string | null;
	/** Threads that read; by the size of the project and of the machine when not given. */
	threads?: number;
	/** After each file, with what it holds. */
	onModule?: (done: number, total: number, module: { id: string; functions: number; lines: number }) => void;
};

/** A folder as it was read, and what tells whether a file is still the same: size, time of change, inode. */
export type FolderRead = { program: Program; folders: string[]; files: Map<string, { mark: string; read: ReadFile }>; scripts: string };

/**
 * Every Python file below the folder, and the SQL scripts. With `before`, files whose mark is the same are taken from there, and so is
 * the tree of a file whose bytes are. Throws SOURCE_MISSING when there is none, and SOURCE_UNREADABLE when the folder cannot be read.
 */
export async function readFolder(root: string, options: FolderOptions, before?: FolderRead): Promise<FolderRead> {
	const { folders, paths, unread } = await findFiles(root, [".py", ".sql"]);
	const sources = paths.filter((path) => path.endsWith(".py"));
	if (sources.length === 0) throw new Fault("SOURCE_MISSING", { dir: root });
	const marks = new Map<string, string>();
	// In batches: a hundred thousand open requests at once would take the memory of the trees.
	for (let at = 0; at < sources.length; at += 256)
		await Promise.all(sources.slice(at, at + 256).map(async (path) => marks.set(path, await markOf(join(root, path)))));
	const isNew = (path: string) => before === undefined || before.files.get(path)?.mark !== marks.get(path);
	const wanted = sources.filter(isNew);
	let done = sources.length - wanted.length;
	const reads = await readAll(root, wanted, {
		cacheDir: options.cacheDir ?? null,
		...(options.threads === undefined ? {} : { threads: options.threads }),
		...(options.signal === undefined ? {} : { signal: options.signal }),
		onRead(read) {
			done++;
			options.onProgress?.(done, sources.length, "files");
			if ("unread" in read) return;
			const { name, functions, lines } = read.module;
			options.onModule?.(done, sources.length, { id: moduleNode(name), functions: functions.length, lines: lines.length });
		},
	});
	if (options.cacheDir && wanted.length > 0) await trimTreeCache(options.cacheDir);

	const fresh = new Map(reads.map((read) => [read.path, read]));
	const files: FolderRead["files"] = new Map();
	const program: Program = { root, language: "python", modules: [], scripts: [], files: [], parseErrors: unread.map(notRead) };
	for (const path of sources) {
		const known = before?.files.get(path)?.read;
		const found = fresh.get(path) ?? (known as ReadFile);
		const isSame = known !== undefined && "sha256" in known && "sha256" in found && known.sha256 === found.sha256;
		const read = isSame ? known : found;
		files.set(path, { mark: marks.get(path) as string, read });
		if ("unread" in read) {
			program.parseErrors.push(notRead({ path, reason: read.unread }));
			continue;
		}
		program.modules.push(read.module);
		program.parseErrors.push(...read.errors);
		program.files.push({ path, sha256: read.sha256, lines: read.module.lines.length });
	}
	const sums: string[] = [];
	for (const path of paths.filter((path) => path.endsWith(".sql"))) {
		const source = await readSource(root, path).catch((error: unknown) => faultOf(error));
		if (source instanceof Fault) program.parseErrors.push(notRead({ path, reason: source.data.reason ?? source.message }));
		else program.scripts.push({ file: path, text: source.text });
		sums.push(path, source instanceof Fault ? source.message : source.sha256);
	}
	return { program, folders, files, scripts: sums.join("\n") };
}

/** What is not on the map for a reason stands where what does not parse stands. */
const notRead = ({ path, reason }: Unread) => ({ file: path, line: 1, column: 1, message: `not read: ${reason}`, frame: "" });

function faultOf(error: unknown): Fault {
	if (error instanceof Fault) return error;
	throw error;
}

/** A file that changes twice within a clock's tick keeps its mark only if its size and inode are the same, too. */
async function markOf(file: string): Promise<string> {
	const info = await stat(file, { bigint: true }).catch(() => null);
	return info === null ? "" : `${info.size} ${info.mtimeNs} ${info.ctimeNs} ${info.ino}`;
}
