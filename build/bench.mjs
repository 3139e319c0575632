// `npm run bench`: every `*.bench.ts` beside the code, one after the other; `npm run bench -- journal` only those whose path says so.
// Of several words each in its order; what follows from the first `--option` on goes to the benches.
import { globSync } from "node:fs";
import { nodeBinary, root, run } from "./runtime.mjs";

const given = process.argv.slice(2);
const end = given.findIndex((word) => word.startsWith("--"));
const wanted = end < 0 ? given : given.slice(0, end);
const options = end < 0 ? [] : given.slice(end);
const all = globSync("core/**/*.bench.ts", { cwd: root }).sort();
const benches = [...new Set((wanted.length === 0 ? [""] : wanted).flatMap((word) => all.filter((path) => path.includes(word))))];
if (benches.length === 0) console.error(`There is no bench whose path contains '${wanted.join("' or '")}'.`);
process.exitCode = benches.length === 0 ? 2 : 0;
for (const path of benches) {
	console.log(`\n--- ${path}`);
	process.exitCode = (await run(nodeBinary(), [path, ...options])) || process.exitCode;
}
