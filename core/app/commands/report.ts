import { existsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { layOutGraph } from "../../graph/index.ts";
import { readJournal } from "../../journal/index.ts";
import { openProject } from "../project.ts";
import { createChronicle, renderReport } from "../report/index.ts";
import { makeReport } from "../write-report.ts";
import { type Command, stateDir, textOf, wrongUsage } from "./command.ts";

export const reportCommand: Command = {
	usage: "report [--function NAME] [--format html|pdf] [--out FILE]",
	about: "What the journal proves of one migration, or of all, on paper. Needs no running engine.",
	options: { state: "string", function: "string", format: "string", out: "string" },
	async run(input) {
		const format = textOf(input, "format") ?? "html";
		if (format !== "html" && format !== "pdf") wrongUsage();
		const journalFile = join(stateDir(input), "journal.jsonl");
		const chronicle = createChronicle();
		for await (const entry of readJournal(journalFile)) chronicle.add(entry);
		const { project: opened } = chronicle.facts;
		// The source may have moved away; the journal still tells what was decided.
		const project = opened !== null && existsSync(opened.dir) ? await openProject(opened.dir) : null;
		const named = textOf(input, "function");
		const only = named === undefined ? undefined : (project?.resolve(named) ?? named);
		const content = await renderReport(
			await makeReport({ chronicle, project, journalFile, layoutOf: async (graph) => layOutGraph(graph) }, only),
			format,
		);
		const file = resolve(textOf(input, "out") ?? `report-${only ?? "run"}.${format}`);
		writeFileSync(file, content);
		console.log(input.json ? JSON.stringify({ file, bytes: content.length }) : `${file} (${content.length} bytes)`);
		return 0;
	},
};
