// `npm run bench:gateway`: the gateway beside nginx, haproxy, http-proxy and Skipper, in one run on one machine.
// What it can be asked stands in options.ts. Progress goes to stderr, results to stdout.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBackend } from "./load/backend.ts";
import { installPrograms, machine, missingPrograms } from "./machine.ts";
import { readOptions, usage } from "./options.ts";
import { runGrowth } from "./parts/growth.ts";
import { runKillSwitch } from "./parts/kill-switch.ts";
import { runRates } from "./parts/rates.ts";
import { runTrouble } from "./parts/trouble.ts";
import { type Results, summaryOf } from "./summary.ts";

const say = (line: string) => process.stderr.write(`${line}\n`);
const options = readOptions(process.argv.slice(2));
if (options === null) console.log(usage);
else {
	const dir = mkdtempSync(join(tmpdir(), "phoenix-bench-gateway-"));
	try {
		const results = await run(options, dir);
		const summary = summaryOf(results);
		for (const line of summary.words) console.log(line);
		if (options.json) console.log(JSON.stringify(summary.json));
	} finally {
		rmSync(dir, { recursive: true, force: true });
	}
	// wrk and the peers are gone; an idle control connection must not keep the bench.
	process.exit();
}

async function run(asked: NonNullable<typeof options>, dir: string): Promise<Results> {
	let missing = missingPrograms();
	if (asked.install && missing.length > 0) {
		installPrograms(missing);
		missing = missingPrograms();
	}
	for (const { name, install } of missing) say(`${name} is missing. Install it: ${install} (or --install).`);
	const needed = missing.filter((one) => one.needed).map(({ name }) => name);
	if (needed.length > 0) throw new Error(`Nothing can be measured without ${needed.join(", ")}.`);
	const results: Results = { machine: machine(), rates: [], absent: {}, trouble: null, growth: null, kill: null };
	const { cpu, cores, kernel, versions } = results.machine;
	const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
	console.log(`${cpu}, ${cores} cores, Linux ${kernel}; ${named.join(", ")}`);
	if (cores < 2) throw new Error("Two cores are needed: one for the proxies, one for everything else.");
	const [legacy, shadow] = [await startBackend(dir), await startBackend(dir)];
	const setting = { dir, legacy, shadow, missing: missing.map(({ name }) => name), options: asked, say };
	try {
		if (asked.parts.includes("rates")) Object.assign(results, await runRates(setting));
		if (asked.parts.includes("trouble")) results.trouble = await runTrouble(setting);
		if (asked.parts.includes("growth")) results.growth = await runGrowth(setting);
		if (asked.parts.includes("kill")) results.kill = await runKillSwitch(setting);
	} finally {
		await Promise.all([legacy.end(), shadow.end()]);
	}
	return results;
}
