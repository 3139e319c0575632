// The desktop binary, if this machine has one. It is never downloaded from here.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./runtime.mjs";

/** The path of the Electron program, or the reason why no window can be opened. @returns {{ program: string } | { reason: string }} */
export function findElectron() {
	const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(root, "node_modules/electron/dist");
	const named = join(root, "node_modules/electron/path.txt");
	const names = { darwin: "Electron.app/Contents/MacOS/Electron", win32: "electron.exe" };
	const usual = names[/** @type {keyof typeof names} */ (process.platform)] ?? "electron";
	const program = join(folder, existsSync(named) ? readFileSync(named, "utf8").trim() : usual);
	if (!existsSync(program)) return { reason: "the Electron binary is not installed (npx install-electron fetches it)" };
	if (process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return { reason: "there is no display" };
	return { program };
}
