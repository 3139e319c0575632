import { z } from "zod";
import type { Difference } from "./verdict.ts";

export const replayInput = z.object({
	/** A recording; a whole path. */
	file: z.string().min(1).max(4096),
	/** `http://host:port`. */
	to: z.string().min(1).max(300),
	/** Times the recording's own pace; null: as fast as the target answers. */
	speed: z.number().positive().max(1000).nullable(),
	/** Hold the answers against the recorded ones. */
	compare: z.boolean(),
	/** Else only GET and HEAD are sent. */
	withWrites: z.boolean(),
});

/** Milliseconds. */
export type Percentiles = { p50: number; p90: number; p99: number; max: number };

export type ReplayFigures = {
	read: number;
	sent: number;
	answered: number;
	/** Not sent, and sent without a whole answer, each by reason. */
	skipped: Record<string, number>;
	failed: Record<string, number>;
	byStatus: Record<string, number>;
	/** From the first byte sent to the last one received. */
	latency: Percentiles;
	/** Behind the pace. */
	late: Percentiles;
	seconds: number;
	perSecond: number;
	cancelled: boolean;
};

export type AnswerGroup = {
	cause: string;
	field: string;
	count: number;
	examples: { method: string; target: string; differences: Difference[] }[];
};

export type AnswerComparison = {
	compared: number;
	same: number;
	different: number;
	/** By status alone, because one of the bodies is not there. */
	byStatusOnly: number;
	/** By reason. */
	notCompared: Record<string, number>;
	/** The largest first. */
	groups: AnswerGroup[];
};

/** A replay by the engine, under way or ended. Times: milliseconds since the epoch. */
export type ReplayState = {
	file: string;
	/** `host:port`. */
	target: string;
	startedAt: number;
	endedAt: number | null;
	/** Requests sent so far. */
	sent: number;
	figures: ReplayFigures | null;
	comparison: AnswerComparison | null;
	/** What is wrong with the file's end. */
	cut: string | null;
	/** Why it ended before it was meant to. */
	failure: string | null;
};
