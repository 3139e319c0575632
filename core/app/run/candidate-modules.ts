import { createHash } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import type { ServiceFiles } from "../../contract/blueprint.ts";

/** The part of a generated service that runs in this process. */
export type ServiceModule = {
	createService(ports: { database: DatabaseSync; now(): number; tokenHex(bytes: number): string; onFailure(error: unknown): void }): {
		handle(request: { method: string; target: string; headers: [string, string][]; body: Uint8Array }): {
			status: number;
			contentType: string;
			body: string;
		};
	};
};

const IMPORTED = /((?:\bfrom|^import)\s+")(\.{1,2}\/[^"]+\.ts)"/gm;
/** A module with a variable of its own may remember what it did: no two candidates share it. */
const REMEMBERS = /^(?:export )?(?:let|var) /m;

/**
 * Writes services that differ in a few places into one folder. A file whose text and whose imports are the same, all the way
 * down, is one file with one name: it is written, compiled and imported once.
 */
export function createCandidateModules(dir: string): (files: ServiceFiles) => Promise<ServiceModule> {
	let candidates = 0;
	return async (files) => {
		candidates++;
		const names = new Map<string, string>();
		const nameOf = (path: string): string => {
			const known = names.get(path);
			if (known !== undefined) return known;
			const hash = createHash("sha256");
			for (const each of reachable(files, path)) {
				const text = files[each] ?? "";
				hash.update(`${each}\0${text}\0${REMEMBERS.test(text) ? candidates : ""}\0`);
			}
			const name = path.replace(/\.ts$/, `.${hash.digest("hex").slice(0, 24)}.ts`);
			names.set(path, name);
			return name;
		};
		for (const path of reachable(files, "service.ts")) {
			const file = join(dir, nameOf(path));
			if (existsSync(file)) continue;
			const text = (files[path] ?? "").replace(IMPORTED, (whole, head: string, target: string) => {
				if (files[resolved(path, target)] === undefined) return whole;
				const to = posix.relative(posix.dirname(path), nameOf(resolved(path, target)));
				return `${head}${to.startsWith(".") ? to : `./${to}`}"`;
			});
			mkdirSync(dirname(file), { recursive: true });
			writeFileSync(file, text);
		}
		return (await import(/* @vite-ignore */ pathToFileURL(join(dir, nameOf("service.ts"))).href)) as ServiceModule;
	};
}

const resolved = (from: string, target: string) => posix.join(posix.dirname(from), target);

/** A file and all it imports, directly or not, in a fixed order. */
function reachable(files: ServiceFiles, from: string): string[] {
	const found = new Set([from]);
	for (const path of found)
		for (const [, , target = ""] of (files[path] ?? "").matchAll(IMPORTED)) {
			const to = resolved(path, target);
			if (files[to] !== undefined) found.add(to);
		}
	return [...found].sort();
}
