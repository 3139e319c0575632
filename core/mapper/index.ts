// The Code Mapper: a folder of source -> the dependency graph (functions, modules, routes, tables) and the typed source
// tree that it was made from. It reads files and runs nothing. It translates nothing: that is `blueprint`.
// A file that does not parse is reported in `graph.parseErrors` and mapped as far as it could be read.
import { Fault } from "../base/index.ts";
import type { Graph } from "../contract/graph.ts";
import { moduleNode, type Program } from "../graph/index.ts";
import { assembleSteps } from "./assemble.ts";
import { existingFolder, findFiles, readSource } from "./files.ts";
import { createPythonReader } from "./languages/python/index.ts";
import { inSlices } from "./slices.ts";

export { assembleGraph } from "./assemble.ts";
export { readProgram } from "./read-program.ts";

/** First the files are counted, then the modules whose calls are linked, then the functions that are weighed. */
export type MapOptions = {
	signal?: AbortSignal;
	onProgress?: (done: number, total: number, unit: string) => void;
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
	const paths = await findFiles(root, [".py"]);
	if (paths.length === 0) throw new Fault("SOURCE_MISSING", { dir: root });
	const read = await createPythonReader();
	const program: Program = { root, language: "python", modules: [], scripts: [], files: [], parseErrors: [] };
	for (const [index, path] of paths.entries()) {
		if (options.signal?.aborted) cancelled();
		const source = await readSource(root, path);
		const { module, errors } = read(path, source.text);
		program.modules.push(module);
		program.parseErrors.push(...errors);
		program.files.push({ path, sha256: source.sha256, lines: module.lines.length });
		options.onProgress?.(index + 1, paths.length, "files");
		options.onModule?.(index + 1, paths.length, {
			id: moduleNode(module.name),
			functions: module.functions.length,
			lines: module.lines.length,
		});
	}
	for (const path of await findFiles(root, [".sql"])) {
		const { text } = await readSource(root, path);
		program.scripts.push({ file: path, text });
	}
	const graph = await inSlices(
		assembleSteps(program),
		({ done, total, unit }) => options.onProgress?.(done, total, unit),
		() => options.signal?.aborted === true && cancelled(),
	);
	graph.scanMs = Math.round(performance.now() - started);
	return { graph, program };
}

function cancelled(): never {
	throw new Fault("CANCELLED", { what: "The map", safe: "Nothing was changed." });
}
