/** What to run. `name` is unique within the runtime and survives a restart of the core. */
export type ServiceSpec = {
	name: string;
	/** Folder of the generated service, with `main.ts`. */
	dir: string;
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
	/** File with the service's own output. */
	readonly log: string;
	/** Answers its health check with the right blueprint. */
	isHealthy(): Promise<boolean>;
	/** As of the last look at its health, at most two seconds ago. */
	readonly healthy: boolean;
	/** Called once when it ends without having been asked to. */
	onExit(listener: (reason: string) => void): () => void;
	/** Open requests are finished first, for at most `drainMs`. */
	stop(drainMs?: number): Promise<void>;
};

export type Runtime = {
	/** Resolves when the service answers its health check; Fault SERVICE_FAILED otherwise. */
	start(spec: ServiceSpec, signal?: AbortSignal): Promise<ServiceHandle>;
	/** A service of that name which outlived the core, or null. */
	adopt(spec: ServiceSpec): Promise<ServiceHandle | null>;
	/** Forgets the services without stopping them: they go on serving. */
	detach(): void;
	/** Ends what a former core left behind and nobody adopted. Returns the names. */
	sweep(keep: string[]): Promise<string[]>;
};
