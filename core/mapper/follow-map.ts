import { watch } from "node:fs";
import { join } from "node:path";
import { createPythonReader } from "./languages/python/index.ts";
import { type MapOptions, type Mapped, remap } from "./map-project.ts";

/** What an update brought: paths of files, relative to the root. */
export type MapChange = { changed: string[]; added: string[]; removed: string[]; ms: number };

export type FollowedMap = { close(): Promise<void> };

/** Milliseconds of quiet after a change before the folder is looked at: an editor writes a file in several steps. */
const QUIET = 40;
/** Where the system can watch no more folders, they are looked at this often. */
const POLL = 2_000;

/**
 * Keeps a map up to date while files below its folder change. `onMap` gets each new map; `onFailure` what went wrong instead, with the map
 * left as it was (the folder may be gone for a moment while a branch is checked out; the next change tries again).
 */
export function followMap(
	mapped: Mapped,
	{ cacheDir = null }: Pick<MapOptions, "cacheDir">,
	onMap: (mapped: Mapped, change: MapChange) => void,
	onFailure: (error: unknown) => void,
): FollowedMap {
	const closing = new AbortController();
	const watched = new Map<string, { close(): void }>();
	const { root } = mapped.program;
	let current = mapped;
	let timer: NodeJS.Timeout | null = null;
	let poll: NodeJS.Timeout | null = null;
	let [isRunning, isStale] = [false, false];
	let running = Promise.resolve();

	const touched = () => {
		if (closing.signal.aborted) return;
		if (timer !== null) clearTimeout(timer);
		timer = setTimeout(look, QUIET);
	};
	function look(): void {
		timer = null;
		if (isRunning) {
			isStale = true;
			return;
		}
		isRunning = true;
		running = update()
			.catch((error: unknown) => closing.signal.aborted || onFailure(error))
			.then(() => {
				isRunning = false;
				if (isStale && !closing.signal.aborted) touched();
				isStale = false;
			});
	}
	async function update(): Promise<void> {
		const started = performance.now();
		const next = await remap(current, { cacheDir, signal: closing.signal });
		const before = current;
		current = next;
		watchFolders();
		if (next.graph !== before.graph) onMap(next, { ...changeOf(before, next), ms: Math.round(performance.now() - started) });
	}
	function watchFolders(): void {
		const folders = new Set(current.folder.folders);
		for (const [folder, watcher] of watched) {
			if (folders.has(folder)) continue;
			watcher.close();
			watched.delete(folder);
		}
		for (const folder of folders) {
			if (watched.has(folder) || poll !== null) continue;
			try {
				const watcher = watch(join(root, folder), touched);
				watcher.on("error", () => {
					watcher.close();
					watched.delete(folder);
					touched();
				});
				watched.set(folder, watcher);
			} catch {
				// The system's limit of watches, or a folder that has just gone: looking from time to time finds either.
				poll = setInterval(touched, POLL);
			}
		}
	}
	watchFolders();
	// A change between the scan and the first watch; and the grammar is there before it is needed.
	touched();
	void createPythonReader();
	return {
		async close() {
			closing.abort();
			if (timer !== null) clearTimeout(timer);
			if (poll !== null) clearInterval(poll);
			for (const watcher of watched.values()) watcher.close();
			await running;
		},
	};
}

function changeOf(before: Mapped, after: Mapped): Omit<MapChange, "ms"> {
	const paths = [...after.folder.files.keys()];
	const isChanged = (path: string) => after.folder.files.get(path)?.read !== before.folder.files.get(path)?.read;
	return {
		changed: paths.filter((path) => before.folder.files.has(path) && isChanged(path)),
		added: paths.filter((path) => !before.folder.files.has(path)),
		removed: [...before.folder.files.keys()].filter((path) => !after.folder.files.has(path)),
	};
}
