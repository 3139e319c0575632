import { mkdirSync, rmSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { Blueprint, Choices } from "../../contract/blueprint.ts";
import type { GateResult, PatchCase } from "../../contract/run.ts";
import type { Case, History } from "../lockstep/history.ts";

/** What the search found: the sites that become exact, or why none do. */
export type RepairOutcome = {
	sites: string[];
	cause: string;
	/** Sequence numbers of the failing requests that the patch answers. */
	explained: number[];
	/** Those of all failing requests that the search saw. */
	seen: number[];
	failing: number;
	/** Which failing requests fail again when this site alone is left as it was. */
	bySite: Record<string, number[]>;
	gate: { failing: { passed: number; total: number }; clean: { passed: number; total: number }; rows: { passed: number; total: number } };
	candidates: number;
	explanation: string;
	ms: number;
};

/** `gained`: failing cases that differ as the service is, and agree with the sites. */
export type GateOutcome = Omit<GateResult, "at" | "hunks" | "passed"> & { gained: number };

/** What the worker is asked; all but the search speak of given sites, exact besides those that already are. */
export type RepairTask =
	| { kind: "search" }
	/** Which of the failing cases need which of these sites. */
	| { kind: "needs"; sites: string[] }
	/** The gate again, for just these. */
	| { kind: "gate"; sites: string[] }
	/** One case, before and after. */
	| { kind: "case"; sites: string[]; seq: number };

type Outcomes = { search: RepairOutcome; needs: Record<string, number[]>; gate: GateOutcome; case: PatchCase | null };

export type RepairInput = {
	blueprint: Blueprint;
	/** Of the service whose failures these are. */
	choices: Choices;
	baseline: string;
	commitsFile: string;
	cases: Case[];
	dir: string;
	suspicions: Record<number, string>;
	task: RepairTask;
};

export type RepairMessage = { kind: "progress"; done: number; total: number } | { kind: "outcome"; outcome: unknown };

export type RepairOptions = {
	blueprint: Blueprint;
	choices: Choices;
	history: Pick<History, "baseline" | "commitsFile">;
	cases: Case[];
	suspicions: Record<number, string>;
	/** Cases run so far, of those of this pass. */
	onProgress?(done: number, total: number): void;
	dir: string;
};

/**
 * Runs the past again on a private copy of the database, in a thread of its own: to find the smallest set of drift sites that
 * explains every failure, or to try given ones. The present traffic is not touched.
 */
export async function runRepair<K extends RepairTask["kind"]>(
	options: RepairOptions,
	task: Extract<RepairTask, { kind: K }>,
	signal?: AbortSignal,
): Promise<Outcomes[K]> {
	signal?.throwIfAborted();
	const { blueprint, choices, cases, suspicions, history, dir, onProgress } = options;
	rmSync(dir, { recursive: true, force: true });
	mkdirSync(dir, { recursive: true });
	const { baseline, commitsFile } = history;
	const input: RepairInput = { blueprint, choices, cases, suspicions, baseline, commitsFile, dir, task };
	const worker = new Worker(new URL("./repair-worker.ts", import.meta.url), { workerData: input });
	const cancel = () => void worker.terminate();
	signal?.addEventListener("abort", cancel, { once: true });
	try {
		return await new Promise<Outcomes[K]>((resolve, reject) => {
			worker.on("message", (message: RepairMessage) => {
				if (message.kind === "progress") onProgress?.(message.done, message.total);
				else resolve(message.outcome as Outcomes[K]);
			});
			worker.once("error", reject);
			worker.once("exit", (code) => reject(new Error(`the search ended with code ${code}`)));
		});
	} finally {
		signal?.removeEventListener("abort", cancel);
		await worker.terminate();
		rmSync(dir, { recursive: true, force: true });
	}
}
