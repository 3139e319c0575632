// `npm run bench:ui`: measures the 22 goals of the screen (build/ui-goals.mjs) over the real product in a real Chromium and prints a
// table. Flags: --json (ends with one line: goal number -> { limit, measured, met }), --soak MINUTES (default 10; 0 leaves goal 18
// unmeasured), --only 1,2,19. Whatever was not measured is not met.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { provideBrowser } from "./browser.mjs";
import { buildScreen } from "./bundles.mjs";
import { environment, install, nodeBinary, root, say, underNeededNode } from "./runtime.mjs";
import { goals } from "./ui-goals.mjs";

/** @typedef {{ measured: import("./ui-goals.mjs").Measured; note?: string }} Outcome */
/** One program that measures some goals. @typedef {{ goals: number[]; what: string; measure(): Promise<Record<number, Outcome>> }} Measurement */

const { values: flags } = parseArgs({
	options: { json: { type: "boolean" }, soak: { type: "string", default: "10" }, only: { type: "string" } },
});
const wanted = flags.only === undefined ? goals.map(({ id }) => id) : flags.only.split(",").map(Number);
const product = "core/app/testing/goals/main.ts";

/** @type {Measurement[]} */
const measurements = [
	{ goals: [1, 2, 19], what: "the first page", measure: () => outcomesOf([product, "starting"]) },
	{
		goals: [3, 4, 5, 6, 7, 8, 20],
		what: "the map at 5,000 and 20,000 functions",
		measure: () => outcomesOf(["renderer/features/map/map.bench.ts"]),
	},
	{ goals: [9, 10, 16, 17], what: "a migration under load, with everything killed once", measure: () => outcomesOf([product, "running"]) },
	{
		goals: [11],
		what: "twelve interactions by keyboard",
		measure: async () => ({ 11: await passedIn("core/app/e2e/interactions.e2e.ts") }),
	},
	{ goals: [12, 21, 22], what: "every view", measure: () => outcomesOf(["renderer/fixtures/access.bench.ts"]) },
	{ goals: [13], what: "contrast", measure: () => outcomesOf(["renderer/fixtures/contrast.bench.ts"]) },
	{ goals: [14, 15], what: "long logs and differences", measure: () => outcomesOf(["renderer/fixtures/lists.bench.ts"]) },
];
if (Number(flags.soak) > 0)
	measurements.push({ goals: [18], what: `${flags.soak} minutes of everything`, measure: () => outcomesOf([product, "soak", flags.soak]) });

try {
	install();
	if (await underNeededNode(import.meta.url)) await main();
} catch (error) {
	say(error instanceof Error ? (error.stack ?? error.message) : String(error));
	process.exitCode = 1;
}

async function main() {
	const browser = provideBrowser();
	process.env.PHOENIX_CHROMIUM = browser;
	await buildScreen();
	/** @type {Record<number, Outcome>} */
	const outcomes = {};
	for (const { goals: ids, what, measure } of measurements) {
		if (!ids.some((id) => wanted.includes(id))) continue;
		say(`Measuring ${what} (goals ${ids.join(", ")}).`);
		try {
			Object.assign(outcomes, await measure());
		} catch (error) {
			const note = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
			for (const id of ids) outcomes[id] = { measured: null, note };
		}
	}
	/** @type {Record<number, { limit: string; measured: import("./ui-goals.mjs").Measured; met: boolean }>} */
	const result = {};
	for (const { id, name, limit, isMet } of goals) {
		if (!wanted.includes(id)) continue;
		const { measured = null, note = "" } = outcomes[id] ?? { measured: null, note: "not measured" };
		result[id] = { limit, measured, met: isMet(measured) };
		const row = [String(id).padStart(2), result[id].met ? "met " : "NOT ", name.padEnd(58), limit.padEnd(34), wordsOf(measured), note];
		console.log(row.join("  ").trimEnd());
	}
	const met = Object.values(result).filter((one) => one.met).length;
	console.log(`${met} of ${Object.keys(result).length} goals met`);
	if (flags.json) console.log(JSON.stringify(result));
}

/** @param {import("./ui-goals.mjs").Measured} measured */
function wordsOf(measured) {
	const round = (/** @type {number} */ value) => String(Math.round(value * 10) / 10);
	if (measured === null) return "not measured";
	if (typeof measured === "number") return round(measured);
	return Object.entries(measured)
		.map(([part, value]) => `${part} ${round(value)}`)
		.join(", ");
}

/** Runs a program whose last line is JSON: goal number -> outcome. @param {string[]} args @returns {Promise<Record<number, Outcome>>} */
async function outcomesOf(args) {
	const { code, stdout } = await output(args);
	const line = stdout.trimEnd().split("\n").at(-1) ?? "";
	if (code !== 0 || !line.startsWith("{")) throw new Error(`${args.join(" ")} ended with exit code ${code}`);
	return JSON.parse(line);
}

/** How many tests of a file pass. @param {string} file @returns {Promise<Outcome>} */
async function passedIn(file) {
	const dir = mkdtempSync(join(tmpdir(), "phoenix-bench-"));
	const report = join(dir, "report.json");
	try {
		await output(["node_modules/vitest/vitest.mjs", "run", "--project", "e2e", file, "--reporter=json", `--outputFile.json=${report}`]);
		const { numPassedTests, numTotalTests } = JSON.parse(readFileSync(report, "utf8"));
		return { measured: { passed: numPassedTests, of: numTotalTests } };
	} finally {
		rmSync(dir, { recursive: true, force: true });
	}
}

/** @param {string[]} args @returns {Promise<{ code: number | null; stdout: string }>} */
function output(args) {
	return new Promise((resolve, reject) => {
		const child = spawn(nodeBinary(), args, { cwd: root, env: environment(), stdio: ["ignore", "pipe", "inherit"] });
		let stdout = "";
		child.stdout.on("data", (part) => {
			stdout += part;
		});
		child.on("error", reject);
		child.on("close", (code) => resolve({ code, stdout }));
	});
}
