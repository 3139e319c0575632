import type { Blueprint, Rule } from "./blueprint.ts";
import type { Span } from "./ir.ts";

/** What a reason points at, so that it can be looked at: a line of legacy, or a node of the map by its bare name. */
export type Witness = { kind: "line"; file: string; line: number } | { kind: "function" | "table" | "route"; name: string };

export type Level = "low" | "medium" | "high";

/** One sentence about a cut. `risk`: what it adds; `none` speaks for the cut. */
export type CutReason = { risk: "none" | Level; text: string; witnesses: Witness[] };

/** One summand of the entanglement: `sum = count * weight`. */
export type EntanglementTerm = { what: string; count: number; weight: number; sum: number };

/** A place from which something is called; `caller`: a dotted function, or `module <name>`. */
export type CallPlace = { caller: string; file: string; line: number };

export type PlannedFunction = {
	function: string;
	file: string;
	line: number;
	endLine: number;
	loc: number;
	complexity: number;
	/** Why it is in the slice: who in the slice calls it. Of a handler: the dispatcher. */
	calledBy: CallPlace[];
	/** Who outside of the slice calls it, or reaches it for another route. Empty for what moves. */
	usedBy: CallPlace[];
};

export type PlannedTable = {
	name: string;
	read: boolean;
	write: boolean;
	/** Everybody else who uses it, with the routes that reach them. */
	otherWriters: { function: string; routes: string[] }[];
	otherReaders: { function: string; routes: string[] }[];
	statements: { id: string; kind: "select" | "insert" | "update" | "delete"; file: string; line: number }[];
};

export type PlannedSites = {
	cause: string;
	legacy: string;
	idiom: string;
	places: { expr: string; function: string; file: string; line: number }[];
};

/** One number that decides the effort, with the limits above which it counts as medium and as large. */
export type EffortMeasure = { name: string; value: number; medium: number; large: number; level: "small" | "medium" | "large" };

/** What cutting one function out really means; computed from graph and blueprint, never estimated. */
export type CutPlan = {
	unit: string;
	file: string;
	line: number;
	/** `refused`: no code may be generated; each reason is in `unsupported` or `unreached`. */
	verdict: { level: "good" | "fair" | "hard" | "refused"; text: string };
	/** True when no route reaches the unit: nothing below but the unit's own facts is then known. */
	unreached: boolean;
	isolation: { value: number; terms: EntanglementTerm[] };
	routes: { method: string; path: string; handler: string }[];
	/** Functions of the slice that no code which stays uses. */
	moves: PlannedFunction[];
	/** Functions of the slice that other code goes on using in legacy: there are two of each until that code has moved too. */
	copies: PlannedFunction[];
	/** Functions that the slice calls and the service has its own means for. */
	replaced: { function: string; file: string; line: number; by: string }[];
	/** Code outside of the slice that calls into it and stays with legacy. */
	stays: { caller: string; file: string; calls: { function: string; line: number }[] }[];
	tables: PlannedTable[];
	/** What stands between the old world and the new one for this cut. */
	shims: { name: string; text: string; witnesses: Witness[] }[];
	rules: Rule[];
	constants: { id: string; span: Span; usedBy: string[] }[];
	exceptions: Blueprint["exceptions"];
	nonDeterminism: { kind: "clock" | "random"; function: string; fields: string[]; span: Span }[];
	outside: Blueprint["outside"];
	unsupported: Blueprint["unsupported"];
	sites: PlannedSites[];
	/** Lines of code of the slice, without blanks and comments. */
	lines: number;
	effort: { level: "small" | "medium" | "large"; measures: EffortMeasure[] };
	risk: { level: Level; reasons: CutReason[] };
};

/** A handler as a first cut. `score = isolation * (1 + min(complexity, 30) / 30)`. */
export type RankedCut = {
	function: string;
	file: string;
	line: number;
	routes: string[];
	score: number;
	isolation: number;
	complexity: number;
	terms: EntanglementTerm[];
};

/** Why one line of legacy is in the slice, or is not. */
export type LineReason = {
	line: number;
	/** Owner of the line: a function, or a constant or exception class by its dotted name. */
	owner: string;
	role: "signature" | "code" | "rule" | "refusal" | "data" | "left-out" | "comment";
	reasons: { text: string; witnesses: Witness[] }[];
};

/** The source files that a slice touches, and each of their lines that has to do with it. */
export type SourceSlice = {
	unit: string;
	files: { path: string; text: string; lines: LineReason[] }[];
	/** For each function of the slice the way to it from the route, the caller first. */
	ways: Record<string, CallPlace[]>;
};

/** A piece of legacy and the generated lines that say it now. `owner`: the function or constant that it belongs to. */
export type Trace = { owner: string; legacy: Span; file: string; from: number; to: number };
