import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ServiceFiles } from "../../contract/blueprint.ts";

/** The folder holds these files and no others. */
export function writeFolder(dir: string, files: ServiceFiles): void {
	rmSync(dir, { recursive: true, force: true });
	for (const [path, text] of Object.entries(files)) writeText(join(dir, path), text);
}

export function writeText(file: string, text: string): void {
	mkdirSync(dirname(file), { recursive: true });
	if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeFileSync(file, text);
}

/** SHA-256 by path. */
export function hashesOf(files: ServiceFiles): Record<string, string> {
	return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, createHash("sha256").update(text).digest("hex")]));
}
