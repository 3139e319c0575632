import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { EqualityLook, EqualityMessage } from "./messages.ts";

export type { DifferingRows, EqualityLook } from "./messages.ts";

/** Holds one database against another, part by part. */
export type Equality = {
	/** Looks at the next rows, `budgetRows` at most (and as many that only the other side holds). Throws when a database cannot be read. */
	look(budgetRows: number): Promise<EqualityLook>;
	close(): Promise<void>;
};

/** Both are only read, in a thread of their own, and each look ends its read transaction: no writer of either waits for it. */
export function openEquality(paths: { here: string; there: string }): Equality {
	let worker: Worker | null = null;
	let waiting: { resolve(look: EqualityLook): void; reject(error: Error): void } | null = null;

	function start(): Worker {
		const started = new Worker(new URL(`./equality-worker${extname(import.meta.url)}`, import.meta.url), { workerData: paths });
		started.on("message", (message: EqualityMessage) => {
			if ("look" in message) waiting?.resolve(message.look);
			else waiting?.reject(new Error(message.failed));
			waiting = null;
		});
		const ended = (reason: string) => {
			if (worker === started) worker = null;
			waiting?.reject(new Error(reason));
			waiting = null;
		};
		started.on("error", (error) => ended(error instanceof Error ? error.message : String(error)));
		started.on("exit", () => ended("the comparison of the tables ended"));
		started.unref();
		return started;
	}

	return {
		look(budgetRows) {
			if (waiting !== null) return Promise.reject(new Error("a look is under way"));
			worker ??= start();
			worker.postMessage({ budgetRows });
			return new Promise((resolve, reject) => {
				waiting = { resolve, reject };
			});
		},
		async close() {
			const ending = worker;
			if (ending === null) return;
			const gone = new Promise<void>((resolve) => ending.once("exit", () => resolve()));
			ending.postMessage("close");
			await gone;
		},
	};
}
