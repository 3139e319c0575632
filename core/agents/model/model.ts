import type { z } from "zod";

/** Tokens as the provider counts them; `cacheRead` and `cacheWrite` are not part of `input`. */
export type Usage = { input: number; output: number; cacheRead: number; cacheWrite: number };

export type Part =
	| { kind: "text"; text: string }
	| { kind: "toolUse"; id: string; name: string; input: unknown }
	| { kind: "toolResult"; id: string; text: string; isError: boolean };
export type Turn = { role: "user" | "assistant"; parts: Part[] };

/** What a model may call. Its input is checked by `input` before `run` sees it. */
export type Tool = {
	name: string;
	about: string;
	input: z.ZodType;
	run(input: unknown, signal?: AbortSignal): Promise<string>;
};

export type ModelRequest = {
	/** The same for every call of a task, so that the provider can keep it. */
	system: string;
	turns: Turn[];
	/** Names, descriptions and JSON Schemas. */
	tools: { name: string; about: string; schema: Record<string, unknown> }[];
	maxTokens: number;
};

export type Stop = "end" | "toolUse" | "length" | "refusal";
export type ModelAnswer = { parts: Part[]; stop: Stop; usage: Usage };

/** One call as the evidence keeps it: sizes and cost, never a key. */
export type CallRecord = {
	model: string;
	at: number;
	ms: number;
	/** Bytes of what was sent and of the text that came. */
	sent: number;
	received: number;
	usage: Usage;
	/** Null: the price of the model is not known. */
	usd: number | null;
	/** How it ended: a stop, or the code of the fault. */
	ended: Stop | "unavailable" | "cancelled";
};

/** The one way to a language model. `onText` gets pieces as they come. Throws MODEL_UNAVAILABLE, MODEL_BUDGET and CANCELLED. */
export type Model = {
	readonly name: string;
	ask(request: ModelRequest, options?: { onText?(piece: string): void; signal?: AbortSignal }): Promise<ModelAnswer>;
};
