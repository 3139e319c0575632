import { guardGates } from "../../arbiter/index.ts";
import type { CanaryRecord } from "../../contract/history.ts";
import type { Migration, Policy, RunEvent } from "../../contract/run.ts";

/** What a canary weight measured, once this event has ended it; null while it goes on. Pure. */
export function canaryRecord(before: Migration, event: RunEvent, after: Migration, policy: Policy): CanaryRecord | null {
	const { canary } = before;
	if (canary === null || canary.weight === 0 || (after.canary?.weight === canary.weight && after.stage === "canary")) return null;
	// The event that broke a guard carries newer figures than the state before it.
	const last = event.kind === "measured" ? { ...canary, ...figuresOf(event) } : canary;
	const outcome =
		after.stage === "promoted"
			? "promoted"
			: after.stage === "canary"
				? "advanced"
				: event.kind === "cancel" || event.kind === "panic"
					? "ended"
					: "rolled back";
	const { weight, since, requests, errors, modernP95, legacyP95 } = last;
	return {
		function: before.function,
		weight,
		since,
		requests,
		errors,
		modernP95,
		legacyP95,
		guards: [
			...guardGates(last, policy),
			{
				name: "drift",
				value: `${after.openFailures} ${after.openFailures === 1 ? "mismatch" : "mismatches"}`,
				limit: "0",
				open: after.openFailures === 0,
			},
		],
		outcome,
		reason: outcome === "advanced" || outcome === "promoted" ? `every gate of ${weight} % was open` : after.reason,
	};
}

function figuresOf({ kind, at, ...figures }: Extract<RunEvent, { kind: "measured" }>) {
	return figures;
}
