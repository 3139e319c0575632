// Finds a Chromium for the tests, or installs the system's own package where that is possible without asking anyone.
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { say } from "./runtime.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"];
const { PROGRAMFILES = "C:\\Program Files", "PROGRAMFILES(X86)": programs86 = "C:\\Program Files (x86)", LOCALAPPDATA = "" } = process.env;
const places = {
	darwin: [
		"/Applications/Chromium.app/Contents/MacOS/Chromium",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
		"/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
	],
	win32: [PROGRAMFILES, programs86, LOCALAPPDATA].flatMap((folder) => [
		join(folder, "Google/Chrome/Application/chrome.exe"),
		join(folder, "Chromium/Application/chrome.exe"),
		join(folder, "Microsoft/Edge/Application/msedge.exe"),
	]),
	linux: ["/snap/bin/chromium", "/usr/lib/chromium/chromium", "/opt/google/chrome/chrome"],
};

/** The path of a Chromium, or null. PHOENIX_CHROMIUM wins, also when it is wrong: a named browser is never replaced silently. */
export function findBrowser() {
	const named = process.env.PHOENIX_CHROMIUM;
	if (named) return isProgram(named) ? named : null;
	const inPath = (process.env.PATH ?? "")
		.split(delimiter)
		.flatMap((folder) => names.map((name) => join(folder, process.platform === "win32" ? `${name}.exe` : name)));
	const usual = places[/** @type {keyof typeof places} */ (process.platform)] ?? [];
	return [...inPath, ...usual].find(isProgram) ?? null;
}

/** As `findBrowser`, but installs Debian's package as root. Throws an error with code BROWSER_MISSING that says what to do. */
export function provideBrowser() {
	const found = findBrowser();
	if (found) return found;
	if (process.env.PHOENIX_CHROMIUM) throw missing(`PHOENIX_CHROMIUM names ${process.env.PHOENIX_CHROMIUM}, which is not a program`);
	if (process.platform !== "linux" || !existsSync("/usr/bin/apt-get"))
		throw missing(`none in the PATH nor in the usual places of ${process.platform}`);
	if (process.getuid?.() !== 0) throw missing("none in the PATH, and only root may install the package `chromium`");
	say("Installing Chromium (apt-get install chromium): once, for the tests in a browser.");
	const options = {
		stdio: /** @type {["ignore", number, number]} */ (["ignore", 2, 2]),
		env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
	};
	spawnSync("apt-get", ["update", "-qq"], options);
	spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core"], options);
	const installed = findBrowser();
	if (!installed) throw missing("apt-get could not install the package `chromium`");
	return installed;
}

/** @param {string} path */
function isProgram(path) {
	try {
		accessSync(path, constants.X_OK);
		return existsSync(path);
	} catch {
		return false;
	}
}

/** The sentence of the fault BROWSER_MISSING (core/base/fault.ts); this file must run where TypeScript does not. @param {string} reason */
function missing(reason) {
	const todo = "Install Chromium from your system's packages, or name its path in PHOENIX_CHROMIUM.";
	return Object.assign(new Error(`No Chromium could be found or installed: ${reason}. ${todo}`), { code: "BROWSER_MISSING" });
}
