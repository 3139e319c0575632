import { join } from "node:path";
import { csvOf } from "../../contract/table-text.ts";
import { openProjection, readJournal, tailJournal, verifyJournal } from "../../journal/index.ts";
import { createQuestions } from "../report/index.ts";
import { type Command, type CommandInput, numberOf, stateDir, textOf, wrongUsage } from "./command.ts";

export const journalCommand: Command = {
	usage: 'journal verify|tail|questions|ask TITLE|query "SQL" [--count N] [--format table|csv]',
	about: "The evidence: check its chain, show its end, ask it by a saved question or in SQL.",
	options: { state: "string", count: "string", format: "string" },
	async run(input) {
		const [verb, text] = input.positionals;
		const dir = stateDir(input);
		const file = join(dir, "journal.jsonl");
		switch (verb) {
			case "verify":
				return verify(file, input);
			case "tail":
				return tail(file, input);
			case "questions": {
				const questions = createQuestions(dir).list();
				if (input.json) console.log(JSON.stringify(questions));
				else for (const { title, about } of questions) console.log(`${title.padEnd(40)} ${about}`);
				return 0;
			}
			case "ask": {
				const question = createQuestions(dir)
					.list()
					.find((one) => one.title.toLowerCase() === text?.toLowerCase());
				return question === undefined ? wrongUsage() : query(file, question.sql, input);
			}
			case "query":
				return text === undefined ? wrongUsage() : query(file, text, input);
			default:
				return wrongUsage();
		}
	},
};

async function verify(file: string, input: CommandInput): Promise<number> {
	const result = await verifyJournal(file);
	console.log(
		input.json
			? JSON.stringify(result)
			: result.ok
				? `${result.entries} entries, the chain is whole`
				: `the chain breaks at entry ${result.brokenAt}`,
	);
	return result.ok ? 0 : 1;
}

async function tail(file: string, input: CommandInput): Promise<number> {
	for (const entry of await tailJournal(file, numberOf(input, "count") ?? 20)) {
		console.log(
			input.json ? JSON.stringify(entry) : `${new Date(entry.at).toISOString()} ${entry.kind} ${JSON.stringify(entry.data).slice(0, 160)}`,
		);
	}
	return 0;
}

async function query(file: string, sql: string, input: CommandInput): Promise<number> {
	const projection = await openProjection();
	for await (const entry of readJournal(file)) projection.add(entry);
	const { columns, rows } = projection.query(sql);
	projection.close();
	if (input.json) console.log(JSON.stringify({ columns, rows }));
	else if (textOf(input, "format") === "csv") process.stdout.write(csvOf({ columns, rows }));
	else for (const row of [columns, ...rows]) console.log(row.map((cell) => String(cell ?? "")).join("\t"));
	return 0;
}
