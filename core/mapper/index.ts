// The Code Mapper: a folder of source -> the dependency graph (functions, modules, routes, tables) and the typed source
// tree that it was made from. It reads files and runs nothing. It translates nothing: that is `blueprint`.
// A file that does not parse is reported in `graph.parseErrors` and mapped as far as it could be read.
import { Fault } from "../base/index.ts";
import type { Graph } from "../contract/graph.ts";
import { moduleNode, type Program } from "../graph/index.ts";
import { assembleSteps } from "./assemble.ts";
import { existingFolder, findFiles, type Unread } from "./reading/find-files.ts";
import { readAll } from "./reading/read-all.ts";
import { readSource } from "./reading/read-source.ts";
import { trimTreeCache } from "./reading/tree-cache.ts";
import { inSlices } from "./slices.ts";

export { assembleGraph } from "./assemble.ts";
export { readProgram } from "./read-program.ts";

/** First the files are counted, then the modules whose calls are linked, then the functions that are weighed. */
export type MapOptions = {
	signal?: AbortSignal;
	onProgress?: (done: number, total: number, unit: string) => void;
	/** Where trees of files are kept between scans; nowhere when not given. */
	cacheDir?: string | null;
	/** Threads that read; by the size of the project and of the machine when not given. */
	threads?: number;
	/** After each file, with what it holds. */
	onModule?: (done: number, total: number, module: { id: string; functions: number; lines: number }) => void;
};

/**
 * Maps every Python file below `dir`. `graph.scanMs` is the wall time in milliseconds.
 * Throws SOURCE_MISSING (no folder, or no source in it), SOURCE_UNREADABLE and CANCELLED.
 */
export async function mapProject(dir: string, options: MapOptions = {}): Promise<{ graph: Graph; program: Program }> {
	const started = performance.now();
	const root = await existingFolder(dir);
	const { paths, unread } = await findFiles(root, [".py"]);
	if (paths.length === 0) throw new Fault("SOURCE_MISSING", { dir: root });
	const program: Program = { root, language: "python", modules: [], scripts: [], files: [], parseErrors: unread.map(notRead) };
	let done = 0;
	const reads = await readAll(root, paths, {
		cacheDir: options.cacheDir ?? null,
		...(options.threads === undefined ? {} : { threads: options.threads }),
		...(options.signal === undefined ? {} : { signal: options.signal }),
		onRead(read) {
			done++;
			options.onProgress?.(done, paths.length, "files");
			if ("unread" in read) return;
			const { module } = read;
			options.onModule?.(done, paths.length, {
				id: moduleNode(module.name),
				functions: module.functions.length,
				lines: module.lines.length,
			});
		},
	}).catch((error: unknown) => (options.signal?.aborted ? cancelled() : Promise.reject(error)));
	for (const read of reads) {
		if ("unread" in read) {
			program.parseErrors.push(notRead({ path: read.path, reason: read.unread }));
			continue;
		}
		program.modules.push(read.module);
		program.parseErrors.push(...read.errors);
		program.files.push({ path: read.path, sha256: read.sha256, lines: read.module.lines.length });
	}
	const scripts = await findFiles(root, [".sql"]);
	for (const path of scripts.paths) {
		const source = await readSource(root, path).catch((error: unknown) => faultOf(error));
		if (source instanceof Fault) program.parseErrors.push(notRead({ path, reason: source.data.reason ?? source.message }));
		else program.scripts.push({ file: path, text: source.text });
	}
	const graph = await inSlices(
		assembleSteps(program),
		({ done, total, unit }) => options.onProgress?.(done, total, unit),
		() => options.signal?.aborted === true && cancelled(),
	);
	if (options.cacheDir) await trimTreeCache(options.cacheDir);
	graph.scanMs = Math.round(performance.now() - started);
	return { graph, program };
}

/** What is not on the map for a reason stands where what does not parse stands. */
const notRead = ({ path, reason }: Unread) => ({ file: path, line: 1, column: 1, message: `not read: ${reason}`, frame: "" });

function faultOf(error: unknown): Fault {
	if (error instanceof Fault) return error;
	throw error;
}

function cancelled(): never {
	throw new Fault("CANCELLED", { what: "The map", safe: "Nothing was changed." });
}
