// `npm start`: from a fresh clone to the open product. Installs, builds the screen, then opens the desktop window, or,
// where that cannot be, serves the same screen to the browser. Flags: --json, --no-open, --no-sample, --browser; the
// rest goes to `phoenix serve` (--port 7460 ...).
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { buildDesktop, buildScreen } from "./bundles.mjs";
import { findElectron } from "./desktop.mjs";
import { ended, environment, install, nodeBinary, root, run, say, start, underNeededNode } from "./runtime.mjs";

const own = new Set(["--json", "--no-open", "--no-sample", "--browser"]);
const flags = new Set(process.argv.slice(2).filter((flag) => own.has(flag)));
const serveFlags = process.argv.slice(2).filter((flag) => !own.has(flag));

try {
	install();
	if (await underNeededNode(import.meta.url)) {
		await buildScreen();
		const desktop = flags.has("--browser") || flags.has("--json") ? { reason: "a browser was asked for" } : findElectron();
		if ("program" in desktop) {
			await buildDesktop();
			process.exitCode = await run(desktop.program, [root, ...(flags.has("--no-sample") ? ["--no-sample"] : []), ...serveFlags], {
				env: { ...environment(), PHOENIX_NODE: nodeBinary() },
			});
		} else {
			say(`No desktop window: ${desktop.reason}; the same screen is served to the browser.`);
			process.exitCode = await serve();
		}
	}
} catch (error) {
	say(error instanceof Error ? error.message : String(error));
	process.exitCode = 1;
}

/** Runs the core until it ends or is told to; prints where it is once it answers. @returns {Promise<number>} */
function serve() {
	const sample = flags.has("--no-sample") ? [] : ["--sample"];
	const args = [join(root, "core/cli.ts"), "serve", "--json", ...sample, ...serveFlags];
	const core = start(nodeBinary(), args, { stdio: ["ignore", "pipe", "inherit"] });
	if (core.stdout) createInterface({ input: core.stdout }).on("line", announce);
	return ended(core);
}

/** @param {string} line of `phoenix serve --json`; the first one holds the address */
function announce(line) {
	const url = addressIn(line);
	if (flags.has("--json") || url === null) {
		process.stdout.write(`${line}\n`);
		return;
	}
	process.stdout.write(`Phoenix is at ${url}\n`);
	const open = flags.has("--no-open") ? null : opener();
	if (open === null) return;
	const browser = spawn(open.command, [...open.args, url], { detached: true, stdio: "ignore" });
	browser.on("error", () => say("No browser could be opened; follow the address above."));
	browser.unref();
}

/** @param {string} line @returns {string | null} */
function addressIn(line) {
	try {
		const { url } = JSON.parse(line);
		return typeof url === "string" ? url : null;
	} catch {
		return null;
	}
}

/** What opens an address on this machine; null without a screen. */
function opener() {
	if (process.platform === "darwin") return { command: "open", args: [] };
	if (process.platform === "win32") return { command: "rundll32", args: ["url.dll,FileProtocolHandler"] };
	return process.env.DISPLAY || process.env.WAYLAND_DISPLAY ? { command: "xdg-open", args: [] } : null;
}
