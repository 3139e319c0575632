import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Fault } from "../../base/index.ts";
import type { Question } from "../../contract/history.ts";
import { shippedQuestions } from "../../journal/index.ts";

/** The named questions of one state directory: what people share who share its journal. */
export type Questions = {
	/** Shipped ones first, then the own ones by title. */
	list(): Question[];
	save(question: { title: string; about: string; sql: string }): Question[];
	remove(title: string): Question[];
};

const fileShape = z.array(z.object({ title: z.string().min(1), about: z.string(), sql: z.string() }));
const MOST = 200;

export function createQuestions(dir: string): Questions {
	const file = join(dir, "questions.json");

	/** Read each time: the command line may have written it. */
	function own(): z.infer<typeof fileShape> {
		let text: string;
		try {
			text = readFileSync(file, "utf8");
		} catch {
			return [];
		}
		try {
			return fileShape.parse(JSON.parse(text));
		} catch (error) {
			throw new Fault("INPUT_INVALID", { subject: file, reason: "it does not hold questions" }, { cause: error });
		}
	}

	function write(questions: z.infer<typeof fileShape>): Question[] {
		const sorted = [...questions].sort((a, b) => (a.title < b.title ? -1 : 1));
		writeFileSync(`${file}.draft`, `${JSON.stringify(sorted, null, "\t")}\n`);
		renameSync(`${file}.draft`, file);
		return listed(sorted);
	}

	return {
		list: () => listed(own()),
		save(question) {
			if (shippedQuestions.some((one) => one.title === question.title))
				throw new Fault("INPUT_INVALID", { subject: `The title ${question.title}`, reason: "a question of Phoenix itself has it" });
			const others = own().filter((one) => one.title !== question.title);
			if (others.length >= MOST) throw new Fault("INPUT_INVALID", { subject: "The list of questions", reason: `it holds ${MOST} already` });
			return write([...others, question]);
		},
		remove: (title) => write(own().filter((one) => one.title !== title)),
	};
}

function listed(own: z.infer<typeof fileShape>): Question[] {
	return [...shippedQuestions.map((one) => ({ ...one, own: false })), ...own.map((one) => ({ ...one, own: true }))];
}
