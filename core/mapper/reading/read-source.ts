import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "../../base/index.ts";
import { sourceText } from "./source-text.ts";

/** Bytes. The largest file by a human hand in the 853,000 lines of Python's own library has 0.5 MB; a tree takes a hundred times its text. */
export const LARGEST = 16 * 2 ** 20;
const RETRIES = 3;

export type SourceFile = { path: string; text: string; sha256: string; note: string | null };

/** Reads one file; again if it changes meanwhile. SOURCE_UNREADABLE with the reason: absent, no rights, too large. */
export async function readSource(root: string, path: string): Promise<SourceFile> {
	const unreadable = (reason: string, cause?: unknown) => new Fault("SOURCE_UNREADABLE", { file: join(root, path), reason }, { cause });
	try {
		const { bytes, isSteady } = await steadyBytes(join(root, path));
		if (bytes === null) throw unreadable(`it is larger than ${LARGEST / 2 ** 20} MB`);
		const sha256 = createHash("sha256").update(bytes).digest("hex");
		const { text, note } = sourceText(bytes);
		return { path, text, sha256, note: isSteady ? note : "it changed while it was read" };
	} catch (error) {
		if (error instanceof Fault) throw error;
		throw unreadable((error as NodeJS.ErrnoException).code ?? String(error), error);
	}
}

/** `bytes` null: too large. */
async function steadyBytes(file: string): Promise<{ bytes: Buffer | null; isSteady: boolean }> {
	let bytes: Buffer | null = null;
	for (let time = 0; time < RETRIES; time++) {
		const handle = await open(file, "r");
		try {
			const before = await handle.stat();
			if (before.size > LARGEST) return { bytes: null, isSteady: true };
			bytes = await handle.readFile();
			const after = await handle.stat();
			if (after.mtimeMs === before.mtimeMs && after.size === bytes.length) return { bytes, isSteady: true };
		} finally {
			await handle.close();
		}
	}
	return { bytes, isSteady: false };
}
