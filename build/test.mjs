// `npm test`: installs, then checks and tests everything; the last line is the sum: `N passed, N failed`.
// `npm test -- types lint` runs only the named steps; `npm run test:full` adds what takes minutes each (`*.slow.e2e.ts`).
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { provideBrowser } from "./browser.mjs";
import { buildDesktop, buildScreen } from "./bundles.mjs";
import { providePostgres } from "./postgres.mjs";
import { environment, install, nodeBinary, onOrphaned, root, say, underNeededNode } from "./runtime.mjs";

/** @typedef {{ passed: number; failed: number; skipped: number }} Count */
/** @typedef {{ name: string; status: string; assertionResults: { status: string; fullName: string }[] }} TestFile */

const reports = join(root, "test-results");
const bin = {
	tsc: join(root, "node_modules/typescript/bin/tsc"),
	biome: join(root, "node_modules/@biomejs/biome/bin/biome"),
	vitest: join(root, "node_modules/vitest/vitest.mjs"),
};

/** In order; minutes are the longest each may take. @type {{ name: string; minutes: number; run: (ms: number) => Promise<Count> }[]} */
const steps = [
	{ name: "types", minutes: 3, run: (ms) => check([bin.tsc, "-b"], ms) },
	{ name: "lint", minutes: 2, run: (ms) => check([bin.biome, "check", "--max-diagnostics=200"], ms) },
	{ name: "layers", minutes: 2, run: (ms) => check([join(root, "build/check-layers.mjs")], ms) },
	{ name: "planted", minutes: 4, run: planted },
	{ name: "unit", minutes: 8, run: (ms) => vitest("unit", ["unit", "renderer"], {}, ms) },
	{ name: "python", minutes: 3, run: python },
	{ name: "build", minutes: 3, run: build },
	{ name: "e2e", minutes: 30, run: (ms) => endToEnd("e2e", ms) },
	{ name: "package", minutes: 10, run: (ms) => vitest("package", ["package"], {}, ms) },
	{ name: "slow", minutes: 30, run: (ms) => endToEnd("slow", ms) },
];
/** Left out unless they are named, or all are asked for. */
const onlyInFull = ["slow"];
/** What a reader of the sum has to know beside it. @type {string[]} */
const remarks = [];

try {
	install();
	if (await underNeededNode(import.meta.url)) await main();
} catch (error) {
	say(error instanceof Error ? error.message : String(error));
	console.log("0 passed, 1 failed");
	process.exitCode = 1;
}

async function main() {
	const full = process.argv.includes("--full");
	const only = process.argv.slice(2).filter((word) => word !== "--full");
	const unknown = only.filter((name) => !steps.some((step) => step.name === name));
	if (unknown.length > 0)
		throw new Error(`There is no step ${unknown.join(", ")}. The steps: ${steps.map(({ name }) => name).join(", ")}.`);
	rmSync(reports, { recursive: true, force: true });
	mkdirSync(reports, { recursive: true });
	/** @type {Count} */
	const sum = { passed: 0, failed: 0, skipped: 0 };
	/** @type {string[]} */
	const rows = [];
	for (const { name, minutes, run } of steps) {
		const isWanted = only.length > 0 ? only.includes(name) : full || !onlyInFull.includes(name);
		if (!isWanted) continue;
		console.log(`\n--- ${name}`);
		const start = performance.now();
		const count = await run(minutes * 60_000).catch((error) => {
			console.error(error instanceof Error ? error.message : error);
			return { passed: 0, failed: 1, skipped: 0 };
		});
		sum.passed += count.passed;
		sum.failed += count.failed;
		sum.skipped += count.skipped;
		const seconds = ((performance.now() - start) / 1_000).toFixed(1);
		rows.push(
			`${name.padEnd(8)} ${String(count.passed).padStart(5)} passed ${String(count.failed).padStart(4)} failed ${seconds.padStart(7)} s`,
		);
	}
	console.log(`\n${rows.join("\n")}\n`);
	if (remarks.length > 0) console.log(`${remarks.join("\n")}\n`);
	console.log(`${sum.passed} passed, ${sum.failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ""}`);
	process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;
}

