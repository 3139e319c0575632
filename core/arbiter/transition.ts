import type { Migration, Policy, RunCommand, RunEvent } from "../contract/run.ts";
import { advanceCanary, onMeasured, onRouted } from "./canary.ts";
import { gatesOf } from "./gates.ts";
import { enter, hasTraffic, isDeployed, noEvidence, rollBack, type Step, weighed, weighedAnew } from "./migration.ts";
import { advanceShadow, onAcceptance, onNoPatch, onPatch, onProbed, onReopen, onRevert, onReview, onSwapped, onVerdict } from "./shadow.ts";
import { unwaive, waive } from "./waivers.ts";

/**
 * What one event does to one migration: the next state and the commands to perform, in order. Rules: SPEC.md.
 * Total (any event in any stage), deterministic, never changes its arguments; the state is plain JSON.
 */
export function transition(migration: Migration, event: RunEvent, policy: Policy): [Migration, RunCommand[]] {
	if (migration.stage === "cancelled" || migration.stage === "refused") return [migration, []];
	const [reacted, commands] = react(migration, event, policy);
	const next = weighedAnew(migration, reacted, policy);
	return [{ ...next, gates: gatesOf(next, event.at, policy) }, commands];
}

function react(migration: Migration, event: RunEvent, policy: Policy): Step {
	switch (event.kind) {
		case "start":
			if (migration.stage !== "waiting") return [migration, []];
			return [enter(migration, "extracting", event.at, "the slice is cut out of the source"), [{ kind: "extract" }]];
		case "extracted":
			if (migration.stage !== "extracting") return [migration, []];
			return [{ ...enter(migration, "generating", event.at, "the service is written"), routes: event.routes }, [{ kind: "generate" }]];
		case "refused":
			return isPreparing(migration) ? [enter(migration, "refused", event.at, event.reason), []] : [migration, []];
		case "generated":
			if (migration.stage !== "generating") return [migration, []];
			return [
				{ ...enter(migration, "deploying", event.at, `version ${event.version} is started`), version: event.version },
				[{ kind: "deploy", version: event.version }],
			];
		case "deployed": {
			if (migration.stage !== "deploying" || event.version !== migration.version) return [migration, []];
			const next = {
				...enter(migration, "shadowing", event.at, `version ${event.version} is compared`),
				evidence: noEvidence(event.version, event.branches, migration.evidence.branches),
			};
			return [weighed(next, policy), [{ kind: "route", weight: 0 }]];
		}
		case "verdict":
			return onVerdict(migration, event, policy);
		case "probed":
			return onProbed(migration, event, policy);
		case "patch":
			return onPatch(migration, event, policy);
		case "noPatch":
			return onNoPatch(migration, event, policy);
		case "accept":
		case "decline":
			return onReview(migration, event);
		case "reopen":
			return onReopen(migration, event);
		case "revert":
			return onRevert(migration, event);
		case "swapped":
			return onSwapped(migration, event, policy);
		case "routed":
			return onRouted(migration, event, policy);
		case "measured":
			return onMeasured(migration, event, policy);
		case "tick":
			return advance(migration, event.at, policy);
		case "pause":
			return [{ ...migration, paused: true }, []];
		case "resume":
			return onResume(migration, event.at, policy);
		case "retry":
			return onRetry(migration, event.at, policy);
		case "waive":
			return [waive(migration, event), []];
		case "unwaive":
			return [unwaive(migration, event), []];
		case "allow":
		case "disallow":
			return onAcceptance(migration, event);
		case "cancel":
			return [
				{ ...enter(migration, "cancelled", event.at, "cancelled"), canary: null, patch: null },
				[{ kind: "route", weight: 0 }, { kind: "stopService" }],
			];
		case "panic": {
			const [next, commands]: Step = hasTraffic(migration)
				? rollBack(migration, "shadowing", event.at, event.reason)
				: [migration, isDeployed(migration) ? [{ kind: "route", weight: 0 }] : []];
			return [{ ...next, paused: true, reason: `kill switch: ${event.reason}` }, commands];
		}
		case "trouble":
			return onTrouble(migration, event.at, event.reason);
	}
}

const isPreparing = ({ stage }: Migration): boolean =>
	stage === "waiting" || stage === "extracting" || stage === "generating" || stage === "deploying";

function onResume(migration: Migration, at: number, policy: Policy): Step {
	if (!migration.paused) return [migration, []];
	const resumed = { ...migration, paused: false };
	// A patch that came during the pause was put up for review; the policy may accept it now.
	if (resumed.stage === "reviewing" && resumed.patch !== null && policy.heal.autoAccept && resumed.asksReview !== true) {
		return [enter(resumed, "healing", at, "the patch is put in place"), [{ kind: "swap", patch: resumed.patch }]];
	}
	return advance(resumed, at, policy);
}

function advance(migration: Migration, at: number, policy: Policy): Step {
	return migration.stage === "canary" ? advanceCanary(migration, at, policy) : advanceShadow(migration, at, policy);
}

function onRetry(migration: Migration, at: number, policy: Policy): Step {
	if (migration.stage !== "held") return [migration, []];
	const cleared = { ...migration, openFailures: 0, triedFailures: 0, firstFailureAt: null, healAttempts: 0, patch: null };
	if (!isDeployed(migration)) return [enter(cleared, "extracting", at, "begins again"), [{ kind: "extract" }]];
	// The counts stay: what was seen of this version is not forgotten by asking again.
	const reason = "the architect lets it go on; earlier mismatches still count in the bound";
	return [weighed(enter(cleared, "shadowing", at, reason), policy), [{ kind: "route", weight: 0 }]];
}

function onTrouble(migration: Migration, at: number, reason: string): Step {
	switch (migration.stage) {
		case "extracting":
		case "generating":
		case "deploying":
			return [enter(migration, "held", at, reason), []];
		case "healing": {
			const waiting = { ...enter(migration, "shadowing", at, reason), patch: null, renewing: false };
			return [{ ...waiting, firstFailureAt: migration.openFailures > 0 ? at : null }, []];
		}
		case "canary":
			return rollBack(migration, "shadowing", at, reason);
		case "shadowing":
			return [{ ...migration, reason }, []];
		case "waiting":
		case "reviewing":
		case "held":
		case "promoted":
		case "refused":
		case "cancelled":
			return [migration, [{ kind: "note", text: reason }]];
	}
}
