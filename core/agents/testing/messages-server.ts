import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { z } from "zod";

const usage = z.object({ input: z.number(), output: z.number(), cacheRead: z.number(), cacheWrite: z.number() });
const block = z.discriminatedUnion("type", [
	z.object({ type: z.literal("text"), text: z.string() }),
	z.object({ type: z.literal("tool_use"), id: z.string(), name: z.string(), input: z.unknown() }),
]);
const answerShape = z.discriminatedUnion("kind", [
	z.object({
		kind: z.literal("message"),
		content: z.array(block),
		stop: z.enum(["end_turn", "tool_use", "max_tokens", "refusal"]),
		usage,
		/** Text in the place of the JSON of a tool's input. */
		rawInput: z.string().optional(),
		/** The line is cut, or nothing more is sent, after so many events. */
		cutAfter: z.number().optional(),
		hangAfter: z.number().optional(),
		repeat: z.boolean().optional(),
	}),
	z.object({
		kind: z.literal("error"),
		status: z.number(),
		type: z.string(),
		message: z.string(),
		headers: z.record(z.string(), z.string()).optional(),
		repeat: z.boolean().optional(),
	}),
]);
export const transcriptShape = z.object({ about: z.string(), answers: z.array(answerShape).min(1) });
export type Answer = z.infer<typeof answerShape>;
type Message = Extract<Answer, { kind: "message" }>;

/** What the wire protocol demands of a request; anything else is answered with 400, as the real service does. */
const requestShape = z.object({
	model: z.string().min(1),
	max_tokens: z.number().int().positive(),
	stream: z.literal(true),
	messages: z.array(z.object({ role: z.enum(["user", "assistant"]), content: z.array(z.looseObject({ type: z.string() })).min(1) })).min(1),
	system: z.array(z.looseObject({ type: z.literal("text"), text: z.string() })).optional(),
	tools: z
		.array(
			z.object({
				name: z.string().regex(/^[\w-]{1,128}$/),
				description: z.string(),
				input_schema: z.looseObject({ type: z.literal("object") }),
			}),
		)
		.optional(),
});
export type Received = { headers: Record<string, unknown>; body: z.infer<typeof requestShape>; text: string };

export type MessagesServer = { url: string; received: Received[]; close(): Promise<void> };

/** An answer for a request, or the next of a transcript; a transcript without a repeated answer that is over answers 500. */
export type Script = Answer[] | ((request: Received) => Answer);

export function transcript(name: string): Answer[] {
	const file = join(import.meta.dirname, "../../../assets/transcripts", `${name}.json`);
	return transcriptShape.parse(JSON.parse(readFileSync(file, "utf8"))).answers;
}

/** A server on the loopback that speaks the Messages protocol: version header, errors, server-sent events. */
export async function serveMessages(script: Script): Promise<MessagesServer> {
	const received: Received[] = [];
	const queue = Array.isArray(script) ? [...script] : null;
	const next = (request: Received): Answer => {
		if (typeof script === "function") return script(request);
		const [first] = queue ?? [];
		if (first !== undefined && first.repeat !== true) queue?.shift();
		return first ?? { kind: "error", status: 500, type: "api_error", message: "the transcript is over" };
	};
	const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));

	async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const sent = await text(request);
		const fail = (status: number, type: string, message: string, headers: Record<string, string> = {}): void =>
			void response
				.writeHead(status, { "content-type": "application/json", "request-id": "req_local", ...headers })
				.end(JSON.stringify({ type: "error", error: { type, message }, request_id: "req_local" }));
		if (request.method !== "POST" || request.url?.split("?")[0] !== "/v1/messages") return fail(404, "not_found_error", "Not found");
		if (request.headers["anthropic-version"] === undefined)
			return fail(400, "invalid_request_error", "anthropic-version: header is required");
		if (request.headers["x-api-key"] === undefined && !request.headers.authorization?.startsWith("Bearer "))
			return fail(401, "authentication_error", "x-api-key header is required");
		const body = requestShape.safeParse(JSON.parse(sent));
		if (!body.success)
			return fail(400, "invalid_request_error", body.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "));
		const one = { headers: request.headers, body: body.data, text: sent };
		received.push(one);
		const chosen = next(one);
		if (chosen.kind === "error") return fail(chosen.status, chosen.type, chosen.message, chosen.headers);
		response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "request-id": "req_local" });
		for (const [index, event] of eventsOf(chosen, body.data.model).entries()) {
			if (index === chosen.hangAfter) return;
			if (index === chosen.cutAfter) {
				// What was written is on its way before the line breaks.
				await new Promise((resolve) => setTimeout(resolve, 20));
				response.destroy();
				return;
			}
			response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
		}
		response.end();
	}

	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		received,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

function eventsOf(message: Message, model: string): { type: string }[] {
	const { input, output, cacheRead, cacheWrite } = message.usage;
	const counted = { input_tokens: input, cache_read_input_tokens: cacheRead, cache_creation_input_tokens: cacheWrite };
	const head = { id: "msg_local", type: "message", role: "assistant", model, content: [], stop_reason: null, stop_sequence: null };
	const blocks = message.content.flatMap((each, index): { type: string }[] => {
		const isText = each.type === "text";
		const written = isText ? each.text : (message.rawInput ?? JSON.stringify(each.input));
		const start = isText ? { type: "text", text: "" } : { type: "tool_use", id: each.id, name: each.name, input: {} };
		const pieces = written.match(/.{1,16}/gs) ?? [];
		return [
			{ type: "content_block_start", ...{ index, content_block: start } },
			...pieces.map((piece) => ({
				type: "content_block_delta",
				...{ index, delta: isText ? { type: "text_delta", text: piece } : { type: "input_json_delta", partial_json: piece } },
			})),
			{ type: "content_block_stop", ...{ index } },
		];
	});
	return [
		{ type: "message_start", ...{ message: { ...head, usage: { ...counted, output_tokens: 1 } } } },
		{ type: "ping" },
		...blocks,
		{ type: "message_delta", ...{ delta: { stop_reason: message.stop, stop_sequence: null }, usage: { output_tokens: output } } },
		{ type: "message_stop" },
	];
}
