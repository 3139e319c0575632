// `npm run bench:verdicts`: labelled differences, planted in three applications that really run, judged as a run would judge them. Flags:
// --json (ends with one line), --cases FILE (somebody else's set), --seed N, --misses (of the tuned half).
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { faultOf } from "../../../base/index.ts";
import { readCases } from "../case-set.ts";
import { type JudgedCase, judgeCase } from "../judge-cases.ts";
import { missLines, scoreLine, scoreTable } from "../score-table.ts";

const { values } = parseArgs({
	options: {
		json: { type: "boolean", default: false },
		cases: { type: "string" },
		seed: { type: "string", default: "7" },
		misses: { type: "boolean", default: false },
	},
});
const folder = fileURLToPath(new URL(".", import.meta.url));
const judged: JudgedCase[] = [];

/** One application after the other in a Python of their own. */
async function plantAndJudge(applications: readonly string[]): Promise<void> {
	for (const application of applications) {
		const child = spawn("python3", ["plant.py", "--only", application, "--seed", values.seed], {
			cwd: folder,
			env: { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: "1" },
			stdio: ["ignore", "pipe", values.json ? "ignore" : "inherit"],
		});
		const ended = once(child, "exit");
		for await (const one of readCases(child.stdout)) judged.push(judgeCase(one));
		const [code] = await ended;
		if (code !== 0) throw new Error(`plant.py ended with ${code}`);
	}
}

try {
	if (values.cases === undefined) await Promise.all([["bank"], ["payroll", "leasing"]].map(plantAndJudge));
	else for await (const one of readCases(values.cases)) judged.push(judgeCase(one));
	const lines = [...scoreTable(judged), ...(values.misses ? missLines(judged) : [])];
	console.log(values.json ? JSON.stringify({ ...scoreLine(judged), seed: Number(values.seed) }) : lines.join("\n"));
} catch (error) {
	console.error(faultOf(error, "bench:verdicts").message);
	process.exitCode = 1;
}
