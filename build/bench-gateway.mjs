// `npm run bench:gateway`: starts core/gateway/bench under Node 24, with the packages in place. What it can be asked: `-- --help`.
import { install, nodeBinary, run, say, underNeededNode } from "./runtime.mjs";

try {
	install();
	if (await underNeededNode(import.meta.url))
		process.exitCode = await run(nodeBinary(), [
			"--disable-warning=ExperimentalWarning",
			"core/gateway/bench/main.ts",
			...process.argv.slice(2),
		]);
} catch (error) {
	say(error instanceof Error ? error.message : String(error));
	process.exitCode = 1;
}
