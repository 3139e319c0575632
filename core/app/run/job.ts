import type { ServiceInfo } from "../../contract/api.ts";
import type { Blueprint, Choices } from "../../contract/blueprint.ts";
import type { Migration, Patch, Policy } from "../../contract/run.ts";
import { sitesOf } from "../../contract/sites.ts";
import type { ServiceHandle } from "../../operator/index.ts";
import type { createLock } from "../lockstep/lock.ts";
import type { Project } from "../project.ts";
import type { RepairOutcome } from "./repair.ts";

/** One migrated function at work: the arbiter's state and what performs its commands. */
export type Job = {
	state: Migration;
	/** Of the run that started it; another run may have another. */
	policy: Policy;
	blueprint: Blueprint | null;
	choices: Choices;
	shadow: ServiceHandle | null;
	live: ServiceHandle | null;
	weight: number;
	/** Commands run one after the other; `cancelled` ends those that wait. */
	line: ReturnType<typeof createLock>;
	abort: AbortController;
};

export function isStep(before: Migration, after: Migration): boolean {
	return (
		before.stage !== after.stage ||
		before.version !== after.version ||
		before.paused !== after.paused ||
		before.canary?.weight !== after.canary?.weight
	);
}

export function infoOf(job: Job, role: "shadow" | "live"): ServiceInfo[] {
	const handle = job[role];
	if (handle === null) return [];
	return [
		{
			function: job.state.function,
			version: job.state.version,
			role,
			pid: handle.pid,
			port: handle.port,
			healthy: handle.healthy,
			startedAt: handle.startedAt,
		},
	];
}

export function stopped(job: Job, handle: ServiceHandle, version: number, role: "shadow" | "live", reason: string) {
	return { function: job.state.function, version, role, pid: handle.pid, reason };
}

export function fieldsOf(blueprint: Blueprint): { random: string[]; clock: string[] } {
	const of = (kind: "random" | "clock") => [
		...new Set(blueprint.nonDeterminism.filter((one) => one.kind === kind).flatMap((one) => one.fields)),
	];
	return { random: of("random"), clock: of("clock") };
}

/** The patch that a search proposes: the same blueprint, written with more sites exact. */
export function proposePatch(job: Job, blueprint: Blueprint, outcome: RepairOutcome, project: Pick<Project, "generate">): Patch {
	const from = job.state.version;
	const before = project.generate(blueprint, job.choices);
	const exact = Object.fromEntries(outcome.sites.map((expr) => [expr, "exact" as const]));
	const after = project.generate(blueprint, { ...job.choices, ...exact });
	const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((path) => before[path] !== after[path]);
	return {
		id: `${job.state.function}-v${from + 1}`,
		function: job.state.function,
		from,
		to: from + 1,
		cause: outcome.cause,
		sites: sitesOf(blueprint).filter((site) => outcome.sites.includes(site.expr)),
		files: paths.filter((path) => path.endsWith(".ts")).map((path) => ({ path, before: before[path] ?? "", after: after[path] ?? "" })),
		gate: outcome.gate,
		candidates: outcome.candidates,
		ms: outcome.ms,
		state: "proposed",
		explanation: outcome.explanation,
	};
}
