import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import type { BrowserWindow } from "electron";
import { z } from "zod";
import { askWhere } from "./dialogs.ts";

const most = 64 * 1024 * 1024;

/** A file comes in parts, because no message may be longer than a mebibyte; `last` asks where to. */
export const filePart = z.object({
	name: z
		.string()
		.min(1)
		.max(200)
		.regex(/^[^/\\\0]+$/),
	part: z.instanceof(Uint8Array).refine((part) => part.byteLength <= 768 * 1024),
	first: z.boolean(),
	last: z.boolean(),
});

/** Keeps the parts of one file until its last; the name under which it was saved, null until then or when it was not. */
export function createFileSaver(window: BrowserWindow): (part: z.infer<typeof filePart>) => Promise<string | null> {
	let parts: Uint8Array[] = [];
	return async ({ name, part, first, last }) => {
		parts = first ? [part] : [...parts, part];
		if (parts.reduce((length, one) => length + one.byteLength, 0) > most) {
			parts = [];
			throw new Error("Too long.");
		}
		if (!last) return null;
		const content = Buffer.concat(parts);
		parts = [];
		const path = await askWhere(window, name);
		if (path === null) return null;
		await writeFile(path, content);
		return basename(path);
	};
}
