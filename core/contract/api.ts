import { eventIterator, oc, type } from "@orpc/contract";
import { z } from "zod";
import type { FaultData } from "../base/index.ts";
import type { Blueprint } from "./blueprint.ts";
import type { ComparisonReport } from "./comparison.ts";
import type { DemoState } from "./demo.ts";
import type { EdgeEvidence } from "./evidence.ts";
import type { Graph, Inspection, MapUpdate } from "./graph.ts";
import type { Confidence, Decision, GroupExamples, Question, WrittenReport } from "./history.ts";
import { keyInput } from "./host.ts";
import type { MapLayout } from "./layout.ts";
import type { LogLine } from "./log.ts";
import type { CutPlan, RankedCut, SourceSlice, Trace } from "./plan.ts";
import type { Progress } from "./progress.ts";
import { type ExportedHar, exportInput, type ImportedRecording, importInput, type RecordingState, recordingInput } from "./recording.ts";
import { type ReplayState, replayInput } from "./replay.ts";
import type { GateResult, Migration, Patch, PatchCase, PatchInfo, Policy, ProbeCounts } from "./run.ts";
import type { FoundLines, OutputBatch, RuntimeState } from "./runtime.ts";
import { type ServiceTarget, serviceTargets } from "./targets.ts";
import type { GatewayStats } from "./traffic.ts";
import type { MismatchGroup } from "./verdict.ts";
import type { SavedView, ScanPart } from "./views.ts";

export type { DemoReport, DemoState } from "./demo.ts";

/** One second of traffic. Latencies in milliseconds, as the gateway measured them. */
export type TrafficPoint = {
	at: number;
	legacyRps: number;
	modernRps: number;
	clientErrors: number;
	legacyP50: number;
	legacyP95: number;
	/** Of the shadow service while it is compared, of the live one once clients reach it. */
	modernP50: number;
	modernP95: number;
	compared: number;
	/** Of `compared`: those that differed, those that the new service could not answer, and those that did not see legacy's rows. */
	mismatched: number;
	failed: number;
	skewed: number;
};

/** The shadow's tables held against legacy's, all rows, a part at a time whenever the shadow is at rest. */
export type TableEquality = {
	/** The last row of the last table was found equal, milliseconds since the epoch; null: not yet. */
	wholeAt: number | null;
	tables: number;
	rows: number;
	/** How often all of them were gone through. */
	passes: number;
	/** Why the last look was none. */
	failure: string | null;
};

/** `clones`: how often it was made anew; `waiting`: requests and commits that are not handled yet. */
export type ShadowInfo = { ready: boolean; waiting: number; clones: number; tables: TableEquality | null };

export type ServiceInfo = {
	function: string;
	version: number;
	/** What it is written in. */
	target: ServiceTarget;
	role: "shadow" | "live";
	pid: number;
	port: number;
	healthy: boolean;
	startedAt: number;
};

/** The whole state of the engine as a screen needs it; sent on every change, at most ten times a second. */
export type Snapshot = {
	/** Of the newest journal entry it contains. */
	seq: number;
	at: number;
	version: string;
	/** Where the engine keeps journal, map, services and capsules. */
	dir: string;
	project: {
		dir: string;
		name: string;
		sample: boolean;
		functions: number;
		routes: number;
		tables: number;
		lines: number;
		update?: MapUpdate;
	} | null;
	system: {
		legacy: { address: string; alive: boolean; retired: boolean };
		gateway: { port: number; adopted: boolean; stats: GatewayStats };
		shadow: ShadowInfo;
		/** Legacy can be started a second time, for generated requests. */
		replica: boolean;
	} | null;
	run: { id: string; state: "running" | "paused" | "done" | "cancelled"; startedAt: number; policy: Policy } | null;
	migrations: Migration[];
	groups: MismatchGroup[];
	patches: PatchInfo[];
	services: ServiceInfo[];
	/** Oldest first, two minutes. */
	traffic: TrafficPoint[];
	totals: { requests: number; mirrored: number; compared: number; dropped: Record<string, number>; clientErrors: number };
	demo: DemoState | null;
	/** The last press of the kill switch; `ms`: until no request could be routed to a new service any more, null when nobody measured it. */
	lastPanic: { at: number; ms: number | null; reason: string } | null;
	/** What is under way and takes a while, oldest first. */
	progress: Progress[];
	alerts: FaultData[];
	/** Entries of `run.history` so far, so that a screen knows when to ask for more. */
	decisions: number;
};

