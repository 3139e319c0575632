import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { Plugin } from "vite";
import { manifestName, type ScreenManifest, screenManifestShape } from "../core/contract/screen-files.ts";

const types: Record<string, string> = {
	".html": "text/html; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".json": "application/json; charset=utf-8",
	".svg": "image/svg+xml",
	".png": "image/png",
	".ttf": "font/ttf",
	".woff2": "font/woff2",
	".wasm": "application/wasm",
};

/** Writes the list of the files that a host may serve beside them. A file of an unknown kind or an unforeseen name fails the build. */
export function screenManifest(): Plugin {
	return {
		name: "phoenix-screen-manifest",
		apply: "build",
		writeBundle({ dir = "" }) {
			const files = readdirSync(dir, { recursive: true, encoding: "utf8" }).map((file) => file.replaceAll("\\", "/"));
			const served = files.filter((file) => extname(file) !== "" && file !== manifestName).sort();
			const manifest: ScreenManifest = Object.fromEntries(served.map((file) => [file, entryOf(dir, file)]));
			writeFileSync(join(dir, manifestName), JSON.stringify(screenManifestShape.parse(manifest), null, "\t"));
		},
	};
}

function entryOf(dir: string, file: string): ScreenManifest[string] {
	const type = types[extname(file)];
	if (type === undefined) throw new Error(`Of what type is ${file}? Name it in renderer/screen-manifest.config.ts.`);
	return {
		file,
		type,
		sha256: createHash("sha256")
			.update(readFileSync(join(dir, file)))
			.digest("hex"),
	};
}
