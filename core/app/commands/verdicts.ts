import { readCases } from "../verdicts/case-set.ts";
import { type JudgedCase, judgeCase } from "../verdicts/judge-cases.ts";
import { missLines, scoreLine, scoreTable } from "../verdicts/score-table.ts";
import { type Command, textOf, wrongUsage } from "./command.ts";
import { withProgress } from "./progress-line.ts";

export const verdictsCommand: Command = {
	usage: "verdicts --cases FILE [--misses]",
	about:
		"How right the verdicts are on a labelled set of differences of your own (format: core/app/verdicts/CASES.md): bugs caught, benign " +
		"differences flagged, causes named rightly. --misses lists those of the tuned half that came out wrong.",
	options: { cases: "string", misses: "boolean" },
	async run(input) {
		const file = textOf(input, "cases") ?? wrongUsage();
		const judged: JudgedCase[] = [];
		await withProgress({ what: `Judging ${file}`, unit: "cases" }, async (step, signal) => {
			for await (const one of readCases(file)) {
				if (signal.aborted) break;
				judged.push(judgeCase(one));
				step(judged.length);
			}
		});
		const lines = [...scoreTable(judged), ...(input.values.misses === true ? missLines(judged) : [])];
		console.log(input.json ? JSON.stringify(scoreLine(judged)) : lines.join("\n"));
		return 0;
	},
};
