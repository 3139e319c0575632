import { z } from "zod";
import { type GatewayStats, routePlanShape } from "../../contract/traffic.ts";

// What comes back over the control socket, checked where it enters the core.

const countsShape = z.record(z.string(), z.number());

const circuitShape = z.enum(["closed", "open", "half-open"]);
const mirrorStatsShape = z.object({
	state: circuitShape,
	inFlight: z.number(),
	sent: z.number(),
	answered: z.number(),
	failed: z.number(),
});

export const statsShape: z.ZodType<GatewayStats> = z.object({
	pid: z.number(),
	planVersion: z.number(),
	lastSeq: z.number(),
	openRequests: z.number(),
	openSince: z.number(),
	requests: z.number(),
	clientErrors: z.number(),
	mirrored: z.number(),
	dropped: countsShape,
	failovers: z.number(),
	byArm: z.object({ legacy: z.number(), modern: z.number(), failover: z.number() }),
	lastModernAt: z.number(),
	panic: z.object({ at: z.number(), reason: z.string() }).nullable(),
	legacyByRoute: countsShape,
	copies: z.object({ taken: z.number(), delivered: z.number(), dropped: countsShape }).optional(),
	mirrors: z.record(z.string(), mirrorStatsShape).optional(),
	ejections: z.record(z.string(), z.object({ state: circuitShape, ejected: z.number() })).optional(),
	streams: countsShape.optional(),
	workers: z.array(z.object({ pid: z.number(), requests: z.number(), openRequests: z.number() })).optional(),
	workerDeaths: z.number().optional(),
});

const panicShape = z.object({ at: z.number(), reason: z.string(), alarm: z.boolean() });

const leaseShape = z.object({
	pid: z.number(),
	workerPid: z.number(),
	workerPids: z.array(z.number()).default([]),
	port: z.number(),
	host: z.string(),
	/** A gateway of an older version does not tell. */
	listeners: z.record(z.string(), z.object({ host: z.string(), port: z.number() })).default({}),
	socket: z.string(),
	startedAt: z.number(),
	planVersion: z.number(),
});

export const helloShape = z.object({ protocol: z.number(), lease: leaseShape, plan: routePlanShape, panic: panicShape.nullable() });
export const pressedShape = z.object({ at: z.number(), ms: z.number() });

export const startResultShape = z.discriminatedUnion("kind", [
	z.object({ kind: z.literal("ready"), lease: leaseShape }),
	z.object({ kind: z.literal("unusable"), file: z.string(), reason: z.string() }),
	z.object({ kind: z.literal("in-use"), host: z.string(), port: z.number() }),
	z.object({ kind: z.literal("failed"), reason: z.string() }),
]);

export const messageShape = z.union([
	z.object({ event: z.literal("tick"), openSince: z.number(), stats: statsShape }),
	z.object({ event: z.literal("plan"), plan: routePlanShape, panic: panicShape.nullable() }),
	z.object({ event: z.literal("replaced") }),
	z.object({ id: z.number(), ok: z.literal(true), result: z.unknown() }),
	z.object({
		id: z.number(),
		ok: z.literal(false),
		code: z.enum(["invalid", "stale-plan", "panic", "no-legacy", "not-stored", "not-done", "unusable"]),
		reason: z.string(),
		file: z.string().optional(),
	}),
]);
