import { stat } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { Fault } from "../base/index.ts";
import type { Module, Program } from "../graph/index.ts";
import { createPythonReader } from "./languages/python/index.ts";
import { readSource } from "./reading/read-source.ts";

/**
 * One file and the files of the same project that it imports, and those import, as a program; `entry` is the file's module.
 * The root is the folder above the outermost package that the file is in. What is imported and not found there is left to its user.
 * Throws SOURCE_MISSING and SOURCE_UNREADABLE.
 */
export async function readProgram(file: string): Promise<{ program: Program; entry: Module }> {
	const path = resolve(file);
	if (!(await isFile(path))) throw new Fault("SOURCE_MISSING", { dir: path });
	let root = dirname(path);
	while (await isFile(join(root, "__init__.py"))) root = dirname(root);
	const read = await createPythonReader();
	const program: Program = { root, language: "python", modules: [], scripts: [], files: [], parseErrors: [] };
	const waiting = [relative(root, path)];
	const seen = new Set(waiting);
	for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
		const source = await readSource(root, next);
		const { module, errors } = read(next, source.text);
		program.modules.push(module);
		program.parseErrors.push(...errors);
		program.files.push({ path: next, sha256: source.sha256, lines: module.lines.length });
		for (const item of module.imports) {
			const base = item.level === 0 ? "" : join(dirname(next), ...Array.from({ length: item.level - 1 }, () => ".."));
			const parts = item.module === "" ? [] : item.module.split(".");
			const names = item.names ? [...parts, item.names.name] : parts;
			for (let length = 0; length <= names.length; length++) {
				const at = join(base, ...names.slice(0, length));
				for (const found of length === 0 ? [join(base, "__init__.py")] : [`${at}.py`, join(at, "__init__.py")]) {
					if (seen.has(found) || found.startsWith("..") || !(await isFile(join(root, found)))) continue;
					seen.add(found);
					waiting.push(found);
				}
			}
		}
	}
	const [entry] = program.modules;
	if (!entry) throw new Fault("SOURCE_MISSING", { dir: path });
	return { program, entry };
}

const isFile = async (path: string): Promise<boolean> => (await stat(path).catch(() => null))?.isFile() ?? false;
