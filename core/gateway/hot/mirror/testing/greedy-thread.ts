// A mirror thread that takes all the memory it can get as soon as it has something to do.
import { parentPort } from "node:worker_threads";

const kept: string[][] = [];
parentPort?.on("message", (order: unknown) => {
	if (!(order instanceof ArrayBuffer)) return;
	for (;;) kept.push(Array.from({ length: 100_000 }, (_, n) => `${n}`));
});
