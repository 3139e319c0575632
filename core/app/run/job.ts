import { createHash } from "node:crypto";
import type { ServiceInfo } from "../../contract/api.ts";
import type { Blueprint, Choices, ServiceFiles } from "../../contract/blueprint.ts";
import type { Migration, Patch, Policy } from "../../contract/run.ts";
import { sitesOf } from "../../contract/sites.ts";
import type { ServiceTarget } from "../../contract/targets.ts";
import type { ServiceHandle } from "../../operator/index.ts";
import type { Case } from "../lockstep/history.ts";
import type { LaneService } from "../lockstep/lane.ts";
import type { createLock } from "../lockstep/lock.ts";
import type { Project } from "../project.ts";
import { generatedIds } from "./generated-ids.ts";
import { hunksOf } from "./hunks.ts";
import type { RepairOutcome } from "./repair.ts";

/** One migrated function at work: the arbiter's state and what performs its commands. */
export type Job = {
	state: Migration;
	/** Of the run that started it; another run may have another. */
	policy: Policy;
	/** What its service is written in. */
	target: ServiceTarget;
	blueprint: Blueprint | null;
	choices: Choices;
	shadow: ServiceHandle | null;
	/** The shadow's version with legacy's rounding where another one is accepted; null where nothing is. */
	reference: ServiceHandle | null;
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
		before.waivers !== after.waivers ||
		before.acceptances !== after.acceptances ||
		before.evidence.generated !== after.evidence.generated ||
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
			target: job.target,
			role,
			pid: handle.pid,
			port: handle.port,
			healthy: handle.healthy,
			startedAt: handle.startedAt,
		},
	];
}

export function stopped(job: Job, handle: ServiceHandle, version: number, role: "shadow" | "live" | "reference", reason: string) {
	return { function: job.state.function, version, role, pid: handle.pid, reason };
}

export function fieldsOf(blueprint: Blueprint): Pick<LaneService, "random" | "clock" | "ids"> {
	const of = (kind: "random" | "clock") => [
		...new Set(blueprint.nonDeterminism.filter((one) => one.kind === kind).flatMap((one) => one.fields)),
	];
	return { random: of("random"), clock: of("clock"), ids: generatedIds(blueprint) };
}

/** The patch that a search proposes: the same blueprint, written with more sites exact. */
export function proposePatch(
	job: Job,
	blueprint: Blueprint,
	outcome: RepairOutcome,
	{ project, taken, at }: { project: Pick<Project, "dir" | "generate">; taken: ReadonlyMap<string, Patch>; at: number },
): Patch {
	const from = job.state.version;
	const id = `${job.state.function}-v${from + 1}`;
	// A version may have been offered another patch before, which was refused.
	const former = [...taken.keys()].filter((other) => other === id || other.startsWith(`${id}.`)).length;
	const { bySite, explained, seen } = outcome;
	const sites = sitesOf(blueprint).filter((site) => outcome.sites.includes(site.expr));
	const { target } = job;
	const before = project.generate(blueprint, job.choices, target);
	const after = project.generate(blueprint, { ...job.choices, ...exactly(outcome.sites) }, target);
	const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((path) => before[path] !== after[path]);
	return {
		id: former === 0 ? id : `${id}.${former + 1}`,
		function: job.state.function,
		from,
		to: from + 1,
		cause: outcome.cause,
		sites,
		hunks: hunksOf({ project, blueprint, target, choices: job.choices, sites, bySite, failing: seen.length }),
		files: paths
			.filter((path) => /\.(?:ts|java)$/.test(path))
			.map((path) => ({ path, before: before[path] ?? "", after: after[path] ?? "" })),
		gate: outcome.gate,
		candidates: outcome.candidates,
		ms: outcome.ms,
		state: "proposed",
		explanation: outcome.explanation,
		provenance: {
			method: "search",
			at,
			failing: seen,
			explained,
			blueprint: blueprint.hash,
			code: { before: codeHash(before), after: codeHash(after) },
		},
		decision: null,
	};
}

export function exactly(sites: string[]): Choices {
	return Object.fromEntries(sites.map((expr) => [expr, "exact" as const]));
}

/** The sites that a patch makes exact once it is applied: those that were accepted, or all. */
export function acceptedSites(patch: Patch): string[] {
	const all = patch.sites.map((site) => site.expr);
	return patch.decision?.accepted === true ? all.filter((expr) => patch.decision?.hunks.includes(expr)) : all;
}

/**
 * The cases that a search or a gate runs again. What an earlier version got wrong must stay right, like any clean case; unless
 * the last decision left it wrong.
 */
export function casesOf(job: Job, kept: Case[], patches: Iterable<Patch>): Case[] {
	const { version, function: name } = job.state;
	const left = new Set<number>();
	for (const patch of patches) {
		if (patch.function !== name) continue;
		if (patch.state === "applied" && patch.to === version) for (const seq of patch.decision?.gate?.open ?? []) left.add(seq);
		if (patch.state === "reverted" && patch.revertedTo === version) for (const seq of patch.provenance.explained) left.add(seq);
	}
	return kept.map((entry) => (entry.version < version && !left.has(entry.seq) ? { ...entry, clean: true } : entry));
}

/** SHA-256 over every file of a service, by path. */
function codeHash(files: ServiceFiles): string {
	const hash = createHash("sha256");
	for (const path of Object.keys(files).sort()) hash.update(`${path}\0${files[path]}\0`);
	return hash.digest("hex");
}
