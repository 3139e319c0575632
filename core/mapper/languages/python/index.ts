// Python source -> the small typed tree of `graph/program.ts`. Syntax only: nothing is resolved here, nothing is run.
// Tolerant: a file that does not parse gives its errors with a source frame, and whatever could be read of it.
import type { Module, Program } from "../../../graph/index.ts";
import { type Sink, statements } from "./statements.ts";
import { frameOf } from "./text.ts";
import { createPythonParser } from "./tree.ts";

export type PythonReader = (file: string, text: string) => { module: Module; errors: Program["parseErrors"] };

/** `file` is relative to the project's root, with slashes. */
export async function createPythonReader(): Promise<PythonReader> {
	const parse = await createPythonParser();
	return (file, text) => {
		const { root, errors } = parse(file, text);
		const lines = text.split(/\r?\n/);
		const name = moduleName(file);
		const sink: Sink = { module: name, functions: [], classes: [], imports: [], lines };
		const body = statements(root, sink, { path: name, owner: null, within: null });
		const { functions, classes, imports } = sink;
		return {
			module: { name, file, body, functions, classes, imports, lines },
			errors: errors.map((error) => ({ file, ...error, frame: frameOf(lines, error.line, error.column) })),
		};
	};
}

/** `core/rates.py` -> `core.rates`, `core/__init__.py` -> `core`. */
export function moduleName(file: string): string {
	const dotted = file.replace(/\.py$/, "").split("/").join(".");
	return dotted.replace(/\.__init__$/, "");
}
