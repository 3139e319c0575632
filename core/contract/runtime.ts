/** One line that a process wrote, as the core read it from the file that the process writes to. */
export type OutputLine = {
	/** Gap-free over all sources within the life of one core. */
	seq: number;
	/** When the core read it; null: it was written before this core read along. */
	at: number | null;
	source: string;
	/** `file`: a log file that the operator named, which does not tell its streams apart. `note`: said by Phoenix about this source. */
	stream: "out" | "err" | "file" | "note";
	level: "plain" | "warn" | "bad";
	text: string;
};

export type OutputBatch = {
	/** Of the core that counts the lines; another one counts from 1 again. */
	life: string;
	lines: OutputLine[];
	/** Lines after the last one that the reader knew and before the first of these, which are not sent. */
	missed: number;
};

/** Lines of the engine's memory that fit, oldest first. */
export type FoundLines = {
	life: string;
	lines: OutputLine[];
	/** Older lines that fit as well, beyond the limit, are still held. */
	more: boolean;
	/** How many lines were looked at. */
	scanned: number;
};

export type ProcessRole = "core" | "gateway" | "worker" | "legacy" | "shadow" | "live" | "load";

/** One look at what a process answers. `ms` is how long the answer took. */
export type ProcessHealth = { ok: boolean; at: number; ms: number; answer: string };

/** Measured from /proc. `cpu` in percent of one processor over the last second, `rss` in bytes. */
export type Resources = { cpu: number; rss: number; threads: number; files: number | null };

export type ProcessInfo = {
	/** Also the name of its output. */
	id: string;
	role: ProcessRole;
	title: string;
	function: string | null;
	version: number | null;
	/** null: it is not a process of this machine that Phoenix knows. */
	pid: number | null;
	port: number | null;
	startedAt: number | null;
	/** Times that it ended by itself and was started again; null where nobody counts. */
	restarts: number | null;
	/** It outlived the core that started it and was taken over. */
	adopted: boolean;
	endedAt: number | null;
	/** null: it has no check. */
	health: ProcessHealth | null;
	/** null: not measured here, or it has ended. */
	resources: Resources | null;
	/** One value a second, oldest first, two minutes. */
	history: { cpu: number[]; rss: number[] };
	output: { captured: true; lines: number; files: string[] } | { captured: false; reason: string };
};

export type RuntimeState = {
	at: number;
	/** False where the machine has no /proc: then no resources are shown. */
	measured: boolean;
	processors: number;
	processes: ProcessInfo[];
	output: {
		life: string;
		held: number;
		/** At most so many lines are held; `forgotten` counts those that left. The files keep them. */
		capacity: number;
		forgotten: number;
		last: number;
	};
};
