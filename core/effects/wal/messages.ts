import type { FaultCode } from "../../base/index.ts";
import type { Commit } from "../../contract/effects.ts";
import type { SchemaChange } from "./wal-tail.ts";

export type TailOptions = {
	/** Longest wait between two looks at the log when nothing happens, in ms. Default 5. */
	pollMs?: number;
	/** How long a locked database is tried before DATABASE_LOCKED, in ms. Default 3000. */
	lockTimeoutMs?: number;
	/** By the write-ahead log, or by triggers that are added to a database in rollback-journal mode. Default "log". */
	method?: "log" | "triggers";
	/** Entries that the log of the triggers holds at most. Default 50,000. */
	keepEntries?: number;
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
	| { kind: "undrained"; id: number; call: number; code: FaultCode; data: Record<string, string> }
	| { kind: "lost"; id: number; code: FaultCode; data: Record<string, string> }
	/** `left`: triggers of ours are still in the database. */
	| { kind: "stopped"; id: number; left?: boolean };
