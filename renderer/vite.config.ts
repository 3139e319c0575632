import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { screenManifest } from "./screen-manifest.config.ts";

export default defineConfig({
	root: fileURLToPath(new URL(".", import.meta.url)),
	// Relative, so that the same files work at http://127.0.0.1 and at app://ui/.
	base: "./",
	plugins: [react(), screenManifest()],
	build: {
		outDir: "../dist/renderer",
		emptyOutDir: true,
		target: "chrome140",
		// Inlined assets would be data: addresses, which the content security policy refuses for fonts and workers.
		assetsInlineLimit: 0,
		// The preload shim of Vite is an inline script.
		modulePreload: { polyfill: false },
		chunkSizeWarningLimit: 4000,
	},
	worker: { format: "es" },
});
