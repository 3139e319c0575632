import type { Outcome } from "../contract/outcome.ts";
import type { Migration, Policy, RunCommand, RunEvent } from "../contract/run.ts";
import { countBranches, isMet, ruleAhead, withGenerated } from "./branches.ts";
import { allOpen, evidenceGates, shadowGates } from "./gates.ts";
import { enter, hasTraffic, isDeployed, noEvidence, rollBack, type Step, weighed } from "./migration.ts";

type EventOf<K extends RunEvent["kind"]> = Extract<RunEvent, { kind: K }>;

/** [A20] to [A23], and the drift guard of the canary, [A43]. */
export function onVerdict(migration: Migration, event: EventOf<"verdict">, policy: Policy): Step {
	if (!isDeployed(migration) || event.version !== migration.evidence.version) return [migration, []];
	const { evidence, totals } = migration;
	const outcome = outcomeOf(event);
	const mismatched = outcome === "mismatched" ? 1 : 0;
	const { branches } = evidence;
	const seen = {
		taken: event.branches,
		outcome,
		alpha: policy.alpha,
		hasOpen: migration.openFailures + mismatched > 0,
		rule: ruleAhead(migration, policy)?.rule,
	};
	const counted: Migration = {
		...migration,
		evidence: {
			...evidence,
			[outcome]: (evidence[outcome] ?? 0) + 1,
			...(branches === undefined ? {} : { branches: countBranches(branches, seen) }),
		},
		totals: { ...totals, compared: totals.compared + 1, ...(outcome === "clean" ? {} : { [outcome]: (totals[outcome] ?? 0) + 1 }) },
		openFailures: migration.openFailures + mismatched,
		firstFailureAt: mismatched === 1 ? (migration.firstFailureAt ?? event.at) : migration.firstFailureAt,
	};
	const next = weighed(counted, policy);
	if (!hasTraffic(next)) return advanceShadow(next, event.at, policy);
	if (mismatched === 1) return then(rollBack(next, "shadowing", event.at, "a shadowed request differed from legacy"), event.at, policy);
	const doubtful =
		next.stage === "canary" &&
		(!allOpen(evidenceGates(next, policy)) || ((outcome === "failed" || outcome === "skewed") && !isBorne(next, event, policy)));
	return doubtful ? rollBack(next, "shadowing", event.at, "the evidence no longer meets the shadow gate") : [next, []];
}

/** [A70] to [A72] */
export function onProbed(migration: Migration, event: EventOf<"probed">, policy: Policy): Step {
	if (!isDeployed(migration) || event.version !== migration.evidence.version || migration.stage === "promoted") return [migration, []];
	const { evidence } = migration;
	const { clean, differing } = event;
	const next: Migration = {
		...migration,
		evidence: {
			...evidence,
			generated: { clean, differing },
			...(evidence.branches === undefined ? {} : { branches: withGenerated(evidence.branches, event.branches) }),
		},
		openFailures: migration.openFailures + differing,
		firstFailureAt: differing > 0 ? (migration.firstFailureAt ?? event.at) : migration.firstFailureAt,
	};
	if (!hasTraffic(next)) return advanceShadow(next, event.at, policy);
	if (differing === 0) return [next, []];
	return then(rollBack(next, "shadowing", event.at, "a generated request differed from legacy's replica"), event.at, policy);
}

function outcomeOf({ clean, failed, skewed, accepted }: EventOf<"verdict">): Outcome {
	return clean ? "clean" : accepted ? "accepted" : failed ? "failed" : skewed ? "skewed" : "mismatched";
}

/** [A67] After a failed or skewed request: the branches that it may have taken still meet what the weight in force asked for. */
function isBorne({ canary, evidence }: Migration, { branches: taken }: EventOf<"verdict">, policy: Policy): boolean {
	const step = policy.canary.find(({ weight }) => weight === canary?.weight) ?? policy.canary[canary?.step ?? 0];
	const rule = step?.branches;
	const of = evidence.branches?.filter((branch, index) => (taken === undefined ? branch.live : taken.includes(index))) ?? [];
	return rule === undefined || of.every((branch) => isMet(branch, rule));
}

function then([migration, commands]: Step, at: number, policy: Policy): Step {
	const [next, more] = advanceShadow(migration, at, policy);
	return [next, [...commands, ...more]];
}

/** [A24] heal, else [A30] the first canary step. */
export function advanceShadow(migration: Migration, at: number, policy: Policy): Step {
	if (migration.stage !== "shadowing" || migration.paused) return [migration, []];
	const fresh = migration.openFailures - (migration.triedFailures ?? 0);
	const { minFailures, settleMs, maxAttempts } = policy.heal;
	if (fresh > 0 && (fresh >= minFailures || at - (migration.firstFailureAt ?? at) >= settleMs)) {
		if (migration.healAttempts >= maxAttempts) {
			return [
				enter(migration, "held", at, `${migration.openFailures} mismatches are open after ${migration.healAttempts} attempts to heal`),
				[],
			];
		}
		const healing = enter(migration, "healing", at, `searches for a patch that explains ${migration.openFailures} mismatches`);
		return [{ ...healing, healAttempts: migration.healAttempts + 1, patch: null }, [{ kind: "heal" }]];
	}
	const first = policy.canary[0];
	if (first === undefined || !allOpen(shadowGates(migration, at, policy))) return [migration, []];
	const canary = { step: 0, weight: 0, since: at, requests: 0, errors: 0, modernP95: 0, legacyP95: 0, tails: [] };
	const reason = `${migration.evidence.clean} clean requests: the canary begins`;
	return [{ ...enter(migration, "canary", at, reason), canary }, [{ kind: "route", weight: first.weight }]];
}

