import { z } from "zod";
import { Fault } from "../../base/index.ts";
import type { Model, Part, Tool, Turn } from "./model.ts";

export type Conversation = {
	system: string;
	/** What the task is; texts of others stand in it as data (`asData`). */
	task: string;
	tools: Tool[];
	maxTokens: number;
	/** Calls of the model at most. */
	maxCalls: number;
	onText?(piece: string): void;
};
export type Conversed = { text: string; calls: number; toolCalls: { name: string; refused: string | null }[] };

/**
 * Asks until the model ends, and performs its tool calls one after the other. A tool that is not in the list, or an input that its shape
 * refuses, is answered with an error and performed never. Throws MODEL_REFUSED, MODEL_ENDLESS, and what `Model.ask` throws.
 */
export async function converse(model: Model, conversation: Conversation, signal?: AbortSignal): Promise<Conversed> {
	const { system, task, tools, maxTokens, maxCalls, onText } = conversation;
	const described = tools.map(({ name, about, input }) => ({ name, about, schema: schemaOf(input) }));
	const turns: Turn[] = [{ role: "user", parts: [{ kind: "text", text: task }] }];
	const toolCalls: Conversed["toolCalls"] = [];
	for (let calls = 1; calls <= maxCalls; calls++) {
		const answer = await model.ask({ system, turns, tools: described, maxTokens }, { onText, signal });
		if (answer.stop === "refusal") throw new Fault("MODEL_REFUSED", { model: model.name });
		const uses = answer.parts.filter((part) => part.kind === "toolUse");
		if (answer.stop !== "toolUse" || uses.length === 0) {
			return { text: answer.parts.map((part) => (part.kind === "text" ? part.text : "")).join(""), calls, toolCalls };
		}
		const results: Part[] = [];
		for (const use of uses) {
			const { text, refused } = await perform(tools, use.name, use.input, signal);
			toolCalls.push({ name: use.name, refused });
			results.push({ kind: "toolResult", id: use.id, text, isError: refused !== null });
		}
		turns.push({ role: "assistant", parts: answer.parts }, { role: "user", parts: results });
	}
	throw new Fault("MODEL_ENDLESS", { model: model.name, calls: maxCalls });
}

async function perform(
	tools: Tool[],
	name: string,
	input: unknown,
	signal?: AbortSignal,
): Promise<{ text: string; refused: string | null }> {
	const tool = tools.find((each) => each.name === name);
	if (tool === undefined) return { text: "There is no such tool.", refused: "unknown tool" };
	const read = tool.input.safeParse(input);
	if (!read.success) {
		const [issue] = read.error.issues;
		const why = `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "invalid"}`;
		return { text: `The input is not what the tool takes. ${why}`, refused: why };
	}
	return { text: await tool.run(read.data, signal), refused: null };
}

function schemaOf(shape: z.ZodType): Record<string, unknown> {
	const { $schema, ...schema } = z.toJSONSchema(shape) as Record<string, unknown>;
	return schema;
}

/** A text of somebody else, fenced by a word that does not occur in it, so that nothing in it can end the fence. */
export function asData(name: string, text: string): string {
	let fence = `data-${name}`;
	for (let count = 1; text.includes(fence); count++) fence = `data-${name}-${count}`;
	return `<${fence}>\n${text}\n</${fence}>`;
}
