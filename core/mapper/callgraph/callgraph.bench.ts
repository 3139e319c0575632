// `npm run bench:callgraph`: the call graph against suites of known truth. Flags: --suite DIR (folders with callgraph.json, as PyCG's
// micro-benchmark has them; ours otherwise), --misses (what was found beyond the truth, and what was not), --json (ends with one line).
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { scoreSuite, totalOf } from "./score.ts";

const { values } = parseArgs({
	options: { suite: { type: "string" }, misses: { type: "boolean", default: false }, json: { type: "boolean", default: false } },
});
const suite = values.suite ?? fileURLToPath(new URL("../fixtures/callgraph", import.meta.url));
const cases = await scoreSuite(suite);
const score = totalOf(cases);
if (values.misses)
	for (const one of cases)
		for (const line of [...one.extra.map((edge) => `beyond  ${edge}`), ...one.missing.map((edge) => `missing ${edge}`)])
			console.log(`${one.name.padEnd(36)} ${line}`);
if (values.json) console.log(JSON.stringify(score));
else
	console.log(
		`${score.cases} cases: ${score.exact} exact, ${score.complete} with nothing beyond the truth, ${score.sound} with nothing missing; precision ${score.precision.toFixed(3)}, recall ${score.recall.toFixed(3)}`,
	);
