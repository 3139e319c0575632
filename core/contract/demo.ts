export type DemoReport = {
	requests: number;
	clientErrors: number;
	wrongBeforePromotion: number;
	doubledEffects: number;
	mirrored: number;
	compared: number;
	dropped: number;
	mismatchesFound: { cause: string; field: string; where: string }[];
	healed: { cause: string; attempts: number; ms: number }[];
	promoted: string[];
	sealed: boolean;
	killSwitchMs: number;
	capsule: string | null;
	durationMs: number;
};

/** A figure of a chapter, counted when the chapter ended. */
export type DemoFact = { name: string; value: number | string };

export type DemoChapter = {
	id: "map" | "mirror" | "remediation" | "switch" | "seal";
	title: string;
	/** What is done in it, said beforehand. */
	plan: string;
	startedAt: number | null;
	endedAt: number | null;
	facts: DemoFact[];
};

/** The demo on the sample bank: the main job with nothing prepared, in five chapters. */
export type DemoState = {
	/** `paused`: by the presenter, or at a gate. The runs stand still, traffic goes on. */
	state: "running" | "paused" | "done" | "failed" | "cancelled";
	/** Title of the present chapter, or what it came to. */
	chapter: string;
	/** Of the present chapter. */
	index: number;
	chapters: DemoChapter[];
	/** Functions that it moves first, by bare name. */
	first: string[];
	/** It waits for the presenter at the end of each chapter. */
	guided: boolean;
	/** Where it waits: what comes next, in words. */
	gate: string | null;
	/** The first demo on this state directory is 1. */
	round: number;
	startedAt: number;
	report: DemoReport | null;
};
