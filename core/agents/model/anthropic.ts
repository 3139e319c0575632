import Anthropic from "@anthropic-ai/sdk";
import { Fault } from "../../base/index.ts";
import type { Budget } from "./budget.ts";
import type { CallRecord, Model, ModelAnswer, ModelRequest, Part, Stop, Turn, Usage } from "./model.ts";
import { listPrices, type Price } from "./prices.ts";

export type AnthropicOptions = {
	key: string;
	model: string;
	/** Where the API is; another one for a gateway of the house, or a test. */
	baseUrl?: string;
	budget: Budget;
	prices?: Readonly<Record<string, Price>>;
	/** Milliseconds for one try. */
	timeoutMs?: number;
	/** Tries after the first, when the service is overloaded, limits the rate, or the line breaks. */
	retries?: number;
	onCall(record: CallRecord): void;
};

/** Claude by its Messages API, streamed. The key goes into one header and nowhere else. */
export function createAnthropicModel(options: AnthropicOptions): Model {
	const { key, model, baseUrl = "https://api.anthropic.com", budget, timeoutMs = 120_000, retries = 2, onCall } = options;
	const price = { ...listPrices, ...options.prices }[model];
	const client = new Anthropic({
		apiKey: key,
		authToken: null,
		baseURL: baseUrl,
		timeout: timeoutMs,
		maxRetries: retries,
		logLevel: "off",
	});

	async function once(request: ModelRequest, onText: (piece: string) => void, signal?: AbortSignal): Promise<ModelAnswer> {
		const body = bodyOf(model, request);
		const sent = Buffer.byteLength(JSON.stringify(body));
		budget.reserve(sent, request.maxTokens, price);
		const at = Date.now();
		const usage: Usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
		let received = 0;
		let ended: CallRecord["ended"] = "unavailable";
		const inputs = new Map<number, string>();
		const silence = new AbortController();
		const listen = (): NodeJS.Timeout => setTimeout(() => silence.abort(), timeoutMs);
		let timer = listen();
		try {
			const stream = client.messages.stream(body, {
				signal: signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal]),
			});
			// What has begun is paid for, also when the line breaks before the end.
			stream.on("streamEvent", (event) => {
				// The client's own limit ends with the head of the answer; a stream may fall silent after it.
				clearTimeout(timer);
				timer = listen();
				if (event.type === "content_block_delta" && event.delta.type === "input_json_delta")
					inputs.set(event.index, (inputs.get(event.index) ?? "") + event.delta.partial_json);
				if (event.type === "message_start") Object.assign(usage, usageOf(event.message.usage));
				if (event.type === "message_delta") usage.output = event.usage.output_tokens;
			});
			stream.on("text", (piece) => {
				received += Buffer.byteLength(piece);
				onText(piece);
			});
			const message = await stream.finalMessage();
			if (message.stop_reason === null) throw new Error("the answer has no end");
			Object.assign(usage, usageOf(message.usage));
			ended = stopOf(message.stop_reason);
			return { parts: message.content.flatMap((block, index) => partOf(block, inputs.get(index))), stop: ended, usage };
		} catch (error) {
			if (signal?.aborted) ended = "cancelled";
			if (silence.signal.aborted) throw new Fault("MODEL_UNAVAILABLE", { model, reason: `nothing came for ${timeoutMs} ms` });
			throw error;
		} finally {
			clearTimeout(timer);
			onCall({ model, at, ms: Date.now() - at, sent, received, usage, usd: budget.charge(usage, price), ended });
		}
	}

	return {
		name: model,
		async ask(request, { onText = () => {}, signal } = {}) {
			for (let tries = 0; ; tries++) {
				try {
					return await once(request, onText, signal);
				} catch (error) {
					if (error instanceof Fault) throw error;
					if (signal?.aborted) throw new Fault("CANCELLED", { what: "The call of the model", safe: "Nothing was changed." });
					// The client repeats what was refused before it began; a stream that broke is repeated here.
					const isBroken = !(error instanceof Anthropic.APIError) || error.status === undefined;
					if (isBroken && !(error instanceof Anthropic.APIConnectionError) && tries < Math.min(retries, 1)) continue;
					throw new Fault("MODEL_UNAVAILABLE", { model, reason: reasonOf(error, key) });
				}
			}
		},
	};
}

/** The system text and the tools do not change within a task: a mark at their end lets the provider keep them. */
function bodyOf(model: string, { system, turns, tools, maxTokens }: ModelRequest): Anthropic.MessageStreamParams {
	return {
		model,
		max_tokens: maxTokens,
		system: [{ type: "text", text: system, cache_control: { type: "ephemeral" } }],
		messages: turns.map(messageOf),
		...(tools.length === 0
			? {}
			: {
					tools: tools.map(({ name, about, schema }) => ({
						name,
						description: about,
						input_schema: schema as Anthropic.Tool.InputSchema,
					})),
				}),
	};
}

function messageOf({ role, parts }: Turn): Anthropic.MessageParam {
	const content = parts.map((part): Anthropic.ContentBlockParam => {
		if (part.kind === "text") return { type: "text", text: part.text };
		if (part.kind === "toolUse") return { type: "tool_use", id: part.id, name: part.name, input: part.input ?? {} };
		return { type: "tool_result", tool_use_id: part.id, content: part.text, is_error: part.isError };
	});
	return { role, content };
}

/** `input`: the JSON as it came. The client completes what was cut off, and a completed input is not what the model asked for. */
function partOf(block: Anthropic.ContentBlock, input = "{}"): Part[] {
	if (block.type === "text") return [{ kind: "text", text: block.text }];
	if (block.type === "tool_use") return [{ kind: "toolUse", id: block.id, name: block.name, input: isJson(input) ? block.input : null }];
	return [];
}

function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}

function stopOf(reason: string): Stop {
	if (reason === "tool_use") return "toolUse";
	if (reason === "refusal") return "refusal";
	return reason === "max_tokens" ? "length" : "end";
}

function usageOf(usage: Anthropic.Usage): Usage {
	return {
		input: usage.input_tokens,
		output: usage.output_tokens,
		cacheRead: usage.cache_read_input_tokens ?? 0,
		cacheWrite: usage.cache_creation_input_tokens ?? 0,
	};
}

function reasonOf(error: unknown, key: string): string {
	const text = error instanceof Error ? error.message : String(error);
	return text.replaceAll(key, "(key)").slice(0, 300);
}
