import type { Migration, Policy, RunEvent } from "../contract/run.ts";
import { allOpen, canaryGates, guardGates } from "./gates.ts";
import { enter, rollBack, type Step } from "./migration.ts";

type EventOf<K extends RunEvent["kind"]> = Extract<RunEvent, { kind: K }>;

/** [A40] A weight counts from the moment it is in force. */
export function onRouted(migration: Migration, event: EventOf<"routed">, policy: Policy): Step {
	const { canary } = migration;
	if (migration.stage !== "canary" || canary === null) return [migration, []];
	if (canary.weight === event.weight || policy.canary[canary.step]?.weight !== event.weight) return [migration, []];
	const inForce = {
		step: canary.step,
		weight: event.weight,
		since: event.at,
		requests: 0,
		errors: 0,
		modernP95: 0,
		legacyP95: 0,
		tails: [],
	};
	return [{ ...migration, canary: inForce, reason: `${event.weight} % of the requests go to the new service` }, []];
}

/** [A42] The figures of this weight so far; a closed guard ends the canary. */
export function onMeasured(migration: Migration, event: EventOf<"measured">, policy: Policy): Step {
	const { canary } = migration;
	if (migration.stage !== "canary" || canary === null || event.at < canary.since) return [migration, []];
	const { kind: _, at, ...figures } = event;
	const measured = { ...migration, canary: { ...canary, ...figures } };
	const broken = guardGates(measured.canary, policy).find((guard) => !guard.open);
	if (broken) return rollBack(measured, "held", at, `${broken.name} ${broken.value}, allowed ${broken.limit}`);
	return advanceCanary(measured, at, policy);
}

/** [A41] One step further, never two; [A44] promotion after the last. */
export function advanceCanary(migration: Migration, at: number, policy: Policy): Step {
	const { canary } = migration;
	if (migration.stage !== "canary" || canary === null || !allOpen(canaryGates(migration, at, policy))) return [migration, []];
	const step = policy.canary[canary.step + 1];
	if (step !== undefined) {
		// The weight that is in force stays believed until `routed` says otherwise.
		return [{ ...migration, canary: { ...canary, step: canary.step + 1 } }, [{ kind: "route", weight: step.weight }]];
	}
	if (canary.weight !== 100) return [migration, []];
	const { clean, bound } = migration.evidence;
	const text = `promoted: ${clean} clean requests of version ${migration.version}, mismatch rate at most ${(bound * 100).toPrecision(3)} %`;
	return [{ ...enter(migration, "promoted", at, text), canary: null }, [{ kind: "note", text }]];
}
