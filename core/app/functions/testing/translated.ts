import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { makeFunctionUnit } from "../../../blueprint/index.ts";
import type { TypedValue, Unexpressed, Vector } from "../../../contract/function-ir.ts";
import { generateFunctionModule } from "../../../generate/index.ts";
import { readProgram } from "../../../mapper/index.ts";

type Outcome = Pick<Vector, "result" | "raises" | "after" | "output"> & { untranslated?: string };
export type Translated = {
	run(call: { args: TypedValue[]; keywords?: Record<string, TypedValue> }): Outcome;
	files: Record<string, string>;
};

/** A source function, translated into `dir` and loaded; or what it was refused for. */
export async function translate(dir: string, source: string, name: string): Promise<Translated | Unexpressed[]> {
	mkdirSync(dir, { recursive: true });
	writeFileSync(join(dir, "m.py"), source);
	const { program, entry } = await readProgram(join(dir, "m.py"));
	const unit = makeFunctionUnit(program, entry.name, name);
	const { files, unsupported } = generateFunctionModule(unit, "typescript");
	if (unsupported.length > 0) return unsupported;
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(dirname(join(dir, path)), { recursive: true });
		writeFileSync(join(dir, path), text);
	}
	const module = Object.keys(files).find((path) => /^[\w-]+\.ts$/.test(path) && !["python.ts", "run-vectors.ts"].includes(path)) ?? "";
	const load = (path: string) => import(/* @vite-ignore */ pathToFileURL(join(dir, path)).href);
	const { runLine } = (await load("python/run-vectors.ts")) as { runLine(fn: unknown, line: unknown): Outcome };
	const exported = (await load(module)) as Record<string, unknown>;
	return { run: (call) => runLine(exported[name], call), files };
}

/** What differs between a recorded call and the translation's; null when nothing does. */
export function difference(vector: Vector, outcome: Outcome): string | null {
	const told = (from: Outcome | Vector) =>
		JSON.stringify({ result: from.result, raises: from.raises, after: from.after, output: from.output });
	if (outcome.untranslated === undefined && told(vector) === told(outcome)) return null;
	return `${JSON.stringify(vector.args)}\n    source ${told(vector)}\n    here   ${told(outcome)} ${outcome.untranslated ?? ""}`;
}
