import { mkdirSync, rmSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { Blueprint, Choices } from "../../contract/blueprint.ts";
import type { Case, History } from "../lockstep/history.ts";

/** What the search found: the sites that become exact, or why none do. */
export type RepairOutcome = {
	sites: string[];
	cause: string;
	/** Sequence numbers of the failing requests that the patch answers. */
	explained: number[];
	failing: number;
	/** Which failing requests fail again when this site alone is left as it was. */
	bySite: Record<string, number[]>;
	gate: { failing: { passed: number; total: number }; clean: { passed: number; total: number } };
	candidates: number;
	explanation: string;
	ms: number;
};

export type RepairInput = {
	blueprint: Blueprint;
	/** Of the service whose failures these are. */
	choices: Choices;
	baseline: string;
	commitsFile: string;
	cases: Case[];
	dir: string;
	suspicions: Record<number, string>;
	/** Set: no search, only which of the failing cases need which of these sites. */
	explain: string[] | null;
};

type RepairOptions = {
	blueprint: Blueprint;
	choices: Choices;
	history: History;
	cases: Case[];
	suspicions: Record<number, string>;
	dir: string;
};

/**
 * Looks for the smallest set of drift sites that explains every failure, on a private copy of the database, in a thread of
 * its own. The present traffic is not touched.
 */
export function findRepair(options: RepairOptions, signal?: AbortSignal): Promise<RepairOutcome> {
	return runWorker<RepairOutcome>(options, null, signal);
}

/** Of the failing cases, those that need each of these sites: what a patch answered without having been asked. */
export function explainCases(options: RepairOptions & { sites: string[] }, signal?: AbortSignal): Promise<Record<string, number[]>> {
	return runWorker(options, options.sites, signal);
}

async function runWorker<Outcome>(options: RepairOptions, explain: string[] | null, signal?: AbortSignal): Promise<Outcome> {
	signal?.throwIfAborted();
	const { blueprint, choices, cases, suspicions, history, dir } = options;
	rmSync(dir, { recursive: true, force: true });
	mkdirSync(dir, { recursive: true });
	const input: RepairInput = {
		blueprint,
		choices,
		cases,
		suspicions,
		baseline: history.baseline,
		commitsFile: history.commitsFile,
		dir,
		explain,
	};
	const worker = new Worker(new URL("./repair-worker.ts", import.meta.url), { workerData: input });
	const cancel = () => void worker.terminate();
	signal?.addEventListener("abort", cancel, { once: true });
	try {
		return await new Promise<Outcome>((resolve, reject) => {
			worker.once("message", resolve);
			worker.once("error", reject);
			worker.once("exit", (code) => reject(new Error(`the search ended with code ${code}`)));
		});
	} finally {
		signal?.removeEventListener("abort", cancel);
		await worker.terminate();
		rmSync(dir, { recursive: true, force: true });
	}
}
