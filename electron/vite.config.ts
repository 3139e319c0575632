import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

// One file for Electron's main process, an ES module; everything but Electron and Node is inside.
export default defineConfig({
	root: fileURLToPath(new URL(".", import.meta.url)),
	build: {
		ssr: "main.ts",
		outDir: "../dist/electron",
		emptyOutDir: true,
		target: "node24",
		minify: false,
		sourcemap: true,
		rolldownOptions: { output: { entryFileNames: "main.js", codeSplitting: false } },
	},
	ssr: { noExternal: true, external: ["electron"] },
});