/** `truncated`: there are more rows than are sent at once. */
export type QueryAnswer = { columns: string[]; rows: unknown[][]; ms: number; truncated: boolean };

/** Cases run so far, then the result. */
export type PreviewEvent = { kind: "progress"; done: number; total: number } | { kind: "result"; gate: GateResult };

/** The key of the language model as a screen may see it: its last four characters, and where it came from. */
export type ModelKey = { lastFour: string | null; source: "entered" | "desktop" | "environment" | "file" | null };

export type CodeFile = { path: string; text: string };

/** Who signs. */
const signature = z.string().trim().min(2).max(120);
const functionInput = z.object({ function: z.string().min(1).max(300) });
const targetName = z.enum(serviceTargets);
/** In what it would be written; once it is under way, in what it is. */
const codeInput = functionInput.extend({ target: targetName.optional() });
const nothing = z.object({});
const nodeId = z.string().min(1).max(400);
const savedView = z.object({ name: z.string().min(1).max(80), details: z.record(z.string().max(40), z.string().max(2000)) });
const patchInput = z.object({ patch: z.string().max(400) });
const hunksInput = z.object({ patch: z.string().max(400), hunks: z.array(z.string().max(400)).max(1000).optional() });
const sourceName = z.string().min(1).max(300);
export const policyName = z.enum(["demo", "default"]);

