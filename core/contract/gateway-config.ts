import { z } from "zod";
import { comparisonRulesShape } from "./comparison.ts";
import { listenerShape, serverTlsShape } from "./listeners.ts";
import { plannedRouteShape, streamRouteShape, upstreamShape } from "./traffic.ts";

/** More than a machine has use for is a mistake. */
export const workersMost = 64;

/** What `phoenix gateway start --config FILE` is told: a gateway that serves without the engine. Paths are relative to the file. */
export const gatewayConfigShape = z.strictObject({
	listen: z.strictObject({
		host: z.string().default("127.0.0.1"),
		port: z.number().int().min(0).max(65535),
		tls: serverTlsShape.optional(),
	}),
	/** More addresses, for HTTP or any protocol over TCP. */
	listeners: z.array(listenerShape).default([]),
	/** Gets what no route matches; null: answered 404. */
	legacy: upstreamShape.nullable(),
	idempotencyHeader: z.string().default("Idempotency-Key"),
	routes: z.array(plannedRouteShape).default([]),
	streams: z.array(streamRouteShape).default([]),
	/** Processes that serve; `auto`: one for each processor but one. For a gateway that is started, not for one that runs already. */
	workers: z.union([z.literal("auto"), z.number().int().min(1).max(workersMost)]).default(1),
	/** What of the answers counts, where the gateway mirrors; by the id of a route or a stream. */
	compare: comparisonRulesShape.default({}),
	/** Where metrics are served, if anywhere. */
	metrics: z.strictObject({ host: z.string().default("127.0.0.1"), port: z.number().int().min(0).max(65535) }).optional(),
});
export type GatewayConfig = z.infer<typeof gatewayConfigShape>;
