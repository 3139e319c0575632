import { join, resolve } from "node:path";
import { openGatewayObserver } from "../../../gateway/control/index.ts";
import { type Command, numberOf, stateDir, textOf, wrongUsage } from "../command.ts";
import { countsText, listOf } from "../traffic-words.ts";
import { bytesOf } from "./words.ts";

export const accessLogCommand: Command = {
	usage: "access-log on|off [--file F] [--format combined|json] [--route ID] [--header NAME,...] [--max-size 100M] [--keep 5]",
	about:
		"A line per request with route, arm, plan version and decision, beside the traffic and never in its way. No values of queries, no variable " +
		"parts of paths, no headers but those named, never credentials. The file is access.log in the state directory where none is named; at " +
		"--max-size it becomes FILE.1, and so on.",
	options: {
		file: "string",
		format: "string",
		route: "string",
		header: "string",
		"max-size": "string",
		keep: "string",
		state: "string",
	},
	async run(input) {
		const dir = join(stateDir(input), "gateway");
		const [turn, ...rest] = input.positionals;
		const format = textOf(input, "format") ?? "combined";
		const [maxBytes, keep] = [bytesOf(textOf(input, "max-size") ?? "100M"), numberOf(input, "keep") ?? 5];
		if (rest.length > 0 || (turn !== "on" && turn !== "off")) wrongUsage();
		if ((format !== "combined" && format !== "json") || maxBytes === undefined) wrongUsage();
		const observer = openGatewayObserver(dir);
		if (turn === "off") {
			const ended = await observer.setAccessLog(null);
			const dropped = Object.fromEntries(Object.entries(ended?.dropped ?? {}).filter(([, count]) => count > 0));
			if (input.json) console.log(JSON.stringify(ended));
			else if (ended === null) console.log("No access log was being written.");
			else console.log(`${ended.file}: ${ended.written} lines${Object.keys(dropped).length > 0 ? `; lost: ${countsText(dropped)}` : ""}`);
			if (ended?.failure) console.error(ended.failure);
			return ended?.failure ? 1 : 0;
		}
		const file = resolve(textOf(input, "file") ?? join(dir, "access.log"));
		await observer.setAccessLog({ file, format, route: textOf(input, "route") ?? null, headers: listOf(input, "header"), maxBytes, keep });
		console.log(input.json ? JSON.stringify({ file, format }) : `Requests are written to ${file}.`);
		return 0;
	},
};
