import { z } from "zod";
import type { Site } from "./blueprint.ts";
import type { BranchName } from "./branches.ts";
import type { MismatchExample } from "./verdict.ts";

/** What every branch of the function must have before a weight is set. */
export const branchRuleShape = z.object({
	/** Of each branch that live traffic reached. */
	minClean: z.number().int().nonnegative(),
	/** Upper bound of its mismatch rate; 1 asks for none. */
	maxMismatchRate: z.number().gt(0).lte(1),
	/** A signed waiver may stand for what a branch lacks. */
	waivable: z.boolean(),
	/**
	 * Branches that no live request has taken: `ignored`; each needs a signed `waiver`; or each needs `minGenerated` generated requests
	 * that were clean, or a waiver.
	 */
	unreached: z.enum(["ignored", "waiver", "generated"]),
	/** Only read with `generated`; absent: 20. */
	minGenerated: z.number().int().positive().optional(),
});
export type BranchRule = z.infer<typeof branchRuleShape>;

/** What must hold before traffic moves. One file, so that an auditor can read it. */
export const policyShape = z.object({
	name: z.string(),
	/** The bound holds with probability 1 - alpha, however often one looks. */
	alpha: z.number().gt(0).lt(1),
	/** Before the first canary step, of the current version of the service. */
	shadow: z.object({
		minClean: z.number().int().positive(),
		/** Upper bound of the mismatch rate. */
		maxMismatchRate: z.number().gt(0).lte(1),
	}),
	canary: z.array(
		z.object({
			weight: z.number().gt(0).lte(100),
			holdMs: z.number().positive(),
			minRequests: z.number().int().nonnegative(),
			/** Before this weight. Absent: branches are not asked for, as in policies from before they were counted. */
			branches: branchRuleShape.optional(),
		}),
	),
	guards: z.object({
		/** Failed or failed-over answers of the new service, as a share of its canary requests. */
		maxErrorRate: z.number().min(0).max(1),
		/** Requests of the step before a guard on rates may act; a single one acts when `maxErrorRate` is 0. */
		minRequests: z.number().int().nonnegative(),
		/** Each quantile of the new service's latency against legacy's of the same time: times the ratio, and the slack. */
		maxLatencyRatio: z.number().positive(),
		latencySlackMs: z.number().nonnegative(),
	}),
	heal: z.object({
		/** Failing transactions to collect before the search starts, or `settleMs` after the first. */
		minFailures: z.number().int().positive(),
		settleMs: z.number().nonnegative(),
		maxAttempts: z.number().int().positive(),
		/** Patches that pass the gate are applied without asking. */
		autoAccept: z.boolean(),
	}),
	/** Without a request that legacy must answer, before it is stopped. */
	coolDownMs: z.number().nonnegative(),
});
export type Policy = z.infer<typeof policyShape>;

export type Stage =
	| "waiting"
	| "extracting"
	| "generating"
	| "deploying"
	| "shadowing"
	| "healing"
	/** A patch passed the gate and waits for the architect. */
	| "reviewing"
	/** Nothing moves until the architect decides: no patch explains the failures, or a guard broke. */
	| "held"
	| "canary"
	| "promoted"
	/** Cannot be translated exactly; named in `reason`. */
	| "refused"
	| "cancelled";

export type Evidence = {
	/** Counted for one version of the service; a swap starts again at zero. */
	version: number;
	clean: number;
	mismatched: number;
	failed: number;
	/** Compared on a state that was not legacy's; they count against, for nothing is known of them. Absent: none. */
	skewed?: number;
	/** Rounded otherwise where that was accepted: neither for nor against. Absent: none. */
	accepted?: number;
	/** Requests made up by the engine, on a replica of legacy: in no bound, for they say nothing of how often. Absent: none. */
	generated?: Generated;
	/** Anytime-valid upper bound of the mismatch rate at the policy's alpha; 1 without evidence. */
	bound: number;
	/** More clean requests until the shadow gate opens; null while mismatches of this version stand. */
	needed: number | null;
	/** In the order of the blueprint. Absent in journals from before branches were counted. */
	branches?: BranchEvidence[];
};

/** `differing`: the new service answered otherwise, changed other rows, or failed. */
export type Generated = { clean: number; differing: number };

/** Of one branch of the function, for one version of the service. A request counts in every branch that it took. */
export type BranchEvidence = BranchName & {
	clean: number;
	mismatched: number;
	failed: number;
	/** As in `Evidence`. */
	skewed?: number;
	accepted?: number;
	/** Anytime-valid upper bound of the mismatch rate of the requests that take this branch. */
	bound: number;
	/** More clean requests that take it until the rule of the next weight is met; null while a mismatch of it stands. */
	needed: number | null;
	/** A live request has taken it, in this version or an earlier one. */
	live: boolean;
	/** As in `Evidence`, of those that took this branch. */
	generated?: Generated;
};

