import type { ProcessHealth } from "../contract/runtime.ts";

/** How a service is started in its folder. */
export type Launch = {
	/** `node` is the Node that runs the engine; any other name is looked up in the path. */
	command: string;
	args: readonly string[];
	/** From the start to the first healthy answer. */
	limitMs: number;
};

/** What to run. `name` is unique within the runtime and survives a restart of the core. */
export type ServiceSpec = {
	name: string;
	/** Folder of the generated service. */
	dir: string;
	launch: Launch;
	database: string;
	mode: "shadow" | "live";
	/** Hash of the blueprint: a service that is adopted must report the same. */
	blueprint: string;
};

export type ServiceHandle = {
	readonly name: string;
	readonly pid: number;
	readonly port: number;
	readonly startedAt: number;
	/** True when it was already running and was taken over. */
	readonly adopted: boolean;
	/** Milliseconds from the start to the first healthy answer. */
	readonly readyMs: number;
	/** File with the service's own output; its errors stand beside it in `.err.log`. */
	readonly log: string;
	/** Answers its health check with the right blueprint. */
	isHealthy(): Promise<boolean>;
	/** As of the last look at its health, at most two seconds ago. */
	readonly healthy: boolean;
	/** The last answer to a health check; null before the first one. */
	readonly health: ProcessHealth | null;
	/** Called once when it ends without having been asked to. */
	onExit(listener: (reason: string) => void): () => void;
	/** Open requests are finished first, for at most `drainMs`. */
	stop(drainMs?: number): Promise<void>;
};

/** A service as the runtime knows it, also for a while after its end. */
export type KnownService = {
	readonly handle: ServiceHandle;
	readonly spec: ServiceSpec;
	/** Times that a service of this name ended by itself and was started again. */
	readonly restarts: number;
	readonly endedAt: number | null;
};

export type Runtime = {
	/** Resolves when the service answers its health check; Fault SERVICE_FAILED otherwise. */
	start(spec: ServiceSpec, signal?: AbortSignal): Promise<ServiceHandle>;
	/** A service of that name which outlived the core, or null. */
	adopt(spec: ServiceSpec): Promise<ServiceHandle | null>;
	/** Those that run and the last that ended, in the order of their start. */
	known(): KnownService[];
	/** Forgets the services without stopping them: they go on serving. */
	detach(): void;
	/** Ends what a former core left behind and nobody adopted. Returns the names. */
	sweep(keep: string[]): Promise<string[]>;
};
