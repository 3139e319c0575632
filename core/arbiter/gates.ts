import { against } from "../contract/outcome.ts";
import type { CanaryStep, Gate, Generated, Migration, Policy } from "../contract/run.ts";
import { branchGates, ruleAhead } from "./branches.ts";
import { isBounded } from "./confidence.ts";
import { errorGate, errorGuard } from "./errors.ts";
import { latencyGate, latencyGuard } from "./latency.ts";
import { isDeployed } from "./migration.ts";
import { percent, seconds } from "./words.ts";

/** What the screen shows is what decides: a step is taken when every gate of the stage is open. */
export function gatesOf(migration: Migration, at: number, policy: Policy): Gate[] {
	switch (migration.stage) {
		case "shadowing":
		case "healing":
		case "reviewing":
		case "held":
			return isDeployed(migration) ? shadowGates(migration, at, policy) : [];
		case "canary":
			return canaryGates(migration, at, policy);
		case "waiting":
		case "extracting":
		case "generating":
		case "deploying":
		case "promoted":
		case "refused":
		case "cancelled":
			return [];
	}
}

/** Before the first client: the evidence of this version, and a rest after whatever began the stage. */
export function shadowGates(migration: Migration, at: number, policy: Policy): Gate[] {
	const rest = policy.canary[0]?.holdMs ?? 0;
	return [
		{ name: "stage", value: migration.stage, limit: "shadowing", open: migration.stage === "shadowing" },
		...evidenceGates(migration, policy),
		...branchGates(migration, ruleAhead({ stage: "shadowing", canary: null }, policy)),
		atLeast("time in shadow", at - migration.since, rest, seconds),
		{ name: "paused", value: migration.paused ? "yes" : "no", limit: "no", open: !migration.paused },
	];
}

export function evidenceGates({ evidence, openFailures }: Migration, policy: Policy): Gate[] {
	const { minClean, maxMismatchRate } = policy.shadow;
	const { clean, bound } = evidence;
	const k = against(evidence);
	const bounded = isBounded({ n: clean + k, k, alpha: policy.alpha, limit: maxMismatchRate });
	return [
		{ name: "open mismatches", value: String(openFailures), limit: "0", open: openFailures === 0 },
		atLeast("clean requests", clean, minClean, String),
		...(evidence.generated === undefined ? [] : [generatedGate(evidence.generated)]),
		{ name: "mismatch rate, upper bound", value: percent(bound), limit: `≤ ${percent(maxMismatchRate)}`, open: bounded },
	];
}

/** [A72] One that differs is a bug of this version, however seldom clients would meet it. */
function generatedGate({ clean, differing }: Generated): Gate {
	return { name: "generated requests", value: `${differing} of ${clean + differing} differ`, limit: "none", open: differing === 0 };
}

/** Before the next weight, or before promotion at 100. */
export function canaryGates(migration: Migration, at: number, policy: Policy): Gate[] {
	const { canary } = migration;
	const step = canary ? policy.canary[canary.step] : undefined;
	if (canary === null || step === undefined) return [{ name: "canary step", value: "none", limit: "a step of the policy", open: false }];
	const inForce = canary.weight === step.weight;
	return [
		{ name: "weight in force", value: `${canary.weight} %`, limit: `${step.weight} %`, open: inForce },
		atLeast("time at this weight", inForce ? at - canary.since : 0, step.holdMs, seconds),
		atLeast("requests at this weight", canary.requests, step.minRequests, String),
		...guardGates(canary, policy),
		errorGate(canary, policy),
		latencyGate(canary),
		...evidenceGates(migration, policy),
		...branchGates(migration, ruleAhead(migration, policy)),
		{ name: "paused", value: migration.paused ? "yes" : "no", limit: "no", open: !migration.paused },
	];
}

/** A closed guard takes all clients back to legacy. */
export function guardGates(canary: CanaryStep, policy: Policy): Gate[] {
	return [errorGuard(canary, policy), latencyGuard(canary, policy)];
}

export const allOpen = (gates: Gate[]): boolean => gates.every((gate) => gate.open);

function atLeast(name: string, value: number, limit: number, show: (value: number) => string): Gate {
	return { name, value: show(value), limit: `≥ ${show(limit)}`, open: value >= limit };
}