/** A step that is one test: right when the program says so. @param {string[]} args @param {number} ms @returns {Promise<Count>} */
async function check(args, ms) {
	const { code } = await runFor(ms, nodeBinary(), args);
	return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

/** @param {number} ms @returns {Promise<Count>} */
async function planted(ms) {
	const { output } = await runFor(ms, nodeBinary(), [join(root, "build/plant-violations.mjs")]);
	const [, caught, all] = output.match(/(\d+) of (\d+) caught/) ?? [];
	if (caught === undefined || all === undefined) throw new Error("build/plant-violations.mjs ended without a result");
	return { passed: Number(caught), failed: Number(all) - Number(caught), skipped: 0 };
}

/**
 * A file with a failure is run once more, alone: machines are noisy. What fails twice has failed; what passes then is
 * counted as passed and named as unsteady, so that nobody has to search for it.
 * @param {string} name @param {string[]} projects @param {Record<string, string>} variables @param {number} ms @returns {Promise<Count>}
 */
async function vitest(name, projects, variables, ms) {
	if (name !== "package") providePostgres();
	const select = projects.flatMap((project) => ["--project", project]);
	const first = await vitestOnce(name, select, variables, ms);
	if (first.failed === 0 || first.failures.length === 0) return first;
	console.log(`\n--- ${name}, once more: ${first.failures.map(({ file }) => file).join(", ")}`);
	const files = first.failures.map(({ file }) => file);
	const second = await vitestOnce(`${name}-again`, [...select, "--no-file-parallelism", ...files], variables, ms);
	const before = first.failures.flatMap(({ file, tests }) => tests.map((test) => `${file} > ${test}`));
	const after = new Set(second.failures.flatMap(({ file, tests }) => tests.map((test) => `${file} > ${test}`)));
	for (const test of before) remarks.push(`${after.has(test) ? "failed twice" : "unsteady, passed when run again"}: ${test}`);
	for (const test of after) if (!before.includes(test)) remarks.push(`failed when run again: ${test}`);
	return { passed: first.passed + first.failed - second.failed, failed: second.failed, skipped: first.skipped };
}

/**
 * @param {string} name @param {string[]} select @param {Record<string, string>} variables @param {number} ms
 * @returns {Promise<Count & { failures: { file: string; tests: string[] }[] }>}
 */
async function vitestOnce(name, select, variables, ms) {
	const report = join(reports, `${name}.json`);
	const args = [bin.vitest, "run", ...select, "--passWithNoTests", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
	const { code } = await runFor(ms, nodeBinary(), args, variables);
	if (!existsSync(report)) throw new Error(`The ${name} tests ended without a report (exit code ${code}).`);
	/** @type {{ numPassedTests: number; numFailedTests: number; numPendingTests: number; testResults: TestFile[] }} */
	const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
	const failures = testResults
		.filter(({ status }) => status === "failed")
		.map(({ name: path, assertionResults }) => {
			const tests = assertionResults.filter(({ status }) => status === "failed").map(({ fullName }) => fullName);
			// A file that cannot be loaded fails without a test.
			return { file: relative(root, path), tests: tests.length > 0 ? tests : ["the file itself"] };
		});
	const filesWithoutTest = failures.filter(({ tests }) => tests[0] === "the file itself").length;
	// An error outside of any test fails the run without failing a file.
	const failed = Math.max(numFailedTests + filesWithoutTest, code === 0 ? 0 : 1);
	return { passed: numPassedTests, failed, skipped: numPendingTests, failures };
}

/** @param {number} ms @returns {Promise<Count>} */
async function python(ms) {
	const candidates = process.platform === "win32" ? ["python", "py"] : ["python3", "python"];
	for (const command of candidates) {
		const folder = join(root, "sample-monolith");
		const result = await runFor(
			ms,
			command,
			["-m", "unittest", "discover", "-t", ".", "-s", "."],
			{ PYTHONDONTWRITEBYTECODE: "1" },
			folder,
		).catch(() => null);
		if (result === null) continue;
		const ran = Number(result.output.match(/^Ran (\d+) tests?/m)?.[1] ?? 0);
		const counted = (/** @type {string} */ word) => Number(result.output.match(new RegExp(`\\b${word}=(\\d+)`))?.[1] ?? 0);
		const failed = counted("failures") + counted("errors");
		if (ran === 0) throw new Error(`No Python test ran (exit code ${result.code}).`);
		return {
			passed: Math.max(0, ran - failed - counted("skipped")),
			failed: Math.max(failed, result.code === 0 ? 0 : 1),
			skipped: counted("skipped"),
		};
	}
	throw new Error(`The sample bank needs Python 3.8 or later, and there is none here (${candidates.join(", ")}).`);
}

/** @returns {Promise<Count>} */
async function build() {
	await buildScreen();
	await buildDesktop();
	return { passed: 2, failed: 0, skipped: 0 };
}

/** @param {string} project @param {number} ms @returns {Promise<Count>} */
async function endToEnd(project, ms) {
	const browser = provideBrowser();
	say(`Chromium: ${browser}`);
	return vitest(project, [project], { PHOENIX_CHROMIUM: browser }, ms);
}

/**
 * Runs a program, shows and keeps what it prints; ended with everything it started when `ms` are over.
 * @param {number} ms @param {string} command @param {string[]} args @param {Record<string, string>} [variables] @param {string} [cwd]
 * @returns {Promise<{ code: number; output: string }>}
 */
function runFor(ms, command, args, variables = {}, cwd = root) {
	return new Promise((resolve, reject) => {
		const group = process.platform !== "win32";
		const child = spawn(command, args, {
			cwd,
			env: { ...environment(), ...variables },
			stdio: ["ignore", "pipe", "pipe"],
			detached: group,
		});
		let output = "";
		child.stdout.on("data", (text) => {
			output += text;
			process.stdout.write(text);
		});
		child.stderr.on("data", (text) => {
			output += text;
			process.stderr.write(text);
		});
		const end = (/** @type {NodeJS.Signals} */ signal) => {
			if (child.pid === undefined) return;
			try {
				process.kill(group ? -child.pid : child.pid, signal);
			} catch {
				// It ended by itself in the meantime.
			}
		};
		const interrupt = () => {
			end("SIGTERM");
			process.exit(130);
		};
		process.once("SIGINT", interrupt);
		process.once("SIGTERM", interrupt);
		const watch = onOrphaned(interrupt);
		const late = setTimeout(() => {
			console.error(`Not done after ${ms / 60_000} minutes; ended.`);
			end("SIGKILL");
		}, ms);
		child.on("error", reject);
		child.on("close", (code) => {
			clearTimeout(late);
			clearInterval(watch);
			process.off("SIGINT", interrupt);
			process.off("SIGTERM", interrupt);
			resolve({ code: code ?? 1, output });
		});
	});
}
