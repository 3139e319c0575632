import { Fault } from "../../base/index.ts";
import type { Module, Program } from "../../graph/index.ts";
import { createPythonReader } from "../languages/python/index.ts";
import { decode } from "../wire/decode.ts";
import { encode } from "../wire/encode.ts";
import { readSource } from "./read-source.ts";
import type { TreeCache } from "./tree-cache.ts";

/** One file of a program, or why it is none. */
export type ReadFile = { path: string; sha256: string; module: Module; errors: Program["parseErrors"] } | { path: string; unread: string };

/** Reads, parses and lowers one file, or finds it in the cache; as bytes, for whoever asks from another thread. Never throws. */
export async function readModuleBytes(root: string, path: string, cache: TreeCache | null): Promise<Uint8Array<ArrayBuffer>> {
	try {
		const source = await readSource(root, path);
		const kept = source.note === null ? await cache?.find(path, source.sha256) : undefined;
		if (kept) return kept;
		const read = await createPythonReader();
		const { module, errors } = read(path, source.text);
		const note = source.note === null ? [] : [{ file: path, line: 1, column: 1, message: source.note, frame: "" }];
		const bytes = encode({ path, sha256: source.sha256, module, errors: [...note, ...errors] } satisfies ReadFile, path);
		if (source.note === null) await cache?.keep(path, source.sha256, bytes);
		return bytes;
	} catch (error) {
		return encode({ path, unread: reasonOf(error) } satisfies ReadFile, path);
	}
}

export const readFileOf = (bytes: Uint8Array): ReadFile => decode(bytes) as ReadFile;

/** The same in this thread, where no bytes are needed. */
export async function readModule(root: string, path: string, cache: TreeCache | null): Promise<ReadFile> {
	return readFileOf(await readModuleBytes(root, path, cache));
}

function reasonOf(error: unknown): string {
	if (error instanceof Fault) return String(error.data.reason ?? error.message);
	return error instanceof Error ? error.message : String(error);
}
