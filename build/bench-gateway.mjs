// `npm run bench:gateway` and `npm run soak:gateway`: start core/gateway/bench under Node 24, with the packages in place. What the bench
// can be asked: `-- --help`; the soak takes `-- --minutes N`.
import { install, nodeBinary, run, say, underNeededNode } from "./runtime.mjs";

const isSoak = process.argv[2] === "--soak";

try {
	install();
	if (await underNeededNode(import.meta.url))
		process.exitCode = await run(nodeBinary(), [
			"--disable-warning=ExperimentalWarning",
			isSoak ? "core/gateway/bench/soak/main.ts" : "core/gateway/bench/main.ts",
			...process.argv.slice(isSoak ? 3 : 2),
		]);
} catch (error) {
	say(error instanceof Error ? error.message : String(error));
	process.exitCode = 1;
}
