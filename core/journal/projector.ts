import { Worker } from "node:worker_threads";
import type { SqlValue } from "sql.js";
import { Fault, type FaultCode } from "../base/index.ts";
import type { QueryResult } from "./projection.ts";

export type Projector = {
	/** Of everything that is on disk when it is asked. Throws INPUT_INVALID, also for what takes longer than `timeoutMs`; JOURNAL_BROKEN; CANCELLED. */
	query(sql: string, params?: SqlValue[], signal?: AbortSignal): Promise<QueryResult>;
	close(): Promise<void>;
};

type Answer = { id: number } & (
	| { begun: true }
	| { result: QueryResult }
	| { fault: { code: FaultCode; data: Record<string, string> } | null; error: unknown }
);
type Pending = { begin(): void; resolve(result: QueryResult): void; reject(error: unknown): void };

/**
 * SQL over a journal file in a thread of its own, so that no query, however long, holds up its caller; one that takes
 * longer than `timeoutMs`, not counting the time in which new entries are read, ends with its thread, and the next one starts a new one.
 */
export function createProjector({ file, timeoutMs = 10_000 }: { file: string; timeoutMs?: number }): Projector {
	let worker: Worker | null = null;
	let pending = new Map<number, Pending>();
	let lastId = 0;

	const start = (): Worker => {
		const started = new Worker(new URL("./projection-worker.ts", import.meta.url), { workerData: { file } });
		const mine = pending;
		started.unref();
		started.on("message", (answer: Answer) => {
			const asked = mine.get(answer.id);
			if ("begun" in answer) return asked?.begin();
			mine.delete(answer.id);
			if ("result" in answer) asked?.resolve(answer.result);
			else asked?.reject(answer.fault ? new Fault(answer.fault.code, answer.fault.data) : answer.error);
		});
		started.on("error", (error) => fail(mine, error));
		return started;
	};

	const fail = (group: Map<number, Pending>, error: unknown) => {
		if (group === pending) {
			worker = null;
			pending = new Map();
		}
		for (const { reject } of group.values()) reject(error);
		group.clear();
	};

	/** Ends the thread; other queries that it was still to answer are asked of the next one by their callers. */
	const end = async (error: Fault): Promise<void> => {
		const ended = worker;
		fail(pending, error);
		await ended?.terminate();
	};

	return {
		query(sql, params = [], signal) {
			if (signal?.aborted) return Promise.reject(cancelled());
			worker ??= start();
			const id = ++lastId;
			let timer: NodeJS.Timeout | undefined;
			const late = new Fault("INPUT_INVALID", { subject: "The query", reason: `it took longer than ${timeoutMs / 1_000} s and was ended` });
			const begin = () => {
				timer = setTimeout(() => void end(late), timeoutMs);
			};
			const answer = new Promise<QueryResult>((resolve, reject) => pending.set(id, { begin, resolve, reject }));
			const abort = () => void end(cancelled());
			signal?.addEventListener("abort", abort, { once: true });
			worker.ref();
			worker.postMessage({ id, sql, params });
			return answer.finally(() => {
				clearTimeout(timer);
				signal?.removeEventListener("abort", abort);
				if (pending.size === 0) worker?.unref();
			});
		},
		close: () => end(cancelled()),
	};
}

function cancelled(): Fault {
	return new Fault("CANCELLED", { what: "The query", safe: "A query changes nothing." });
}
