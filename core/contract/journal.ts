import type { FaultData } from "../base/index.ts";
import type { CanaryRecord } from "./history.ts";
import type { ReplicaCommand } from "./replica.ts";
import type { GateResult, Migration, Patch, Policy, RunEvent } from "./run.ts";
import type { ServiceTarget } from "./targets.ts";
import type { RoutePlan } from "./traffic.ts";
import type { Difference, MismatchExample, MismatchGroup, VerdictKind } from "./verdict.ts";

/** What the journal records. Every state in memory is a projection of these, in order. */
export type JournalRecord =
	| { kind: "core.started"; data: { pid: number; resumed: boolean; version: string } }
	| { kind: "core.stopped"; data: { reason: string } }
	| { kind: "project.opened"; data: { dir: string; functions: number; routes: number; tables: number; scanMs: number } }
	/** A new sample bank in a folder of its own: what was before is over, and the present begins again. */
	| { kind: "sample.renewed"; data: { home: string } }
	| {
			kind: "system.attached";
			data: {
				legacy: string;
				gatewayPort: number;
				database: string;
				adopted: boolean;
				triggers?: boolean;
				replica?: ReplicaCommand | null;
			};
	  }
	| { kind: "run.started"; data: { run: string; functions: string[]; policy: Policy /** Absent: TypeScript. */; target?: ServiceTarget } }
	| { kind: "run.ended"; data: { run: string; outcome: "done" | "cancelled" } }
	/** Input of the arbiter, complete but for `tick` and `measured` without consequence. */
	| { kind: "run.event"; data: { function: string; event: RunEvent } }
	/** After a change of stage, weight or version: the whole migration, to resume from. */
	| { kind: "run.state"; data: { function: string; migration: Migration } }
	| { kind: "blueprint.made"; data: { function: string; hash: string; rules: number; statements: number; lines: number } }
	| { kind: "service.generated"; data: { function: string; version: number; files: Record<string, string>; exact: string[] } }
	| {
			kind: "service.started";
			data: { function: string; version: number; role: "shadow" | "live" | "reference"; pid: number; port: number; ms: number };
	  }
	| {
			kind: "service.stopped";
			data: { function: string; version: number; role: "shadow" | "live" | "reference"; pid: number; reason: string };
	  }
	| { kind: "shadow.cloned"; data: { bytes: number; ms: number; reason: string } }
	/** A field of the two sides was not the same and passed its check: the first time in this version. `seq`: of the request. */
	| { kind: "tolerated"; data: { function: string; version: number; seq: number; field: string; check: string } }
	/** All tables of the shadow were found equal to legacy's; the first time, then once a minute at most. `passes`: since it was cloned. */
	| { kind: "shadow.checked"; data: { tables: number; rows: number; ms: number; passes: number } }
	| {
			kind: "compared";
			data: {
				function: string;
				version: number;
				seq: number;
				verdict: VerdictKind;
				rows: number;
				ms: number;
				differences?: Difference[];
				group?: string;
				/** That the request took, as places in the list of this version; absent when the service did not say. */
				branches?: number[];
			};
	  }
	| { kind: "dropped"; data: { function: string; count: number; reason: string } }
	/** A group that is new, or whose cause, state or members changed: the whole of it, to show again after a restart. */
	| { kind: "mismatch.group"; data: MismatchGroup }
	/** One more transaction of a group, to look at; the first stands in the group itself. */
	| { kind: "mismatch.example"; data: { function: string; group: string; example: MismatchExample } }
	/** A canary weight is over: what was measured while it was in force. */
	| { kind: "canary.step"; data: CanaryRecord }
	| { kind: "patch.proposed"; data: Patch }
	/** `hunks`: those that were accepted; absent: all. `gate`: what they did to the cases when they were decided. */
	| {
			kind: "patch.decided";
			data: {
				patch: string;
				function: string;
				decision: "accepted" | "refused";
				by: "policy" | "architect";
				hunks?: string[];
				gate?: GateResult | null;
			};
	  }
	/** A decision was taken back: put up again, reverted to the former choices in `version`, or fallen away with its version. */
	| {
			kind: "patch.taken-back";
			data: {
				patch: string;
				function: string;
				state: "proposed" | "reverted" | "withdrawn";
				by: "engine" | "architect";
				version?: number;
			};
	  }
	| { kind: "plan.set"; data: RoutePlan }
	/** `ms`: until it was in force; null when it was pressed beside the core, which found the gateway so. */
	| { kind: "panic"; data: { reason: string; by: string; ms: number | null } }
	| { kind: "panic.cleared"; data: { by: string } }
	| { kind: "function.promoted"; data: { function: string; version: number; clean: number; bound: number } }
	| { kind: "legacy.retired"; data: { pid: number | null; quietMs: number } }
	| { kind: "capsule.written"; data: { dir: string; files: number; sha256: string } }
	| { kind: "fault"; data: FaultData }
	| { kind: "note"; data: { function: string | null; text: string } };

export type JournalEntry = { seq: number; at: number; prev: string; hash: string } & JournalRecord;
