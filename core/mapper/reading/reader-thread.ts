import { parentPort, workerData } from "node:worker_threads";
import type { ReaderInput } from "./read-all.ts";
import { readModuleBytes } from "./read-module.ts";
import { openTreeCache } from "./tree-cache.ts";

const { root, cacheDir } = workerData as ReaderInput;
const cache = cacheDir === null ? null : openTreeCache(cacheDir);
let last = Promise.resolve();

// One file after the other: what waits is a path, not a tree.
parentPort?.on("message", (path: string) => {
	last = last.then(async () => {
		const bytes = await readModuleBytes(root, path, cache);
		parentPort?.postMessage(bytes, [bytes.buffer]);
	});
});
