import { createStore } from "zustand/vanilla";
import type { Snapshot } from "../../core/contract/api.ts";
import type { LogLine } from "../../core/contract/log.ts";
import { share } from "./share.ts";

/** `refused`: a core answers, but it does not know this window. */
export type Connection = "connecting" | "open" | "lost" | "refused";

/** What the core last said. Nothing here is decided by the screen. */
export type EngineState = {
	connection: Connection;
	/** Attempts since the line was lost. */
	attempts: number;
	snapshot: Snapshot | null;
	/** The newest lines, oldest first; at most `LOG_LIMIT`. */
	log: LogLine[];
	/** Lines that left the list at its limit. They stay in the journal. */
	logForgotten: number;
	/** What the last press of the kill switch measured, in milliseconds. */
	panicMs: number | null;
	takeSnapshot(snapshot: Snapshot): void;
	takeLog(lines: LogLine[]): void;
	setConnection(connection: Connection, attempts?: number): void;
	setPanicMs(ms: number | null): void;
};

export const LOG_LIMIT = 5000;

export function createEngineStore() {
	return createStore<EngineState>((set, get) => ({
		connection: "connecting",
		attempts: 0,
		snapshot: null,
		log: [],
		logForgotten: 0,
		panicMs: null,
		takeSnapshot: (snapshot) => set({ snapshot: share(get().snapshot, snapshot) }),
		takeLog(lines) {
			const last = get().log.at(-1)?.seq ?? -1;
			const fresh = lines.filter((line) => line.seq > last);
			if (fresh.length === 0) return;
			const all = [...get().log, ...fresh];
			const extra = Math.max(0, all.length - LOG_LIMIT);
			set({ log: extra === 0 ? all : all.slice(extra), logForgotten: get().logForgotten + extra });
		},
		setConnection: (connection, attempts = 0) => set({ connection, attempts }),
		setPanicMs: (panicMs) => set({ panicMs }),
	}));
}

export type EngineStore = ReturnType<typeof createEngineStore>;
