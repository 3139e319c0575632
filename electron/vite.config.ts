import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build, defineConfig, type Plugin, type UserConfig } from "vite";

/** One file without anything but Electron and Node outside. */
function bundle(entry: string, format: "es" | "cjs", file: string): UserConfig {
	return {
		root: fileURLToPath(new URL(".", import.meta.url)),
		build: {
			ssr: entry,
			outDir: "../dist/electron",
			emptyOutDir: false,
			target: "node24",
			minify: false,
			sourcemap: true,
			rolldownOptions: { output: { format, entryFileNames: file, codeSplitting: false } },
		},
		ssr: { noExternal: true, external: ["electron"] },
	};
}

/** Beside the main process: the preload is CommonJS, because a sandboxed page loads nothing else. */
function preload(): Plugin {
	let outDir = "";
	return {
		name: "phoenix-preload",
		configResolved(config) {
			outDir = config.build.outDir;
		},
		async closeBundle() {
			const { build: options, ...rest } = bundle("preload.ts", "cjs", "preload.cjs");
			await build({ ...rest, configFile: false, logLevel: "warn", build: { ...options, outDir } });
		},
	};
}

const trayIcons = { "tray.png": "24x24.png", "tray@2x.png": "48x48.png" };

/** The pictures of the tray beside the bundle, by the names under which Electron looks for them. */
function pictures(): Plugin {
	return {
		name: "phoenix-pictures",
		generateBundle() {
			for (const [fileName, icon] of Object.entries(trayIcons))
				this.emitFile({ type: "asset", fileName, source: readFileSync(new URL(`../assets/icons/${icon}`, import.meta.url)) });
		},
	};
}

export default defineConfig({ ...bundle("main.ts", "es", "main.js"), plugins: [pictures(), preload()] });
