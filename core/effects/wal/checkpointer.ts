import { extname } from "node:path";
import { Worker } from "node:worker_threads";

/** Moves committed frames into the main file, off the tail's thread. */
export type Checkpointer = {
	/** Starts an attempt unless one is under way. */
	run(): void;
	/** How many attempts in a row found another checkpoint at work. */
	readonly blocked: number;
	close(): Promise<void>;
};

export function createCheckpointer(file: string): Checkpointer {
	let worker: Worker | null = null;
	let waiting: (() => void) | null = null;
	let blocked = 0;
	const finish = (answer?: "busy" | "done" | "closed") => {
		blocked = answer === "busy" ? blocked + 1 : 0;
		waiting?.();
		waiting = null;
	};
	const start = () => {
		const started = new Worker(new URL(`./checkpoint-worker${extname(import.meta.url)}`, import.meta.url), { workerData: file });
		started.on("message", finish);
		// Without it the log grows but nothing is lost: the next attempt starts another.
		started.on("error", () => {
			worker = null;
			finish();
		});
		started.unref();
		return started;
	};
	const ask = (message: "checkpoint" | "close") =>
		new Promise<void>((resolve) => {
			waiting = resolve;
			worker ??= start();
			worker.postMessage(message);
		});
	return {
		run() {
			if (waiting === null) void ask("checkpoint");
		},
		get blocked() {
			return blocked;
		},
		async close() {
			while (waiting !== null) await new Promise((resolve) => setTimeout(resolve, 1));
			if (worker !== null) await ask("close");
		},
	};
}