/** Somebody stands in for what a branch lacks. Of one version: the next one begins without. */
export type Waiver = { branch: string; by: string; why: string; at: number; version: number };

/** Somebody signs for another rounding at one place of the function; it outlives versions. `site`: the expression; `digits`: that it rounds to. */
export type Acceptance = { site: string; place: string; digits: number; by: string; why: string; at: number };

/** What the evidence says at this moment, before anybody decides. */
export type EvidenceVerdict = { kind: "enough" | "not enough evidence" | "contradicted"; words: string };

/** One condition on the way to the next step: "why not promoted". */
export type Gate = {
	name: string;
	value: string;
	limit: string;
	open: boolean;
	/** What would open it, as sentences; where it cannot be read off the value and the limit. */
	opens?: string;
};

/**
 * Of the answers of the new service, how many took longer than legacy's quantile of the same time allows: `limitMs` is an upper value of
 * that quantile (95 % certain), times the policy's ratio, and its slack.
 */
export type LatencyTail = { quantile: number; limitMs: number; answered: number; over: number };

export type CanaryStep = {
	step: number;
	weight: number;
	since: number;
	/** Of this step, answered by the new service. */
	requests: number;
	errors: number;
	/** What legacy answered to the same routes at the same time, and how much of it failed. Absent in journals from before this was kept. */
	legacyRequests?: number;
	legacyErrors?: number;
	modernP95: number;
	legacyP95: number;
	/** Only of quantiles that legacy has answered enough for. Absent in journals from before this was kept. */
	tails?: LatencyTail[];
};

export type Migration = {
	function: string;
	routes: string[];
	stage: Stage;
	/** While held: the stage in which it was stopped. Absent in journals from before this was kept. */
	heldIn?: Stage;
	since: number;
	paused: boolean;
	/** 0: none yet; 1: the first draft. */
	version: number;
	evidence: Evidence;
	/** Over all versions. */
	totals: { compared: number; mismatched: number; failed: number; skewed?: number; accepted?: number };
	/** Mismatches of this version that no patch has answered yet. */
	openFailures: number;
	firstFailureAt: number | null;
	/** Of `openFailures`, those that the last search has seen and could not answer; absent: none. */
	triedFailures?: number;
	healAttempts: number;
	patch: string | null;
	/** A patch was reverted: the next one waits for the architect, whatever the policy says. */
	asksReview?: boolean;
	canary: CanaryStep | null;
	/** Of this version, in force. Absent: none. */
	waivers?: Waiver[];
	/** In force. Absent: none. */
	acceptances?: Acceptance[];
	/** The version is made again because they changed. */
	renewing?: boolean;
	gates: Gate[];
	reason: string;
};

/** What happened to one migration. Times: milliseconds since the epoch. */
export type RunEvent =
	| { kind: "start"; at: number }
	| { kind: "extracted"; at: number; routes: string[] }
	| { kind: "refused"; at: number; reason: string }
	| { kind: "generated"; at: number; version: number }
	/** `branches`: of the blueprint that this version is written from; absent in journals from before they were counted. */
	| { kind: "deployed"; at: number; version: number; branches?: BranchName[] }
	/** `branches`: places in the list of this version, of those that the request took; absent: not known. */
	| { kind: "verdict"; at: number; version: number; clean: boolean; failed: boolean; skewed?: true; accepted?: true; branches?: number[] }
	| ({ kind: "probed"; at: number; version: number } & ProbeCounts)
	| { kind: "patch"; at: number; patch: string; explained: number; total: number }
	| { kind: "noPatch"; at: number; reason: string }
	| { kind: "accept" | "decline"; at: number; patch: string }
	/** The architect takes back a refusal; `version`: the one that the patch was made for. */
	| { kind: "reopen"; at: number; patch: string; version: number }
	/** The architect takes back the patch that made the version which runs. */
	| { kind: "revert"; at: number; patch: string }
	/** The patched service answers from now on. */
	| { kind: "swapped"; at: number; version: number; branches?: BranchName[] }
	/** The instance on the real database is healthy and the plan of this step is in force. */
	| { kind: "routed"; at: number; weight: number }
	| ({ kind: "measured"; at: number; tails: LatencyTail[] } & Omit<CanaryStep, "step" | "weight" | "since" | "tails">)
	| { kind: "tick"; at: number }
	| { kind: "pause" | "resume" | "cancel" | "retry"; at: number }
	/** A signed word for what a branch lacks, for this version; `unwaive` takes it back. */
	| { kind: "waive"; at: number; branch: string; version: number; by: string; why: string }
	| { kind: "unwaive"; at: number; branch: string; version: number; by: string }
	/** Another rounding at one place is accepted; `disallow` takes that back. */
	| ({ kind: "allow" } & Acceptance)
	| { kind: "disallow"; at: number; site: string; by: string }
	| { kind: "panic"; at: number; reason: string }
	/** Something the run needs broke: the service, the effect source, the shadow state. */
	| { kind: "trouble"; at: number; reason: string };

