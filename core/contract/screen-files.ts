import { z } from "zod";

/**
 * The list of the built screen's files, written by its build. Hosts serve what it names and nothing else: a name of a request is
 * only ever looked up here, never made into a path.
 */
export const screenManifestShape = z.record(
	z.string(),
	z.object({
		/** Below the folder of the manifest; the build makes flat names only. */
		file: z.string().regex(/^(?:assets\/)?[\w-][\w.-]*$/),
		type: z.string().regex(/^[\w/+.-]+(?:; charset=utf-8)?$/),
		sha256: z.string().regex(/^[0-9a-f]{64}$/),
	}),
);
export type ScreenManifest = z.infer<typeof screenManifestShape>;

export const manifestName = "screen-manifest.json";

/** `/` and every name of the manifest with a slash before it. */
export function screenFile(manifest: ScreenManifest, path: string): ScreenManifest[string] | null {
	const name = path === "/" ? "index.html" : path.slice(1);
	return path.startsWith("/") && Object.hasOwn(manifest, name) ? (manifest[name] ?? null) : null;
}

/** Names with a hash in them never change their content. */
export function cacheControl(file: string): string {
	return file.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache";
}