/** [A25] A patch that passed the gate. */
export function onPatch(migration: Migration, event: EventOf<"patch">, policy: Policy): Step {
	if (migration.stage !== "healing" || migration.patch !== null || migration.renewing === true) return [migration, []];
	const patched = { ...migration, patch: event.patch };
	const explained = `the patch explains ${event.explained} of ${event.total} mismatches`;
	if (policy.heal.autoAccept && !migration.paused && migration.asksReview !== true) {
		return [{ ...patched, reason: `${explained}; the service is swapped` }, [{ kind: "swap", patch: event.patch }]];
	}
	return [enter(patched, "reviewing", event.at, `${explained}; it waits for the architect`), [{ kind: "askReview", patch: event.patch }]];
}

/** [A26] The architect's word on the patch under review; any other patch is ignored. */
export function onReview(migration: Migration, event: EventOf<"accept" | "decline">): Step {
	if (migration.stage !== "reviewing" || migration.patch !== event.patch) return [migration, []];
	if (event.kind === "decline") return [{ ...enter(migration, "held", event.at, "the architect refused the patch"), patch: null }, []];
	// A person has looked: the attempts count from here, and the policy may act by itself again.
	const accepted = { ...enter(migration, "healing", event.at, "the accepted patch is put in place"), healAttempts: 0, asksReview: false };
	return [accepted, [{ kind: "swap", patch: event.patch }]];
}

/** [A29] A refused patch is put up again for the version that it was made for. */
export function onReopen(migration: Migration, event: EventOf<"reopen">): Step {
	const isFree = (migration.stage === "held" || migration.stage === "shadowing") && migration.patch === null;
	if (!isFree || !isDeployed(migration) || migration.version !== event.version) return [migration, []];
	const asked = { ...enter(migration, "reviewing", event.at, "the refused patch is put up for review again"), patch: event.patch };
	return [asked, [{ kind: "askReview", patch: event.patch }]];
}

/** [A54] Back to the former choices: no client is answered by the new service from here until its evidence suffices again. */
export function onRevert(migration: Migration, event: EventOf<"revert">): Step {
	if (!isRevertible(migration)) return [migration, []];
	const [base, commands]: Step =
		migration.stage === "canary" ? rollBack(migration, "shadowing", event.at, "a patch is reverted") : [migration, []];
	const reverting = enter(base, "healing", event.at, "the former choices are put in place; evidence starts again at zero");
	return [{ ...reverting, patch: event.patch, asksReview: true }, [...commands, { kind: "revert", patch: event.patch }]];
}

function isRevertible(migration: Migration): boolean {
	const { stage, patch } = migration;
	if (!isDeployed(migration)) return false;
	if (stage === "healing") return patch === null;
	return stage === "shadowing" || stage === "reviewing" || stage === "held" || stage === "canary";
}

/** [A80] [A82] What is accepted changes what is compared: the version is made again, and its evidence starts at zero. */
export function onAcceptance(migration: Migration, event: EventOf<"allow" | "disallow">): Step {
	const { acceptances = [] } = migration;
	const others = acceptances.filter(({ site }) => site !== event.site);
	if (!isRevertible(migration) || (event.kind === "disallow" && others.length === acceptances.length)) return [migration, []];
	const [base, commands]: Step =
		migration.stage === "canary" ? rollBack(migration, "shadowing", event.at, "what is accepted has changed") : [migration, []];
	const { kind: _, ...signed } = event;
	const renewing = {
		...enter(base, "healing", event.at, "what is accepted has changed; evidence starts again at zero"),
		acceptances: "why" in signed ? [...others, signed] : others,
		patch: null,
		renewing: true,
	};
	return [renewing, [...commands, { kind: "renew" }]];
}

/** [A27] Another version answers: its evidence starts at zero, whatever the stage was. */
export function onSwapped(migration: Migration, event: EventOf<"swapped">, policy: Policy): Step {
	if (!isDeployed(migration) || event.version <= migration.version) return [migration, []];
	const commands: RunCommand[] = hasTraffic(migration) ? [{ kind: "route", weight: 0 }] : [];
	const next: Migration = {
		...enter(migration, "shadowing", event.at, `version ${event.version} is compared from zero`),
		version: event.version,
		evidence: noEvidence(event.version, event.branches, migration.evidence.branches),
		waivers: [],
		renewing: false,
		openFailures: 0,
		triedFailures: 0,
		firstFailureAt: null,
		patch: null,
		canary: null,
	};
	return [weighed(next, policy), commands];
}

/** [A28] Nothing explains the failures: wait for others, or for the architect. */
export function onNoPatch(migration: Migration, event: EventOf<"noPatch">, policy: Policy): Step {
	if (migration.stage !== "healing" || migration.patch !== null || migration.renewing === true) return [migration, []];
	const isLast = migration.healAttempts >= policy.heal.maxAttempts;
	const reason = isLast ? event.reason : `${event.reason}; further failures will start another search`;
	return [
		{ ...enter(migration, isLast ? "held" : "shadowing", event.at, reason), triedFailures: migration.openFailures, firstFailureAt: null },
		[],
	];
}
