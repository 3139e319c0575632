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

const screen = "renderer/screen.e2e.ts";
const frame = "renderer/app/frame.e2e.ts";
const stage = "renderer/features/stage/stage.e2e.ts";

/** @type {Measurement[]} */
const measurements = [
	{ goals: [1, 2, 19], what: "the first page", measure: () => outcomesOf([product, "starting"]) },
	{
		goals: [3, 4, 5, 6, 7, 8, 20],
		what: "the map at 5,000 and 20,000 functions",
		measure: () => outcomesOf(["renderer/features/map/map.bench.ts"]),
	},
	{ goals: [9, 10, 16, 17], what: "a migration under load, with everything killed once", measure: () => outcomesOf([product, "running"]) },
	{ goals: [11], what: "twelve interactions by keyboard", measure: interactions },
	{ goals: [12], what: "every place, dialog and theme, and the stage", measure: violations },
	{ goals: [13], what: "every pair of colours", measure: contrast },
	{ goals: [14], what: "200,000 lines of output", measure: longLog },
	{ goals: [15], what: "differences in Monaco", measure: differences },
	{ goals: [21], what: "every dialog in small windows", measure: dialogs },
	{ goals: [22], what: "the stage from five metres", measure: legibility },
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

/** @returns {Promise<Record<number, Outcome>>} */
async function interactions() {
	const { passed, all } = await tests("e2e", ["core/app/e2e/interactions.e2e.ts"]);
	return { 11: { measured: { passed, of: all } } };
}

/** A view that axe-core finds fault with is a test that fails. @returns {Promise<Record<number, Outcome>>} */
async function violations() {
	const { passed, all } = await tests("e2e", [screen, frame, stage], "axe");
	return { 12: { measured: { violations: all - passed, views: all } } };
}

/** @returns {Promise<Record<number, Outcome>>} */
async function contrast() {
	const { passed, all } = await tests("renderer", ["renderer/ui/tokens.test.ts"]);
	return { 13: { measured: { below: all - passed, pairs: all } } };
}

/** @returns {Promise<Record<number, Outcome>>} */
async function longLog() {
	const { stdout } = await tests("e2e", ["renderer/features/runtime/runtime.e2e.ts"], "goal 14");
	return { 14: { measured: figuresIn(stdout, /scroll frames .*? p95 ([\d.]+) ms/)[0] ?? null } };
}

/** Of later differences the median: each is another file of another length. @returns {Promise<Record<number, Outcome>>} */
async function differences() {
	const { stdout } = await tests("e2e", ["renderer/features/patches/patches.e2e.ts"], "how long each difference took");
	const [first, ...later] = figuresIn(stdout, /first difference (\d+) ms, later ones ([\d, ]+) ms/);
	const middle = later.sort((a, b) => a - b)[Math.floor(later.length / 2)];
	return { 15: { measured: first === undefined || middle === undefined ? null : { first, later: middle } } };
}

/** @returns {Promise<Record<number, Outcome>>} */
async function dialogs() {
	const { passed, all } = await tests("e2e", [frame], "can use every control");
	return { 21: { measured: { passed, of: all } } };
}

/** The smallest of all chapters and sizes, in pixels. @returns {Promise<Record<number, Outcome>>} */
async function legibility() {
	const { stdout } = await tests("e2e", [stage]);
	const lines = stdout.split("\n").filter((line) => line.includes("goal 22, "));
	const least = (/** @type {RegExp} */ pattern) => {
		const figures = lines.flatMap((line) => figuresIn(line, pattern));
		// The least of nothing is no figure.
		return figures.length === 0 ? 0 : Math.min(...figures);
	};
	const measured = { text: least(/text ([\d.]+) px/), number: least(/numbers ([\d.]+) px/), canvas: least(/canvas ([\d. and]+)/) };
	return { 22: { measured: lines.length === 0 ? null : measured, note: `${lines.length} chapters and sizes` } };
}

/** Every number in the groups of the first match. @param {string} text @param {RegExp} pattern */
function figuresIn(text, pattern) {
	return (pattern.exec(text)?.slice(1) ?? []).flatMap((group) => group.match(/[\d.]+/g) ?? []).map(Number);
}

/**
 * Runs tests that measure: how many there are, how many passed, and what they printed.
 * @param {string} project @param {string[]} files @param {string} [name] only tests whose name holds this
 */
async function tests(project, files, name) {
	const dir = mkdtempSync(join(tmpdir(), "phoenix-bench-"));
	const report = join(dir, "report.json");
	try {
		const filter = name === undefined ? [] : ["--testNamePattern", name];
		const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
		const { stdout } = await output(["node_modules/vitest/vitest.mjs", "run", "--project", project, ...files, ...filter, ...reporters]);
		const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, "utf8"));
		return { passed: numPassedTests, all: numPassedTests + numFailedTests, stdout };
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
