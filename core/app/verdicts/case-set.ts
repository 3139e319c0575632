import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { z } from "zod";
import { Fault } from "../../base/index.ts";
import { causeKinds } from "../../contract/cause.ts";
import { comparisonRuleShape } from "../../contract/comparison.ts";
import type { Behaviour } from "../../contract/verdict.ts";

const cell = z.union([
	z.null(),
	z.object({ i: z.string() }),
	z.object({ r: z.number() }),
	z.object({ t: z.string() }),
	z.object({ b: z.string() }),
]);
const row = z.record(z.string(), cell).nullable();
const behaviour = z.object({
	status: z.number().int(),
	contentType: z.string(),
	body: z.string(),
	changes: z.array(z.object({ table: z.string(), key: z.string(), kind: z.enum(["insert", "update", "delete"]), before: row, after: row })),
}) satisfies z.ZodType<Behaviour>;

/** A line of a case set; CASES.md is its page. */
export const caseShape = z.object({
	id: z.string().min(1),
	application: z.string(),
	family: z.string(),
	split: z.enum(["tuned", "heldOut"]),
	label: z.enum(["bug", "benign"]),
	/** The planted cause; null: benign. `also`: words that are right too. */
	cause: z.enum(causeKinds).nullable(),
	also: z.array(z.enum(causeKinds)).default([]),
	policy: z.object({
		random: z.array(z.string()),
		clock: z.array(z.string()),
		clockSlackMs: z.number(),
		ignored: z.array(z.string()).optional(),
		ids: comparisonRuleShape.shape.ids,
		lists: comparisonRuleShape.shape.lists,
		types: comparisonRuleShape.shape.types,
		fixedWidth: comparisonRuleShape.shape.fixedWidth,
	}),
	transactions: z
		.array(
			z.object({
				request: z.object({
					method: z.string(),
					target: z.string(),
					headers: z.array(z.tuple([z.string(), z.string()])),
					body: z.string(),
				}),
				window: z.object({ from: z.number(), to: z.number() }),
				legacy: behaviour,
				modern: behaviour,
			}),
		)
		.min(1),
});
export type LabelledCase = z.infer<typeof caseShape>;

/** The cases of a set, one at a time. INPUT_INVALID names the line and what is wrong with it; SOURCE_UNREADABLE the file. */
export async function* readCases(source: string | Readable): AsyncGenerator<LabelledCase> {
	const input = typeof source === "string" ? createReadStream(source) : source;
	const subject = typeof source === "string" ? source : "The case set";
	let number = 0;
	try {
		for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
			number++;
			if (line.trim() === "") continue;
			const wrong = (reason: string) => new Fault("INPUT_INVALID", { subject: `${subject}, line ${number}`, reason });
			let value: unknown;
			try {
				value = JSON.parse(line);
			} catch (error) {
				throw wrong((error as Error).message);
			}
			const read = caseShape.safeParse(value);
			if (!read.success) {
				const [first] = read.error.issues;
				throw wrong(`${first?.path.join(".") ?? ""}: ${first?.message ?? "not a case"}`);
			}
			yield read.data;
		}
	} catch (error) {
		if (error instanceof Fault) throw error;
		throw new Fault("SOURCE_UNREADABLE", { file: subject, reason: (error as Error).message });
	}
}
