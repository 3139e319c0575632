import type { CauseFinding } from "./cause.ts";
import type { LogLine } from "./log.ts";
import type { Acceptance, BranchEvidence, BranchRule, EvidenceVerdict, Gate, Waiver } from "./run.ts";
import type { MismatchExample } from "./verdict.ts";

/** `policy`: a rule that the architect set beforehand; `guard`: one of its guards; `engine`: what a step needs, without a choice. */
export type Decider = "architect" | "policy" | "guard" | "engine";

/** One step of a run with its reason, made from a journal entry. */
export type Decision = {
	/** Of the journal entry. */
	seq: number;
	at: number;
	/** null: it concerns the whole run. */
	function: string | null;
	kind: "run" | "stage" | "version" | "patch" | "canary" | "guard" | "routing" | "pause" | "waiver" | "probe" | "panic" | "trouble";
	who: Decider;
	/** What was decided, as a sentence without its end. */
	what: string;
	/** Why, in the words of the journal; empty when the decision says it. */
	reason: string;
	/** What was measured, against its limit where it has one. */
	figures: Gate[];
	level: LogLine["level"];
};

/** The evidence of one version at one moment. */
export type ConfidencePoint = {
	seq: number;
	at: number;
	version: number;
	clean: number;
	/** Mismatched and failed: both count against. */
	against: number;
	bound: number;
};

/** How the confidence of one function comes about. */
export type Confidence = {
	function: string;
	version: number;
	method: { name: string; formula: string; words: string; source: string; prior: { a: number; b: number } };
	alpha: number;
	clean: number;
	mismatched: number;
	failed: number;
	/** Compared on a state that was not legacy's; they count against. */
	skewed: number;
	/** Rounded otherwise where that was accepted: neither for nor against. */
	accepted: number;
	acceptances: Acceptance[];
	bound: number;
	/** The policy's: upper bound of the mismatch rate, and clean requests at least. */
	limit: number;
	minClean: number;
	/** More clean requests until both hold; null while a mismatch stands or nothing runs. */
	needed: number | null;
	openMismatches: number;
	/** Comparisons of this function a second, over the last minute. */
	rate: number;
	/** Until `needed` is met at that rate; null without traffic. */
	etaMs: number | null;
	/** Of the evidence at this moment, for the next weight. */
	verdict: EvidenceVerdict;
	/** Fields of this version that were not the same and passed a check, with that check. */
	tolerated: { field: string; check: string }[];
	/** Weakest first; empty when they are not counted. */
	branches: BranchEvidence[];
	waivers: Waiver[];
	/** What the next weight asks of each branch; null: nothing. */
	branchRule: (BranchRule & { weight: number }) | null;
	/** How many clean requests that limit takes without a mismatch: for one look at a number fixed beforehand, and at every look. */
	branchNeeds: { oneLook: number; everyLook: number | null } | null;
	branchMethod: { words: string; source: string };
	/** Oldest first, thinned out evenly beyond some hundreds; every version is in it. */
	points: ConfidencePoint[];
};

/** A canary weight that was in force, and how it ended. */
export type CanaryRecord = {
	function: string;
	weight: number;
	since: number;
	requests: number;
	errors: number;
	modernP95: number;
	legacyP95: number;
	/** The guards as they stood at the end. */
	guards: Gate[];
	outcome: "advanced" | "promoted" | "rolled back" | "ended";
	reason: string;
};

/**
 * More transactions of one group of mismatches, oldest first; the first is the group's own. `reading`: what they say of the cause from their
 * values alone; null where more is known.
 */
export type GroupExamples = { group: string; examples: MismatchExample[]; reading: CauseFinding | null };

/** A question to the journal that has a name. `own`: asked by the people of this state directory, kept in `questions.json`. */
export type Question = { title: string; about: string; sql: string; own: boolean };

/** A report that was written: the file in the state directory, and its content to save elsewhere. */
export type WrittenReport = { file: string; name: string; type: string; bytes: number; sha256: string; base64: string };
