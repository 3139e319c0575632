import type { SourceSlice } from "../../contract/plan.ts";
import { planInWords } from "../plan/plan-in-words.ts";
import { openProject } from "../project.ts";
import { type Command, textOf, wrongUsage } from "./command.ts";

export const inspectCommand: Command = {
	usage: "inspect DIR --function NAME [--why FILE:LINE]",
	about: "What cutting a function out means: what moves, what stays, tables, rules, risk, effort; or why one line is in the slice.",
	options: { function: "string", why: "string" },
	async run(input) {
		const [dir] = input.positionals;
		const name = textOf(input, "function");
		if (dir === undefined || name === undefined) wrongUsage();
		const project = await openProject(dir);
		const why = textOf(input, "why");
		if (why !== undefined) {
			const answer = whyOf(project.slice(name), why);
			console.log(input.json ? JSON.stringify(answer) : answer.words.join("\n"));
			return 0;
		}
		const plan = project.plan(name);
		console.log(input.json ? JSON.stringify(plan) : planInWords(plan).join("\n"));
		return plan.verdict.level === "refused" ? 3 : 0;
	},
};

function whyOf(slice: SourceSlice, place: string) {
	const [, path = "", line = "0"] = /^(.*):(\d+)$/.exec(place) ?? wrongUsage();
	const found = slice.files.find((file) => file.path === path)?.lines.find((one) => one.line === Number(line));
	if (found === undefined) return { place, line: null, way: [], words: [`${place} is not in the slice of ${slice.unit}.`] };
	const way = slice.ways[found.owner] ?? [];
	const words = [
		`${place} is in the slice of ${slice.unit}, in ${found.owner} (${found.role}).`,
		...found.reasons.map((reason) => `  ${reason.text}`),
		...(way.length === 0 ? [] : [`  The way to it: ${way.map((call) => `${call.caller} (${call.file}:${call.line})`).join(" -> ")}`]),
	];
	return { place, line: found, way, words };
}
