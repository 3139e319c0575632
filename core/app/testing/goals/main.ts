// Measures goals of the screen over the real product: `node core/app/testing/goals/main.ts starting|running|soak [MINUTES]`.
// The last line is JSON: goal number -> { measured, note }.
import type { Outcomes } from "./outcome.ts";
import { measureRunning } from "./running.ts";
import { measureSoak } from "./soak.ts";
import { measureStarting } from "./starting.ts";

const measurements: Record<string, (argument: number) => Promise<Outcomes>> = {
	starting: measureStarting,
	running: measureRunning,
	soak: (minutes) => measureSoak(minutes),
};

const [, , name = "", argument = "10"] = process.argv;
const measure = measurements[name];
if (measure === undefined) {
	process.stderr.write(`usage: node core/app/testing/goals/main.ts ${Object.keys(measurements).join("|")} [MINUTES]\n`);
	process.exitCode = 2;
} else process.stdout.write(`${JSON.stringify(await measure(Number(argument)))}\n`);
