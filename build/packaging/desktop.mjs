// `npm run package`: the desktop application for this system by electron-builder (deb and AppImage, dmg and zip, or nsis).
// Flags: --dir (only unpacked), --out DIR (default dist/package)
// Signing, by environment: PHOENIX_GPG_KEY (Linux: the list of hashes), CSC_LINK or CSC_NAME with APPLE_API_KEY ... (macOS),
// WIN_CSC_LINK or PHOENIX_WINDOWS_SIGN (Windows). Updates: PHOENIX_UPDATE_URL. A ready Electron: ELECTRON_OVERRIDE_DIST_PATH.
import { readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { buildDesktop, buildScreen } from "../bundles.mjs";
import { install, root, say, underNeededNode } from "../runtime.mjs";
import { copy, filesBelow, write } from "./files.mjs";
import { epochOf, ownVersion } from "./headless.mjs";

/** @typedef {"linux" | "mac" | "win"} System */

/** @type {Record<string, System>} */
const systems = { linux: "linux", darwin: "mac", win32: "win" };
const platforms = { linux: "linux", mac: "darwin", win: "win32" };

/**
 * Builds from the bundles as they stand in dist/.
 * @param {{ out: string; system?: System; arch?: "x64" | "arm64"; targets?: string[]; env?: NodeJS.ProcessEnv; electronDist?: string; version?: string; epoch?: number }} options
 * @returns {Promise<{ artifacts: string[]; unpacked: string; resources: string; program: string; fuses: Record<string, boolean> }>}
 */
export async function packageDesktop(options) {
	const { out, env = process.env, electronDist, version = ownVersion(), epoch = epochOf() } = options;
	const system = options.system ?? systems[process.platform] ?? "linux";
	const arch = options.arch ?? (process.arch === "arm64" ? "arm64" : "x64");
	const { Arch, build, Platform } = await import("electron-builder");
	const { createConfig } = await import("./electron-builder.mjs");
	const { stageEngine } = await import("./engine.mjs");
	const { checkFuses } = await import("./packed.mjs");
	const app = join(out, "work/app");
	const engine = join(out, "work/engine");
	rmSync(join(out, "work"), { recursive: true, force: true });
	stageApp(app, version);
	await stageEngine({ to: engine, version, platform: platforms[system], arch, desktop: true, epoch });
	const config = createConfig({ app, engine, out, version, env, ...(electronDist === undefined ? {} : { electronDist }) });
	const platform = { linux: Platform.LINUX, mac: Platform.MAC, win: Platform.WINDOWS }[system];
	const artifacts = await build({
		targets: platform.createTarget(options.targets ?? null, Arch[arch]),
		config,
		projectDir: root,
		publish: "never",
	});
	rmSync(join(out, "work"), { recursive: true });
	const place = placeOf(out, system, arch);
	// Read once more from what the artifacts were made of, signed or not.
	return { artifacts, ...place, fuses: await checkFuses(place.program) };
}

/** Where electron-builder leaves the unpacked application. @param {string} out @param {System} system @param {string} arch */
function placeOf(out, system, arch) {
	const suffix = arch === "x64" ? "" : `-${arch}`;
	if (system === "mac") {
		const program = join(out, `mac${suffix}`, "Phoenix Engine.app");
		return { unpacked: join(out, `mac${suffix}`), program, resources: join(program, "Contents/Resources") };
	}
	const unpacked = join(out, `${system}${suffix}-unpacked`);
	const name = system === "win" ? "Phoenix Engine.exe" : "phoenix-engine-desktop";
	return { unpacked, program: join(unpacked, name), resources: join(unpacked, "resources") };
}

/** The shell and the screen, with a manifest that names no package: everything they need is in their bundles. @param {string} to @param {string} version */
function stageApp(to, version) {
	for (const folder of ["dist/electron", "dist/renderer"])
		for (const path of filesBelow(join(root, folder))) if (!path.endsWith(".map")) copy(join(root, folder, path), join(to, folder, path));
	const { name, description, license, main, type } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
	const manifest = {
		name,
		productName: "Phoenix Engine",
		version,
		description,
		license,
		author: "The authors of Phoenix Engine",
		main,
		type,
	};
	const homepage = process.env.PHOENIX_HOMEPAGE ?? "https://phoenix-engine.invalid";
	const desktopName = "phoenix-engine-desktop.desktop";
	write(join(to, "package.json"), `${JSON.stringify({ ...manifest, homepage, desktopName }, null, "\t")}\n`);
}

async function main() {
	const { values } = parseArgs({ options: { dir: { type: "boolean" }, out: { type: "string", default: "dist/package" } } });
	await buildScreen();
	await buildDesktop();
	const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH;
	const built = await packageDesktop({
		out: resolve(root, values.out),
		...(values.dir ? { targets: ["dir"] } : {}),
		...(dist ? { electronDist: dist } : {}),
	});
	console.log([built.unpacked, ...built.artifacts].join("\n"));
	console.log(
		`fuses: ${Object.entries(built.fuses)
			.map(([name, isOn]) => `${name} ${isOn ? "on" : "off"}`)
			.join(", ")}`,
	);
}

if (process.argv[1] === import.meta.filename) {
	try {
		install();
		if (await underNeededNode(import.meta.url)) await main();
	} catch (error) {
		say(error instanceof Error ? error.message : String(error));
		process.exitCode = 1;
	}
}
