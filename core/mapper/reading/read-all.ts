import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { type ReadFile, readFileOf, readModule } from "./read-module.ts";
import { openTreeCache } from "./tree-cache.ts";

/** What a thread that reads gets. */
export type ReaderInput = { root: string; cacheDir: string | null };

export type ReadOptions = {
	/** Where lowered files are kept; null: nowhere. */
	cacheDir: string | null;
	/** Threads; as many as the work is worth and the machine has when not given, 0 for none but this one. */
	threads?: number;
	signal?: AbortSignal;
	/** After each file, in the order in which they are ready. Throwing ends the reading. */
	onRead?: (read: ReadFile) => void;
};

/** Files that are worth a thread: it needs about 80 ms before its first. */
const WORTH = 60;
const MOST = 8;
/** Files that a thread knows of: the one it reads, and the next. */
const AHEAD = 2;
/** Megabytes of one thread's heap. The tree of the largest file that is read fits. */
const HEAP = 1_536;

/** Reads these files, in their order. What cannot be read says so in its place; a thread that breaks down loses one file and is replaced. */
export async function readAll(root: string, paths: readonly string[], options: ReadOptions): Promise<ReadFile[]> {
	const threads = options.threads ?? Math.min(availableParallelism(), MOST, Math.floor(paths.length / WORTH));
	if (threads === 0) {
		const cache = options.cacheDir === null ? null : openTreeCache(options.cacheDir);
		const found: ReadFile[] = [];
		for (const path of paths) {
			options.signal?.throwIfAborted();
			const read = await readModule(root, path, cache);
			found.push(read);
			options.onRead?.(read);
		}
		return found;
	}
	return inThreads(root, paths, threads, options);
}

async function inThreads(root: string, paths: readonly string[], threads: number, options: ReadOptions): Promise<ReadFile[]> {
	const { signal, onRead, cacheDir } = options;
	const waiting = paths.toReversed();
	const found = new Map<string, ReadFile>();
	const workers = new Set<Worker>();
	const ended = Promise.withResolvers<void>();

	const take = (read: ReadFile) => {
		found.set(read.path, read);
		onRead?.(read);
		if (found.size === paths.length) ended.resolve();
	};
	const start = (): void => {
		const input: ReaderInput = { root, cacheDir };
		const worker = new Worker(new URL("./reader-thread.ts", import.meta.url), {
			workerData: input,
			resourceLimits: { maxOldGenerationSizeMb: HEAP, stackSizeMb: 8 },
		});
		workers.add(worker);
		const given: string[] = [];
		const give = () => {
			for (
				let next = given.length < AHEAD ? waiting.pop() : undefined;
				next !== undefined;
				next = given.length < AHEAD ? waiting.pop() : undefined
			) {
				given.push(next);
				worker.postMessage(next);
			}
		};
		worker.on("message", (bytes: Uint8Array) => {
			given.shift();
			give();
			try {
				take(readFileOf(bytes));
			} catch (error) {
				ended.reject(error);
			}
		});
		worker.on("error", (error) => {
			workers.delete(worker);
			const [lost, ...others] = given;
			waiting.push(...others.toReversed());
			try {
				if (lost !== undefined) take({ path: lost, unread: `the thread that read it broke down: ${error.message}` });
				// One that cannot even begin is no reason to try for ever.
				else if (workers.size === 0) throw error;
			} catch (reason) {
				ended.reject(reason);
			}
			if (waiting.length > 0 && (lost !== undefined || workers.size === 0)) start();
		});
		give();
	};
	const abort = () => ended.reject(signal?.reason);
	signal?.addEventListener("abort", abort, { once: true });
	try {
		signal?.throwIfAborted();
		for (let count = 0; count < Math.min(threads, paths.length); count++) start();
		await ended.promise;
	} finally {
		signal?.removeEventListener("abort", abort);
		await Promise.all([...workers].map((worker) => worker.terminate()));
	}
	return paths.map((path) => found.get(path) as ReadFile);
}
