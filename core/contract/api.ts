import { eventIterator, oc, type } from "@orpc/contract";
import { z } from "zod";
import type { FaultData } from "../base/index.ts";
import type { Blueprint } from "./blueprint.ts";
import type { Graph, Inspection } from "./graph.ts";
import type { Migration, Patch, Policy } from "./run.ts";
import type { GatewayStats } from "./traffic.ts";
import type { MismatchGroup } from "./verdict.ts";

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
	mismatched: number;
};

export type ServiceInfo = {
	function: string;
	version: number;
	role: "shadow" | "live";
	pid: number;
	port: number;
	healthy: boolean;
	startedAt: number;
};

/** One line for people, made from a journal entry. */
export type LogLine = { seq: number; at: number; level: "info" | "good" | "warn" | "bad"; function: string | null; text: string };

export type DemoReport = {
	requests: number;
	clientErrors: number;
	wrongBeforePromotion: number;
	doubledEffects: number;
	mirrored: number;
	compared: number;
	dropped: number;
	mismatchesFound: { cause: string; field: string; where: string }[];
	healed: { cause: string; attempts: number; ms: number }[];
	promoted: string[];
	sealed: boolean;
	killSwitchMs: number;
	capsule: string | null;
	durationMs: number;
};

/** The whole state of the engine as a screen needs it; sent on every change, at most ten times a second. */
export type Snapshot = {
	/** Of the newest journal entry it contains. */
	seq: number;
	at: number;
	version: string;
	project: { dir: string; name: string; sample: boolean; functions: number; routes: number; tables: number; lines: number } | null;
	system: {
		legacy: { address: string; alive: boolean; retired: boolean };
		gateway: { port: number; adopted: boolean; stats: GatewayStats };
		shadow: { ready: boolean; waiting: number; clones: number };
	} | null;
	run: { id: string; state: "running" | "paused" | "done" | "cancelled"; startedAt: number; policy: Policy } | null;
	migrations: Migration[];
	groups: MismatchGroup[];
	patches: Patch[];
	services: ServiceInfo[];
	/** Oldest first, two minutes. */
	traffic: TrafficPoint[];
	totals: { requests: number; mirrored: number; compared: number; dropped: Record<string, number>; clientErrors: number };
	demo: { state: "running" | "done" | "failed" | "cancelled"; chapter: string; startedAt: number; report: DemoReport | null } | null;
	alerts: FaultData[];
};

export type CodeFile = { path: string; text: string };

const functionInput = z.object({ function: z.string().min(1).max(300) });
const nothing = z.object({});
export const policyName = z.enum(["demo", "default"]);

/** The contract, declared once: transports, the command line and the screen derive from it. */
export const api = {
	project: {
		/** Scans a folder and makes it the open project. */
		open: oc.input(z.object({ dir: z.string().min(1).max(4096) })).output(type<Graph>()),
		openSample: oc.input(nothing).output(type<Graph>()),
		graph: oc.input(nothing).output(type<Graph | null>()),
	},
	system: {
		/** Puts the gateway in front of a running legacy system and follows its database. */
		attach: oc
			.input(z.object({ legacy: z.string().regex(/^[\w.-]+:\d+$/), database: z.string().min(1), port: z.number().int().min(1).max(65535) }))
			.output(type<{ port: number; adopted: boolean }>()),
		panic: oc.input(z.object({ reason: z.string().max(200) })).output(type<{ ms: number }>()),
		clearPanic: oc.input(nothing).output(type<void>()),
	},
	function: {
		inspect: oc.input(functionInput).output(type<Inspection>()),
		blueprint: oc.input(functionInput).output(type<Blueprint>()),
		/** The generated service: the running version, else a fresh draft. */
		code: oc.input(functionInput).output(type<CodeFile[]>()),
	},
	run: {
		start: oc
			.input(z.object({ functions: z.array(z.string()).min(1), policy: policyName, autoAccept: z.boolean().optional() }))
			.output(type<{ run: string }>()),
		pause: oc.input(z.object({ function: z.string().optional() })).output(type<void>()),
		resume: oc.input(z.object({ function: z.string().optional() })).output(type<void>()),
		cancel: oc.input(z.object({ function: z.string().optional() })).output(type<void>()),
		/** Stops legacy once no route needs it, and writes the capsule. */
		seal: oc.input(nothing).output(type<{ capsule: string }>()),
	},
	patch: {
		accept: oc.input(z.object({ patch: z.string() })).output(type<void>()),
		refuse: oc.input(z.object({ patch: z.string() })).output(type<void>()),
	},
	demo: {
		start: oc
			.input(
				z.object({
					rate: z.number().min(1).max(1000).optional(),
					seed: z.number().int().optional(),
					functions: z.array(z.string()).optional(),
					policy: policyName.optional(),
				}),
			)
			.output(type<void>()),
		cancel: oc.input(nothing).output(type<void>()),
	},
	journal: {
		query: oc.input(z.object({ sql: z.string().min(1).max(10_000) })).output(type<{ columns: string[]; rows: unknown[][]; ms: number }>()),
		verify: oc.input(nothing).output(type<{ entries: number; ok: boolean; brokenAt: number | null }>()),
	},
	state: {
		snapshot: oc.input(nothing).output(type<Snapshot>()),
		/** The present state at once, then every change. */
		watch: oc.input(nothing).output(eventIterator(type<Snapshot>())),
		/** Lines after `since` (a journal sequence number), then new ones as they come. */
		log: oc.input(z.object({ since: z.number().int().nonnegative() })).output(eventIterator(type<LogLine[]>())),
	},
};
