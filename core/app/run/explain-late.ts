import { join } from "node:path";
import { faultOf } from "../../base/index.ts";
import type { Blueprint, Choices } from "../../contract/blueprint.ts";
import type { Patch } from "../../contract/run.ts";
import type { createLock } from "../lockstep/lock.ts";
import type { System } from "../system.ts";
import type { Groups } from "./groups.ts";
import { acceptedSites, type Job } from "./job.ts";
import type { Recorder } from "./recorder.ts";
import { runRepair } from "./repair.ts";

/** Mismatches that came in while a patch was made: which of its sites they needed. `choices`: of the version that they are of. */
export function createLateExplanation(deps: {
	system: Pick<System, "history">;
	groups: Pick<Groups, "explain" | "heal" | "unexplained">;
	searching: ReturnType<typeof createLock>;
	record: Recorder;
	dir: string;
	isClosed(): boolean;
	onChange(): void;
}): (job: Job, blueprint: Blueprint, patch: Patch, choices: Choices) => Promise<void> {
	return async (job, blueprint, patch, choices) => {
		const { signal } = job.abort;
		const { history } = deps.system;
		const late = deps.groups.unexplained(patch.function);
		const cases = history.cases(patch.function).filter((entry) => !entry.clean && entry.version <= patch.from && late.has(entry.seq));
		const sites = acceptedSites(patch);
		const options = { blueprint, choices, history, cases, suspicions: {}, dir: join(deps.dir, "repair", `${patch.id}-late`) };
		try {
			if (cases.length > 0) {
				const bySite = await deps.searching(() => runRepair(options, { kind: "needs", sites }, signal));
				deps.groups.explain(patch.function, patch.sites, bySite);
			}
		} catch (error) {
			if (!deps.isClosed() && !signal.aborted)
				deps.record("note", { function: patch.function, text: `Late mismatches stay unexplained: ${faultOf(error, "explain").message}` });
		}
		if (patch.state !== "applied") return;
		const left = patch.sites.map((site) => site.expr).filter((expr) => !sites.includes(expr));
		deps.groups.heal(patch.function, patch.from, left);
		deps.onChange();
	};
}
