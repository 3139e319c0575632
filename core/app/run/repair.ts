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
	/** Which failing requests each site answers alone. */
	bySite: Record<string, number[]>;
	gate: { failing: { passed: number; total: number }; clean: { passed: number; total: number } };
	candidates: number;
	explanation: string;
	ms: number;
};

export type RepairInput = { blueprint: Blueprint; choices: Choices; baseline: string; commitsFile: string; cases: Case[]; dir: string; suspicions: Record<number, string> };

/**
 * Looks for the smallest set of drift sites that explains every failure, on a private copy of the database, in a thread of
 * its own. The present traffic is not touched.
 */
export async function findRepair(
	options: { blueprint: Blueprint; choices: Choices; history: History; cases: Case[]; suspicions: Record<number, string>; dir: string },
	signal?: AbortSignal,
): Promise<RepairOutcome> {
	const { blueprint, choices, cases, suspicions, history, dir } = options;
	rmSync(dir, { recursive: true, force: true });
	mkdirSync(dir, { recursive: true });
	const input: RepairInput = { blueprint, choices, cases, suspicions, baseline: history.baseline, commitsFile: history.commitsFile, dir };
	const worker = new Worker(new URL("./repair-worker.ts", import.meta.url), { workerData: input });
	const cancel = () => void worker.terminate();
	signal?.addEventListener("abort", cancel, { once: true });
	try {
		return await new Promise<RepairOutcome>((resolve, reject) => {
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
