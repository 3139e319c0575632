import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheControl, manifestName, type ScreenManifest, screenFile, screenManifestShape } from "../../contract/screen-files.ts";

export type ScreenFile = { content: Buffer; type: string; cache: string };

/** Reads what the manifest of the built screen names; null for anything else, and for a file that is not as it was built. */
export function openScreenFiles(dir: string): (path: string) => Promise<ScreenFile | null> {
	let manifest = readManifest(dir);
	return async (path) => {
		// Whoever asks for the page asks for the rest after it: a new build needs no restart.
		if (path === "/") manifest = readManifest(dir);
		const named = screenFile(manifest, path);
		if (named === null) return null;
		const content = await readFile(join(dir, named.file)).catch(() => null);
		if (content === null || createHash("sha256").update(content).digest("hex") !== named.sha256) return null;
		return { content, type: named.type, cache: cacheControl(named.file) };
	};
}

/** Empty where nothing was built. */
function readManifest(dir: string): ScreenManifest {
	try {
		return screenManifestShape.parse(JSON.parse(readFileSync(join(dir, manifestName), "utf8")));
	} catch {
		return {};
	}
}
