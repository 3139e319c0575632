import type { Behaviour, Difference } from "./verdict.ts";

/** What makes a new service differ; words that every part uses. */
export const causeKinds = [
	"rounding mode",
	"rounding scale",
	"truncation",
	"number type",
	"order of operations",
	"day count",
	"unit",
	"rate",
	"offset",
	"sign",
	"boundary",
	/** Only a part of the population: VIPs, one branch. */
	"attribute",
	"missing row",
	"extra row",
	"wrong field",
	"text format",
	"date or zone",
	"status",
	"unknown",
] as const;
export type CauseKind = (typeof causeKinds)[number];

/** One compared transaction of a route. */
export type CauseCase = {
	request: { target: string; body: string };
	legacy: Behaviour;
	modern: Behaviour;
	/** Empty: it was clean. */
	differences: Difference[];
};

/** Transactions that differ at one field, and the clean ones of the same route beside them. */
export type CauseGroup = { field: string; failing: CauseCase[]; clean: CauseCase[] };

export type CauseFinding = {
	cause: CauseKind;
	/** How sure: 1 for what explains every case and is refuted by none. */
	probability: number;
	/** The part of the population that it is about, in words: “only where segment is vip”; null: no part of its own. */
	only: string | null;
	how: "structure" | "hypothesis" | "population" | "classifier" | "none";
	/** In sentences, with the figures. */
	evidence: string[];
	/** Hypotheses that were tried, and the first case (by its place in `failing`) that each cannot explain. */
	refuted: { hypothesis: string; by: number }[];
};
