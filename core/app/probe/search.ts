import { Worker } from "node:worker_threads";
import type { Blueprint, Choices } from "../../contract/blueprint.ts";
import type { Probe, TakenProbe } from "./probe.ts";

export type SearchInput = {
	blueprint: Blueprint;
	/** Of the version that is asked. */
	choices: Choices;
	/** A private copy, in the state that the requests are to meet. */
	database: string;
	dir: string;
	/** Requests that were seen: where the search begins. */
	seeds: Pick<Probe, "route" | "request">[];
	/** Branches that are wanted, as places in the blueprint's list. */
	targets: number[];
	/** Different requests of each. */
	want: number;
	/** The clock of all requests; milliseconds since the epoch. */
	now: number;
	budgetMs: number;
	seed: number;
};

/** `taken`: branches that the seeds take by themselves. `reached`: the wanted ones that a request was found for. */
export type ProbeFindings = { probes: TakenProbe[]; taken: number[]; reached: number[]; tried: number; ms: number };

export type SearchMessage = { kind: "progress"; done: number; total: number } | { kind: "findings"; findings: ProbeFindings };

/** Looks for requests that take the wanted branches, on the new service in a thread of its own; nothing that runs is touched. */
export async function searchProbes(
	input: SearchInput,
	onProgress: (done: number, total: number) => void,
	signal?: AbortSignal,
): Promise<ProbeFindings> {
	signal?.throwIfAborted();
	const worker = new Worker(new URL("./search-worker.ts", import.meta.url), { workerData: input });
	const cancel = () => void worker.terminate();
	signal?.addEventListener("abort", cancel, { once: true });
	try {
		return await new Promise<ProbeFindings>((resolve, reject) => {
			worker.on("message", (message: SearchMessage) => {
				if (message.kind === "progress") onProgress(message.done, message.total);
				else resolve(message.findings);
			});
			worker.once("error", reject);
			worker.once("exit", (code) => reject(signal?.aborted ? signal.reason : new Error(`the search ended with code ${code}`)));
		});
	} finally {
		signal?.removeEventListener("abort", cancel);
		await worker.terminate();
	}
}
