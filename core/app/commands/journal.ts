import { join } from "node:path";
import { openProjection, readJournal, tailJournal, verifyJournal } from "../../journal/index.ts";
import { type Command, numberOf, stateDir, wrongUsage } from "./command.ts";

export const journalCommand: Command = {
	usage: 'journal verify|tail|query ["SQL"] [--count N]',
	about: "The evidence: check its chain, show its end, ask it in SQL.",
	options: { state: "string", count: "string" },
	async run(input) {
		const [verb, sql] = input.positionals;
		const file = join(stateDir(input), "journal.jsonl");
		if (verb === "verify") {
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
		if (verb === "tail") {
			for (const entry of await tailJournal(file, numberOf(input, "count") ?? 20)) {
				console.log(
					input.json
						? JSON.stringify(entry)
						: `${new Date(entry.at).toISOString()} ${entry.kind} ${JSON.stringify(entry.data).slice(0, 160)}`,
				);
			}
			return 0;
		}
		if (verb !== "query" || sql === undefined) wrongUsage();
		const projection = await openProjection();
		for await (const entry of readJournal(file)) projection.add(entry);
		const { columns, rows } = projection.query(sql);
		projection.close();
		if (input.json) console.log(JSON.stringify({ columns, rows }));
		else for (const row of [columns, ...rows]) console.log(row.map((cell) => String(cell ?? "")).join("\t"));
		return 0;
	},
};
