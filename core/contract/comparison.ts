import { z } from "zod";
import { framingShape, pairingShape } from "./listeners.ts";
import type { GatewayStats } from "./traffic.ts";
import type { Difference } from "./verdict.ts";

const fieldName = z.string().min(1).max(300);
const names = z.array(fieldName).max(200);

/** What of a route's or a stream's answers counts, beside the status and the body. Field names are those of the differences. */
export const comparisonRuleShape = z.strictObject({
	/** Header lines of HTTP answers that must be equal too. */
	headers: names.optional(),
	/** Never a difference: a field with all that is within it (`answer/meta`, `field 37`, `headers/date`, `status`). */
	ignore: names.optional(),
	/** Fed by a random source: length and alphabet are checked, and that equal values stay equal. */
	random: names.optional(),
	/** Fed by a clock: must parse alike and lie between the request and the shadow's answer, widened by `clockSlackMs` (1,000). */
	clock: names.optional(),
	clockSlackMs: z.number().int().min(0).max(86_400_000).optional(),
	/** How the items of a list find their partners: by place (the default), in any order, or by these fields. */
	lists: z.record(fieldName, z.union([z.enum(["order", "set"]), z.strictObject({ key: names.min(1) })])).optional(),
	/** What a value is, where its text does not say so: 1.50 = 1.5, one day in two notations, one moment in two zones. */
	types: z.record(fieldName, z.enum(["amount", "date", "instant"])).optional(),
	/** Answers that are lines of fields at fixed places. */
	fixedWidth: z
		.array(
			z.strictObject({
				name: fieldName,
				from: z.number().int().min(1).max(100_000),
				length: z.number().int().min(1).max(100_000),
				type: z.enum(["text", "number"]),
				decimals: z.number().int().min(0).max(18).optional(),
			}),
		)
		.max(2_000)
		.optional(),
	/** By table: the fields that hold a number which the database gives to its new rows. */
	ids: z.record(fieldName, names).optional(),
});
export type ComparisonRule = z.infer<typeof comparisonRuleShape>;

/** By the id of a route or a stream; `*`: for all that are not named. */
export const comparisonRulesShape = z.record(z.string(), comparisonRuleShape);
export type ComparisonRules = z.infer<typeof comparisonRulesShape>;

/** What `phoenix gateway start --config` leaves beside the gateway for whoever compares. `listeners`: how TCP messages are read. */
export const comparisonSettingsShape = z.object({
	rules: comparisonRulesShape,
	listeners: z.record(z.string(), z.object({ framing: framingShape, pairing: pairingShape })),
});
export type ComparisonSettings = z.infer<typeof comparisonSettingsShape>;

export type ComparedProtocol = "http" | "grpc" | "websocket" | "tcp";

/** `seen` = `matched` + `mismatched` + all of `failed` + all of `uncompared` + `waiting`, exactly. */
export type RouteComparison = {
	/** Of the plan's route or stream. */
	id: string;
	protocol: ComparedProtocol;
	/** Mirrored exchanges that were handed over by the gateway. */
	seen: number;
	matched: number;
	mismatched: number;
	/** The shadow gave no usable answer, by reason. */
	failed: Record<string, number>;
	/** Both sides could not be held against each other, by reason. */
	uncompared: Record<string, number>;
	/** The shadow's answer is not there yet, or not looked at yet. */
	waiting: number;
	/** Verdicts a second over the last ten. */
	perSecond: number;
};

export type ComparedSide = { status: number; headers: [string, string][]; body: string };

export type ComparisonExample = {
	at: number;
	method: string;
	target: string;
	/** Texts are cut; bytes that are no text stand as latin1. */
	request: string;
	legacy: ComparedSide;
	modern: ComparedSide;
	differences: Difference[];
};

/** Mismatches of one route with one cause in one field. */
export type DifferenceGroup = {
	id: string;
	route: string;
	field: string;
	cause: string;
	count: number;
	firstAt: number;
	lastAt: number;
	/** The first ones. */
	examples: ComparisonExample[];
};

/** What became of everything that the gateway itself mirrors. */
export type ComparisonReport = {
	since: number;
	at: number;
	/** Somebody compares at this moment. */
	isRunning: boolean;
	routes: RouteComparison[];
	/** The most frequent first. */
	groups: DifferenceGroup[];
	/** Mismatches that are counted, but whose group found no place. */
	ungrouped: number;
	/** Answers of a shadow whose exchange never came (dropped by the gateway, or handed to an engine that is gone). */
	strayAnswers: number;
	/** Of the gateway that counts now, and what was taken from it: its `mirrored` minus this is what others account for. */
	gatewayPid: number;
	taken: number;
	/** The gateway's own book of copies: what was never handed over, by reason. */
	copies: GatewayStats["copies"] | null;
};

/** The file in the gateway's state directory that a comparison is kept in; also what a screen reads when another process compares. */
export const comparisonReportShape: z.ZodType<ComparisonReport> = z.custom<ComparisonReport>(
	(value) =>
		typeof value === "object" &&
		value !== null &&
		"routes" in value &&
		Array.isArray(value.routes) &&
		"groups" in value &&
		Array.isArray(value.groups),
);
