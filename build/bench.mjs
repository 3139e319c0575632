// `npm run bench`: every `*.bench.ts` beside the code, one after the other; `npm run bench -- journal` only those whose path says so.
import { globSync } from "node:fs";
import { nodeBinary, root, run } from "./runtime.mjs";

const wanted = process.argv[2] ?? "";
const benches = globSync("core/**/*.bench.ts", { cwd: root }).filter((path) => path.includes(wanted));
if (benches.length === 0) console.error(`There is no bench whose path contains '${wanted}'.`);
process.exitCode = benches.length === 0 ? 2 : 0;
for (const path of benches.sort()) {
	console.log(`\n--- ${path}`);
	process.exitCode = (await run(nodeBinary(), [path, ...process.argv.slice(3)])) || process.exitCode;
}
