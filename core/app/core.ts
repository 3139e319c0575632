import type { FaultData } from "../base/index.ts";
import type { Snapshot } from "../contract/api.ts";
import type { LogLine } from "../contract/log.ts";
import type { ReplicaCommand } from "../contract/replica.ts";
import type { Policy } from "../contract/run.ts";
import type { ServiceTarget } from "../contract/targets.ts";
import type { Upstream } from "../contract/traffic.ts";
import type { Journal } from "../journal/index.ts";
import type { Layouts } from "./map/layouts.ts";
import type { Scans } from "./map/scans.ts";
import type { ModelKeyStore } from "./model-key.ts";
import type { ProgressBoard } from "./progress.ts";
import type { Project } from "./project.ts";
import type { Chronicle } from "./report/index.ts";
import type { Groups } from "./run/groups.ts";
import type { Meter } from "./run/meter.ts";
import type { Migrations } from "./run/migrations.ts";
import type { RuntimeWatch } from "./runtime-watch.ts";
import type { SampleBank } from "./sample/bank.ts";
import type { System } from "./system.ts";

export type SampleOptions = { gatewayPort?: number; bankPort?: number; accounts?: number };

/** The engine without a transport: what the command line calls directly and a screen through a port. */
/** `port`: of the gateway. `replica`: how legacy is started a second time, for generated requests. */
export type AttachTarget = { legacy: Upstream; database: string; port: number; triggers?: boolean; replica?: ReplicaCommand | null };

export type Core = {
	readonly dir: string;
	readonly journal: Journal;
	readonly project: Project | null;
	readonly system: System | null;
	readonly migrations: Migrations | null;
	readonly bank: SampleBank | null;
	readonly modelKey: ModelKeyStore;
	readonly meter: Meter;
	/** What is under way and takes a while. */
	readonly progress: ProgressBoard;
	/** Where everything on the map stands. */
	readonly layouts: Layouts;
	/** What a scan that runs has found so far. */
	readonly scans: Scans;
	/** What the journal tells, in words; up to its newest entry. */
	readonly chronicle: Chronicle;
	readonly groups: Groups;
	/** The processes and what they write. */
	readonly watch: RuntimeWatch;
	snapshot(): Snapshot;
	/** Called after changes, at most ten times a second. */
	onChange(listener: () => void): () => void;
	onLog(listener: (line: LogLine) => void): () => void;
	logSince(seq: number): LogLine[];
	open(dir: string): Promise<Project>;
	/** Seeds and starts the sample bank, opens its source and attaches the gateway in front of it. */
	openSample(options?: SampleOptions): Promise<Project>;
	/** The sample on which nothing was moved yet: the present one, else a new one. RUN_STATE while a run is under way. */
	freshSample(options?: SampleOptions): Promise<{ round: number }>;
	attach(target: AttachTarget): Promise<System>;
	/** `target`: what the services are written in, TypeScript unless said. */
	start(functions: string[], policy: Policy, target?: ServiceTarget): string;
	/** Of one function or of all. Cancelling the last one ends the run. */
	steer(kind: "pause" | "resume" | "cancel" | "retry", functionName?: string): void;
	panic(reason: string, by: string): Promise<{ ms: number }>;
	clearPanic(by: string): Promise<void>;
	/** Writes what a full disk refused; JOURNAL_FULL while it still does. */
	retryJournal(): Promise<void>;
	/** Stops legacy when no route needs it, and writes the capsule; the folder. */
	seal(options?: { waitMs?: number }): Promise<string>;
	/** Shows a failure on every screen; it is in the journal too. */
	alert(error: unknown): FaultData;
	/** All, or those of one code. */
	dismissAlerts(code?: FaultData["code"]): void;
	setDemo(demo: Snapshot["demo"]): void;
	/** Aborts when the core begins to close. */
	readonly closing: AbortSignal;
	/** Work that the core waits for before it takes itself apart. */
	hold(work: Promise<unknown>): void;
	close(options?: { keepTraffic?: boolean; reason?: string }): Promise<void>;
};
