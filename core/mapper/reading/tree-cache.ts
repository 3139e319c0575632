import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Bytes of all that is kept; a million lines take about 90 MB. */
export const CACHE_LIMIT = 512 * 2 ** 20;
const SUM = 32;

/** Lowered files by what they are called, what they hold and which program lowered them. Everything in it can be read anew. */
export type TreeCache = {
	/** The bytes that were kept, or undefined: not there, torn or changed since. */
	find(path: string, sha256: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
	/** A cache that cannot be written is one that keeps nothing. */
	keep(path: string, sha256: string, bytes: Uint8Array): Promise<void>;
};

/** In `dir`: `<two letters>/<key>`, each the SHA-256 of what follows and what follows. Written aside and renamed, so two processes may share it. */
export function openTreeCache(dir: string): TreeCache {
	const fileOf = (path: string, sha256: string) => {
		const key = createHash("sha256").update(`${versionOfLowering()}\0${path}\0${sha256}`).digest("hex");
		return join(dir, key.slice(0, 2), key);
	};
	return {
		async find(path, sha256) {
			const whole = await readFile(fileOf(path, sha256)).catch(() => null);
			if (whole === null || whole.length <= SUM) return undefined;
			const bytes = new Uint8Array(whole.subarray(SUM));
			return createHash("sha256").update(bytes).digest().equals(whole.subarray(0, SUM)) ? bytes : undefined;
		},
		async keep(path, sha256, bytes) {
			const file = fileOf(path, sha256);
			const aside = `${file}.${process.pid}.${++written}.new`;
			const sum = createHash("sha256").update(bytes).digest();
			try {
				await mkdir(dirname(file), { recursive: true });
				await writeFile(aside, Buffer.concat([sum, bytes]));
				await rename(aside, file);
			} catch {
				await rm(aside, { force: true }).catch(() => {});
			}
		},
	};
}

/** Takes away the oldest until the rest is within the limit, and what a process left half written an hour ago. */
export async function trimTreeCache(dir: string, limit = CACHE_LIMIT): Promise<void> {
	const kept: { file: string; size: number; at: number }[] = [];
	for (const folder of await readdir(dir).catch(() => [])) {
		for (const name of await readdir(join(dir, folder)).catch(() => [])) {
			const file = join(dir, folder, name);
			const info = await stat(file).catch(() => null);
			if (info === null) continue;
			if (name.endsWith(".new") && info.mtimeMs < Date.now() - 3_600_000) await rm(file, { force: true });
			else kept.push({ file, size: info.size, at: info.mtimeMs });
		}
	}
	let size = kept.reduce((sum, one) => sum + one.size, 0);
	for (const one of kept.sort((a, b) => a.at - b.at)) {
		if (size <= limit) return;
		await rm(one.file, { force: true }).catch(() => {});
		size -= one.size;
	}
}

let written = 0;
let version: string | null = null;

/** Changes with every file that lowers or writes, and with the grammar: a tree that another version made is never read. */
function versionOfLowering(): string {
	if (version !== null) return version;
	const hash = createHash("sha256");
	const mapper = join(import.meta.dirname, "..");
	for (const folder of ["languages/python", "reading", "wire"]) {
		for (const name of readdirSync(join(mapper, folder)).sort()) {
			if (name.includes(".test.")) continue;
			hash.update(`\0${folder}/${name}\0`).update(readFileSync(join(mapper, folder, name)));
		}
	}
	hash.update(readFileSync(createRequire(import.meta.url).resolve("tree-sitter-python/tree-sitter-python.wasm")));
	version = hash.digest("hex");
	return version;
}
