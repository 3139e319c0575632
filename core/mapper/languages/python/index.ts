// Python source -> the small typed tree of `graph/program.ts`. Syntax only: nothing is resolved here, nothing is run.
// Tolerant: a file that does not parse gives its errors with a source frame, and whatever could be read of it.
import type { Module, Program } from "../../../graph/index.ts";
import { NESTING } from "./expressions.ts";
import { type Sink, statements } from "./statements.ts";
import { frameOf } from "./text.ts";
import { type Cst, createPythonParser, type ParsedText } from "./tree.ts";

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
			// What nests too deep is opaque in the tree; nobody should have to find that out there.
			errors: [...errors, ...tooDeep(root)].map((error) => ({ file, ...error, frame: frameOf(lines, error.line, error.column) })),
		};
	};
}

/** Where expressions or choices begin that are deeper than the tree keeps, at most five. */
function tooDeep(root: Cst): ParsedText["errors"] {
	const found: ParsedText["errors"] = [];
	const waiting = [root];
	for (let node = waiting.pop(); node !== undefined && found.length < 5; node = waiting.pop()) {
		const inner = node.height > NESTING ? node.children.filter((child) => child.height > NESTING) : [];
		const isExpression = !/^(module|block|.*_(statement|definition|clause)|(augmented_)?assignment|decorator|with_item|as_pattern)$/.test(
			node.type,
		);
		const { line, column } = node.span;
		if (isExpression && node.height > NESTING) {
			let parentheses = node;
			while (parentheses.type === "parenthesized_expression" && parentheses.children[1]) parentheses = parentheses.children[1];
			if (parentheses.height > NESTING)
				found.push({ line, column, message: `an expression of ${parentheses.height} levels, read without its order` });
		} else waiting.push(...inner);
	}
	return found;
}

/** `core/rates.py` -> `core.rates`, `core/__init__.py` -> `core`. */
export function moduleName(file: string): string {
	const dotted = file.replace(/\.py$/, "").split("/").join(".");
	return dotted.replace(/\.__init__$/, "");
}