/** The contract, declared once: transports, the command line and the screen derive from it. */
export const api = {
	project: {
		/** Scans a folder and makes it the open project. */
		open: oc.input(z.object({ dir: z.string().min(1).max(4096) })).output(type<Graph>()),
		openSample: oc.input(nothing).output(type<Graph>()),
		graph: oc.input(nothing).output(type<Graph | null>()),
		/** Handlers in the order in which to cut them, with every number behind it. `within`: a module's or a package's node. */
		cuts: oc
			.input(z.object({ within: z.string().max(400).optional(), limit: z.number().int().min(1).max(500).optional() }))
			.output(type<RankedCut[]>()),
	},
	map: {
		/** Where everything of the open project stands; the same after every start. `arrange`: packed anew, whatever stood where. */
		layout: oc.input(z.object({ arrange: z.boolean().optional() })).output(type<MapLayout | null>()),
		/** The source lines behind what leads from one end to the other; an end is a node, a module or a package, or open. */
		evidence: oc.input(z.object({ from: nodeId.nullable(), to: nodeId.nullable() })).output(type<EdgeEvidence>()),
		/** The map as an SVG file. */
		picture: oc
			.input(
				z.object({
					theme: z.enum(["light", "dark"]),
					focus: z.array(nodeId).max(2000).optional(),
					hidden: z.array(nodeId).max(100_000).optional(),
				}),
			)
			.output(type<{ svg: string }>()),
		views: oc.input(nothing).output(type<SavedView[]>()),
		keepViews: oc.input(z.object({ views: z.array(savedView).max(100) })).output(type<void>()),
		/** Modules of a scan as they are found; silent while none runs. */
		scan: oc.input(nothing).output(eventIterator(type<ScanPart>())),
	},
	system: {
		/** Puts the gateway in front of a running legacy system and follows its database. */
		attach: oc
			.input(
				z.object({
					legacy: z.string().regex(/^[\w.-]+:\d+$/),
					database: z.string().min(1),
					port: z.number().int().min(1).max(65535),
					/** Follow a database that keeps a rollback journal by triggers. */
					triggers: z.boolean().optional(),
				}),
			)
			.output(type<{ port: number; adopted: boolean }>()),
		/** Switches the attached system's database to a write-ahead log; the mode that it had. */
		switchLog: oc.input(nothing).output(type<{ file: string; before: string }>()),
		panic: oc.input(z.object({ reason: z.string().max(200) })).output(type<{ ms: number }>()),
		clearPanic: oc.input(nothing).output(type<void>()),
	},
	gateway: {
		/** What became of everything that the gateway mirrors itself; null: nothing has been compared yet. */
		comparisons: oc.input(nothing).output(type<ComparisonReport | null>()),
	},
	recording: {
		/** Writes the attached system's traffic to a file, masked; it also ends by cancelling its progress, and with the engine. */
		start: oc.input(recordingInput).output(type<RecordingState>()),
		stop: oc.input(nothing).output(type<RecordingState>()),
		/** Under way, else the last one of this engine. */
		state: oc.input(nothing).output(type<RecordingState | null>()),
		/** Requests of a HAR or an access log as a recording, masked. Answers when it is written. */
		import: oc.input(importInput).output(type<ImportedRecording>()),
		/** A recording as HAR 1.2. Answers when it is written. */
		export: oc.input(exportInput).output(type<ExportedHar>()),
	},
	replay: {
		/** Sends a recording's requests to a target; it also ends by cancelling its progress, and with the engine. */
		start: oc.input(replayInput).output(type<ReplayState>()),
		stop: oc.input(nothing).output(type<ReplayState>()),
		/** Under way, else the last one of this engine. */
		state: oc.input(nothing).output(type<ReplayState | null>()),
	},
	function: {
		inspect: oc.input(functionInput).output(type<Inspection>()),
		blueprint: oc.input(functionInput).output(type<Blueprint>()),
		/** The generated service: the running version, else a fresh draft. */
		code: oc.input(codeInput).output(type<CodeFile[]>()),
		/** What cutting it out really means. */
		plan: oc.input(functionInput).output(type<CutPlan>()),
		/** The source of the slice, and why each line is in it. */
		slice: oc.input(functionInput).output(type<SourceSlice>()),
		/** Which lines of `code` each piece of legacy became. */
		trace: oc.input(codeInput).output(type<Trace[]>()),
	},
	run: {
		start: oc
			.input(
				z.object({
					functions: z.array(z.string()).min(1),
					policy: policyName,
					target: targetName.optional(),
					autoAccept: z.boolean().optional(),
				}),
			)
			.output(type<{ run: string }>()),
		/** What a run can be held to, by name. */
		policies: oc.input(nothing).output(type<Record<"demo" | "default", Policy>>()),
		pause: oc.input(z.object({ function: z.string().optional() })).output(type<void>()),
		resume: oc.input(z.object({ function: z.string().optional() })).output(type<void>()),
		cancel: oc.input(z.object({ function: z.string().optional() })).output(type<void>()),
		/** Lets held functions go on: open mismatches are cleared, the evidence stays. */
		retry: oc.input(z.object({ function: z.string().optional() })).output(type<void>()),
		/** Every decision with its reason, oldest first; of one function: with those of the whole run. */
		history: oc
			.input(z.object({ function: z.string().optional(), since: z.number().int().nonnegative().optional() }))
			.output(type<Decision[]>()),
		confidence: oc.input(functionInput).output(type<Confidence>()),
		/** Signs for what one branch of the running version lacks, where the policy allows it; journaled, and gone with the version. */
		waive: oc
			.input(z.object({ function: z.string(), branch: z.string().min(1).max(400), by: signature, why: z.string().trim().min(3).max(1000) }))
			.output(type<void>()),
		unwaive: oc.input(z.object({ function: z.string(), branch: z.string().min(1).max(400), by: signature })).output(type<void>()),
		/** Signs for another rounding at one place; a new version is compared from zero. `disallow` takes it back. */
		allow: oc
			.input(z.object({ function: z.string(), site: z.string().min(1).max(400), by: signature, why: z.string().trim().min(3).max(1000) }))
			.output(type<void>()),
		disallow: oc.input(z.object({ function: z.string(), site: z.string().min(1).max(400), by: signature })).output(type<void>()),
		/** Requests for the branches that live traffic does not reach, on a replica of legacy and on the running version. */
		probe: oc.input(z.object({ function: z.string() })).output(type<ProbeCounts>()),
		examples: oc.input(z.object({ group: z.string().max(500) })).output(type<GroupExamples>()),
		/** Stops legacy once no route needs it, and writes the capsule. */
		seal: oc.input(nothing).output(type<{ capsule: string }>()),
	},
	patch: {
		/** What the gate says of these hunks (absent: all) before anything is decided. Cancelled by leaving it. */
		preview: oc.input(hunksInput).output(eventIterator(type<PreviewEvent>())),
		/** Runs the gate again for these hunks (absent: all) and applies them; PATCH_GATE with the numbers when something gets worse. */
		accept: oc.input(hunksInput).output(type<GateResult>()),
		refuse: oc.input(patchInput).output(type<void>()),
		/** The texts of its files, before and after. */
		files: oc.input(patchInput).output(type<Patch["files"]>()),
		/** Takes back a refusal. */
		reopen: oc.input(patchInput).output(type<void>()),
		/** Takes back the newest applied patch: a new version with the former choices, evidence from zero. */
		revert: oc.input(patchInput).output(type<void>()),
		/** One failing case: legacy, the version before the patch, and the version with it. */
		case: oc.input(z.object({ patch: z.string().max(400), seq: z.number().int().nonnegative() })).output(type<PatchCase>()),
	},
	demo: {
		start: oc
			.input(
				z.object({
					rate: z.number().min(1).max(1000).optional(),
					seed: z.number().int().optional(),
					functions: z.array(z.string()).optional(),
					policy: policyName.optional(),
					target: targetName.optional(),
					/** Waits for the presenter at the end of each chapter. */
					guided: z.boolean().optional(),
				}),
			)
			.output(type<void>()),
		/** The runs stand still, traffic goes on. */
		pause: oc.input(nothing).output(type<void>()),
		resume: oc.input(nothing).output(type<void>()),
		/** Goes on from where a guided demo waits. */
		next: oc.input(nothing).output(type<void>()),
		/** Every client back on legacy; the services are stopped. */
		cancel: oc.input(nothing).output(type<void>()),
	},
	runtime: {
		/** Every process with what it takes, answers and writes. */
		list: oc.input(nothing).output(type<RuntimeState>()),
		/** The same at once, then every second. */
		watch: oc.input(nothing).output(eventIterator(type<RuntimeState>())),
		/**
		 * What processes write, from the line after `since` on; without it, or for another `life`, from the newest 20,000 lines. In
		 * batches, ten a second at most; a slow reader is told how many lines it missed.
		 */
		output: oc
			.input(
				z.object({ source: sourceName.optional(), since: z.number().int().nonnegative().optional(), life: z.string().max(40).optional() }),
			)
			.output(eventIterator(type<OutputBatch>())),
		/** Lines before the line `before`, the newest of them. */
		lines: oc
			.input(z.object({ source: sourceName.optional(), before: z.number().int().positive(), limit: z.number().int().min(1).max(20_000) }))
			.output(type<FoundLines>()),
		/** The newest lines before `before` that hold a text, or match a pattern. */
		search: oc
			.input(
				z.object({
					source: sourceName.optional(),
					text: z.string().min(1).max(500),
					regex: z.boolean().optional(),
					before: z.number().int().positive().optional(),
					limit: z.number().int().min(1).max(20_000),
				}),
			)
			.output(type<FoundLines>()),
		/** Reads along the log file of a legacy system that Phoenix did not start. */
		follow: oc.input(z.object({ file: z.string().min(1).max(4096) })).output(type<void>()),
	},
	journal: {
		query: oc.input(z.object({ sql: z.string().min(1).max(10_000) })).output(type<QueryAnswer>()),
		verify: oc.input(nothing).output(type<{ entries: number; ok: boolean; brokenAt: number | null }>()),
	},
	evidence: {
		/** Shipped ones first, then those of this state directory. */
		questions: oc.input(nothing).output(type<Question[]>()),
		/** Puts a question under its title into `questions.json`, or another in its place. */
		save: oc
			.input(z.object({ title: z.string().trim().min(1).max(120), about: z.string().max(400), sql: z.string().min(1).max(10_000) }))
			.output(type<Question[]>()),
		remove: oc.input(z.object({ title: z.string() })).output(type<Question[]>()),
	},
	report: {
		/** The report of one migration, or of the whole run, written into the state directory. */
		write: oc.input(z.object({ function: z.string().max(300).optional(), format: z.enum(["html", "pdf"]) })).output(type<WrittenReport>()),
	},
	settings: {
		/** The model key. No agent calls a model yet: a screen that shows it must say "not used yet". */
		key: oc.input(nothing).output(type<ModelKey>()),
		/** In the engine's memory until it ends; on the desktop also encrypted for the next start. */
		putKey: oc.input(keyInput).output(type<ModelKey>()),
		forgetKey: oc.input(nothing).output(type<ModelKey>()),
	},
	state: {
		snapshot: oc.input(nothing).output(type<Snapshot>()),
		/** Ends work that `Snapshot.progress` lists; work that has ended meanwhile is no error. */
		cancelWork: oc.input(z.object({ id: z.string().min(1).max(40) })).output(type<void>()),
		/** The present state at once, then every change. */
		watch: oc.input(nothing).output(eventIterator(type<Snapshot>())),
		/** Lines after `since` (a journal sequence number), then new ones as they come. */
		log: oc.input(z.object({ since: z.number().int().nonnegative() })).output(eventIterator(type<LogLine[]>())),
	},
};
