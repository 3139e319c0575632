// What must be there before anything else can run: the packages, and a Node that reads TypeScript.
// Plain JavaScript for Node 18 and later, without any package: it runs on a fresh clone.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

const NEEDED_NODE = 24;
const modules = join(root, "node_modules");
const stamp = join(modules, ".phoenix-installed");
const installedNode = join(modules, "node/bin", process.platform === "win32" ? "node.exe" : "node");

/** @param {string} line one line for a person; never on stdout, which belongs to results */
export function say(line) {
	process.stderr.write(`${line}\n`);
}

/** The environment of everything that is started: the project's tools first in the path, no download of a desktop binary. */
export function environment() {
	const path = [join(modules, ".bin"), process.env.PATH ?? ""].join(delimiter);
	return { ...process.env, PATH: path, ELECTRON_SKIP_BINARY_DOWNLOAD: "1" };
}

/** Installs the packages when they are not those of package-lock.json. Throws with a sentence when that fails. */
export function install() {
	const lock = readFileSync(join(root, "package-lock.json"), "utf8");
	const wanted = createHash("sha256").update(lock).digest("hex");
	if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
	if (!isInstalled(lock)) {
		say("Installing packages (npm ci): about a minute the first time.");
		const npm = process.env.npm_execpath;
		const [command, args] = npm?.endsWith("js") ? [process.execPath, [npm]] : ["npm", []];
		const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
		const { status, error } = spawnSync(command, [...args, "ci", ...quiet], {
			cwd: root,
			env: { ...process.env, ELECTRON_SKIP_BINARY_DOWNLOAD: "1" },
			stdio: ["ignore", 2, 2],
			shell: command === "npm" && process.platform === "win32",
		});
		if (status !== 0) throw new Error(`The packages could not be installed (npm ci: ${error?.message ?? `exit code ${status}`}).`);
	}
	provideNode();
	writeFileSync(stamp, wanted);
}

/** Whether node_modules holds exactly the versions of the lock file, from whatever install. @param {string} lock */
function isInstalled(lock) {
	const hidden = join(modules, ".package-lock.json");
	if (!existsSync(hidden)) return false;
	const { packages: wanted } = JSON.parse(lock);
	const { packages: present } = JSON.parse(readFileSync(hidden, "utf8"));
	return Object.entries(wanted).every(
		([path, { version, optional }]) => path === "" || present[path]?.version === version || (optional && present[path] === undefined),
	);
}

/** The package `node` fetches its binary in an install script, which some settings of npm do not run. */
function provideNode() {
	if (hasNeededNode()) return;
	say(`Fetching Node ${NEEDED_NODE} (npm package "node"); this machine runs ${process.version}.`);
	const folder = join(modules, "node");
	spawnSync(process.execPath, ["installArchSpecificPackage.js"], { cwd: folder, env: process.env, stdio: ["ignore", 2, 2] });
	if (!hasNeededNode())
		throw new Error(`Node ${NEEDED_NODE} is needed, and no binary of it could be installed for ${process.platform}-${process.arch}.`);
}

function hasNeededNode() {
	return isNeeded(process.versions.node) || existsSync(installedNode);
}

/** @param {string} version */
function isNeeded(version) {
	return Number.parseInt(version, 10) >= NEEDED_NODE;
}

/** The Node that runs the product. */
export function nodeBinary() {
	return existsSync(installedNode) ? installedNode : process.execPath;
}

/**
 * Makes sure that the rest of `script` runs under Node 24: true when it does already; otherwise it is started again
 * there with the same arguments, its exit code becomes ours, and the caller has nothing left to do.
 * @param {string} script @returns {Promise<boolean>}
 */
export async function underNeededNode(script) {
	if (isNeeded(process.versions.node)) return true;
	process.exitCode = await run(nodeBinary(), [fileURLToPath(script), ...process.argv.slice(2)], { stdio: "inherit", cwd: process.cwd() });
	return false;
}

/**
 * Runs a program to its end and passes signals on; the exit code, 1 when a signal ended it.
 * @param {string} command @param {string[]} args @param {import("node:child_process").SpawnOptions} [options] @returns {Promise<number>}
 */
export function run(command, args, options = {}) {
	return ended(start(command, args, options));
}

/**
 * A terminal's Ctrl-C reaches every process of its group, npm passes signals on as well, and a program that hears a
 * signal twice breaks off its orderly end. So the program gets a group of its own, and `ended` tells it once.
 * @param {string} command @param {string[]} args @param {import("node:child_process").SpawnOptions} [options]
 */
export function start(command, args, options = {}) {
	return spawn(command, args, { cwd: root, env: environment(), stdio: "inherit", detached: process.platform !== "win32", ...options });
}

/** @param {import("node:child_process").ChildProcess} child made by `start` @returns {Promise<number>} */
export function ended(child) {
	/** @type {NodeJS.Signals[]} */
	const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
	let toldAt = Number.NEGATIVE_INFINITY;
	const pass = (/** @type {NodeJS.Signals} */ signal) => {
		if (performance.now() - toldAt < 2_000) return;
		toldAt = performance.now();
		child.kill(signal);
	};
	for (const signal of signals) process.on(signal, pass);
	const watch = onOrphaned(() => pass("SIGTERM"));
	return new Promise((resolve, reject) => {
		child.on("error", reject);
		child.on("close", (code) => {
			clearInterval(watch);
			for (const signal of signals) process.off(signal, pass);
			resolve(code ?? 1);
		});
	});
}

/**
 * npm runs a script under a shell, and a shell that is ended by SIGTERM does not tell what it started.
 * Started by npm, a program therefore ends with its shell. @param {() => void} told
 */
export function onOrphaned(told) {
	if (process.env.npm_lifecycle_event === undefined || process.platform === "win32") return undefined;
	const parent = process.ppid;
	const timer = setInterval(() => {
		if (process.ppid === parent) return;
		clearInterval(timer);
		told();
	}, 250);
	return timer.unref();
}