/** What one round of generated requests came to. */
export type ProbeCounts = Generated & {
	/** Branches that no live request had taken, and those of them that a request was found for. */
	wanted: number;
	reached: number;
	/** Run on the new service alone, to find them. */
	tried: number;
	/** Legacy's replica gave no answer, so there was nothing to compare with. */
	unanswered: number;
	/** By place in the list of this version: clean, differing. */
	branches: [place: number, clean: number, differing: number][];
	/** All of them with their verdicts, in the state directory, and its SHA-256. */
	file: string;
	sha256: string;
	ms: number;
};

/** What the composition root must do for one migration, in order. */
export type RunCommand =
	| { kind: "extract" }
	| { kind: "generate" }
	| { kind: "deploy"; version: number }
	| { kind: "heal" }
	| { kind: "askReview"; patch: string }
	| { kind: "swap"; patch: string }
	/** A new version with the choices from before this patch takes the place of the running one. */
	| { kind: "revert"; patch: string }
	/** A new version with the same choices takes the place of the running one. */
	| { kind: "renew" }
	/** weight 0: shadow only; 100: promoted. */
	| { kind: "route"; weight: number }
	| { kind: "stopService" }
	| { kind: "note"; text: string };

/** One place that a patch writes exactly: what can be accepted or refused by itself. */
export type Hunk = {
	/** The expression's id; unique within the patch. */
	id: string;
	site: Site;
	file: string;
	/** From and to, both included, from 1, in the file before and after; a range without lines ends before it begins. */
	beforeLines: [from: number, to: number];
	afterLines: [from: number, to: number];
	/** These lines. */
	text: { before: string[]; after: string[] };
	/** Failing cases that differ again when this place alone stays as it was; `requests` are numbers of the journal. */
	explains: { count: number; requests: number[] };
	/** What was found out by trying it, in words. */
	hypothesis: string;
	/** The legacy expression, and the line on which it begins, as the source has them; empty when it cannot be read. */
	legacy: { text: string; line: string };
};

/** What running the failing and the clean cases again with some hunks said. */
export type GateResult = {
	at: number;
	/** Tried as exact; the others stay as they are. */
	hunks: string[];
	failing: { passed: number; total: number };
	clean: { passed: number; total: number };
	/** Row changes that legacy made in these cases; `passed`: those in cases that agree. */
	rows: { passed: number; total: number };
	/** Failing cases that stay different, by request number; they go on being collected. */
	open: number[];
	/** A clean case that would differ, if there is one. */
	broken: MismatchExample | null;
	/** No clean case breaks, and something is gained. */
	passed: boolean;
	ms: number;
};

/** One failing case on three sides: legacy, the version before the patch, and the version with it. */
export type PatchCase = { before: MismatchExample; after: MismatchExample; agrees: boolean };

export type Patch = {
	id: string;
	function: string;
	from: number;
	to: number;
	cause: string;
	/** The sites that become exact; the smallest set that explains every failure. */
	sites: Site[];
	/** The same places as the generated text shows them, in the order of the files. */
	hunks: Hunk[];
	files: { path: string; before: string; after: string }[];
	gate: { failing: { passed: number; total: number }; clean: { passed: number; total: number }; rows?: { passed: number; total: number } };
	candidates: number;
	ms: number;
	/** `withdrawn`: the version that it was made for runs no more. */
	state: "proposed" | "applied" | "refused" | "reverted" | "withdrawn";
	explanation: string;
	provenance: {
		/** Found by trying, without a model: it costs nothing. */
		method: "search";
		at: number;
		/** Request numbers of the failing cases that the search saw, and of those that the patch explains. */
		failing: number[];
		explained: number[];
		/** SHA-256 of the blueprint, and of the service's files before and after. */
		blueprint: string;
		code: { before: string; after: string };
	};
	/** The last word on it. `hunks`: those that were accepted. `gate`: run again for just these, unless the policy decided. */
	decision: {
		by: "policy" | "architect";
		at: number;
		accepted: boolean;
		hunks: string[];
		gate: GateResult | null;
	} | null;
	/** Of a reverted patch: the version that has the former choices again. */
	revertedTo?: number;
};

/** A patch without the texts of its files: what goes to every screen at every change. */
export type PatchInfo = Omit<Patch, "files"> & { paths: string[] };
