import type { Socket } from "node:net";
import type { SpillSink } from "./capture/body-tap.ts";
import type { Visit } from "./client/visit.ts";
import type { Refusal } from "./http1/refusal.ts";
import type { Counters, Limits } from "./protocol.ts";
import type { Ejection } from "./routing/ejection.ts";
import type { PlanTable } from "./routing/plan-table.ts";
import type { Tracer } from "./tracing/trace-sender.ts";
import type { UpstreamPool } from "./upstream/upstream-pool.ts";

/** What all connections of one data plane share. */
export type Plane = {
	readonly limits: Limits;
	readonly pool: UpstreamPool;
	readonly counters: Counters;
	readonly ejection: Ejection;
	readonly tracer: Tracer;
	/** Takes bodies of mirrored requests that are longer than what is kept; null: nobody does. */
	readonly spills: SpillSink | null;
	/** The plan of this moment; a visit may outlive the plan it began under. */
	table(): PlanTable;
	/** From now on every answer ends its connection. */
	isDraining(): boolean;
	/** Somebody will take the exchange of a request that begins now. */
	isCapturing(): boolean;
	/** Not only of the heads. */
	isKeepingBodies(): boolean;
	onBegun(visit: Visit): void;
	/** Returns the time. */
	onEnded(visit: Visit): number;
	/** A byte leaves for a new service now. */
	onModernSent(): void;
	/** A request was understood by nobody. */
	onRefused(refusal: Refusal): void;
	/** A WebSocket handshake: the connection is another's from here on, with the bytes that were read. */
	onUpgrade(socket: Socket, bytes: Buffer): void;
	/** The same for a connection that begins with the preface of HTTP/2. */
	onHttp2(socket: Socket, bytes: Buffer): void;
};
