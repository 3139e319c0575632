import { Fault } from "../base/index.ts";
import type { Graph } from "../contract/graph.ts";
import type { Program } from "../graph/index.ts";
import { assembleSteps } from "./assemble.ts";
import { existingFolder } from "./reading/find-files.ts";
import { type FolderOptions, type FolderRead, readFolder } from "./reading/read-folder.ts";
import { inSlices } from "./slices.ts";

/** First the files are counted, then the modules whose calls are linked, then the functions that are weighed. */
export type MapOptions = FolderOptions;

/** A map and what it was made from. */
export type Mapped = { graph: Graph; program: Program; folder: FolderRead };

/**
 * Maps every Python file below `dir`. `graph.scanMs` is the wall time in milliseconds.
 * Throws SOURCE_MISSING (no folder, or no source in it), SOURCE_UNREADABLE and CANCELLED.
 */
export async function mapProject(dir: string, options: MapOptions = {}): Promise<Mapped> {
	const started = performance.now();
	const root = await existingFolder(dir);
	return assembled(await unlessCancelled(readFolder(root, options), options), options, started);
}

/** The same folder again: only what has changed since is read. The same map when nothing has. */
export async function remap(before: Mapped, options: MapOptions = {}): Promise<Mapped> {
	const started = performance.now();
	const folder = await unlessCancelled(readFolder(before.program.root, options, before.folder), options);
	if (isSame(before.folder, folder)) return { ...before, folder };
	return assembled(folder, options, started);
}

function isSame(before: FolderRead, after: FolderRead): boolean {
	if (before.scripts !== after.scripts || before.files.size !== after.files.size) return false;
	if (before.program.parseErrors.length !== after.program.parseErrors.length) return false;
	return [...after.files].every(([path, { read }]) => {
		const known = before.files.get(path)?.read;
		return known !== undefined && (known === read || ("unread" in known && "unread" in read && known.unread === read.unread));
	});
}

async function assembled(folder: FolderRead, options: MapOptions, started: number): Promise<Mapped> {
	const graph = await inSlices(
		assembleSteps(folder.program),
		({ done, total, unit }) => options.onProgress?.(done, total, unit),
		() => options.signal?.aborted === true && cancelled(),
	);
	graph.scanMs = Math.round(performance.now() - started);
	return { graph, program: folder.program, folder };
}

async function unlessCancelled<T>(work: Promise<T>, { signal }: MapOptions): Promise<T> {
	return work.catch((error: unknown) => (signal?.aborted ? cancelled() : Promise.reject(error)));
}

function cancelled(): never {
	throw new Fault("CANCELLED", { what: "The map", safe: "Nothing was changed." });
}
