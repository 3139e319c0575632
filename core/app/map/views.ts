import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { sha256 } from "../../base/index.ts";
import type { SavedView } from "../../contract/views.ts";

const stored = z.array(z.object({ name: z.string(), details: z.record(z.string(), z.string()) }));

/** Named views of the map, by code base, in `<dir>/maps`. */
export function createViews({ dir }: { dir: string }) {
	const fileOf = (root: string) => join(dir, "maps", `${sha256(root).slice(0, 16)}.views.json`);
	return {
		async list(root: string): Promise<SavedView[]> {
			try {
				return stored.parse(JSON.parse(await readFile(fileOf(root), "utf8")));
			} catch {
				// None yet, or none that can be read.
				return [];
			}
		},
		async keep(root: string, views: readonly SavedView[]): Promise<void> {
			const file = fileOf(root);
			await mkdir(join(dir, "maps"), { recursive: true });
			await writeFile(`${file}.new`, JSON.stringify(views, null, "\t"));
			await rename(`${file}.new`, file);
		},
	};
}
