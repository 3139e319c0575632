import type { FaultCode } from "../../base/index.ts";
import type { Commit } from "../../contract/effects.ts";
import type { SchemaChange } from "./wal-tail.ts";

export type TailOptions = {
	/** Longest wait between two looks at the log when nothing happens, in ms. Default 5. */
	pollMs?: number;
	/** How long a locked database is tried before DATABASE_LOCKED, in ms. Default 3000. */
	lockTimeoutMs?: number;
};

/** Core to collector. `id` names a tail. */
export type ToCollector =
	| { kind: "tail"; id: number; path: string; options: Required<TailOptions> }
	| { kind: "drain"; id: number; call: number }
	| { kind: "stop"; id: number };

/** Collector to core. Commits that came before a `drained` are complete when it arrives. */
export type FromCollector =
	| { kind: "opened"; id: number; tables: readonly string[] }
	| { kind: "refused"; id: number; code: FaultCode; data: Record<string, string> }
	| { kind: "commits"; id: number; commits: Commit[] }
	| ({ kind: "schema"; id: number } & SchemaChange)
	| { kind: "drained"; id: number; call: number }
	| { kind: "lost"; id: number; code: FaultCode; data: Record<string, string> }
	| { kind: "stopped"; id: number };
