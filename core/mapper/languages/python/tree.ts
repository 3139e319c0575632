import { createRequire } from "node:module";
import { Language, type Node, Parser } from "web-tree-sitter";
import type { Span } from "../../../contract/ir.ts";

/** A concrete syntax node copied out of the parser's memory: plain, so that nothing has to be freed later. */
export type Cst = {
	type: string;
	/** Name of the field it fills in its parent. */
	field: string | null;
	text: string;
	named: boolean;
	span: Span;
	children: Cst[];
};

export type ParsedText = { root: Cst; errors: { line: number; column: number; message: string }[] };

let loading: Promise<Parser> | null = null;

async function load(): Promise<Parser> {
	await Parser.init();
	const wasm = createRequire(import.meta.url).resolve("tree-sitter-python/tree-sitter-python.wasm");
	const parser = new Parser();
	parser.setLanguage(await Language.load(wasm));
	return parser;
}

/** Loads the grammar once in a process's life; the returned function parses one text. It never throws on bad source. */
export async function createPythonParser(): Promise<(file: string, text: string) => ParsedText> {
	loading ??= load();
	const parser = await loading;
	return (file, text) => {
		const tree = parser.parse(text);
		if (!tree) throw new Error(`the parser gave no tree for ${file}`);
		try {
			const errors: ParsedText["errors"] = [];
			const root = copy(tree.rootNode, file, text);
			if (tree.rootNode.hasError) collectErrors(tree.rootNode, errors);
			return { root, errors };
		} finally {
			tree.delete();
		}
	};
}

function copy(root: Node, file: string, text: string): Cst {
	const cursor = root.walk();
	const take = (): Cst => {
		const from = cursor.startPosition;
		const to = cursor.endPosition;
		const node: Cst = {
			type: cursor.nodeType,
			field: cursor.currentFieldName,
			text: text.slice(cursor.startIndex, cursor.endIndex),
			named: cursor.nodeIsNamed,
			span: { file, line: from.row + 1, column: from.column + 1, endLine: to.row + 1, endColumn: to.column + 1 },
			children: [],
		};
		if (cursor.gotoFirstChild()) {
			do {
				if (cursor.nodeType !== "comment" && cursor.nodeType !== "line_continuation") node.children.push(take());
			} while (cursor.gotoNextSibling());
			cursor.gotoParent();
		}
		return node;
	};
	try {
		return take();
	} finally {
		cursor.delete();
	}
}

function collectErrors(node: Node, errors: ParsedText["errors"]): void {
	if (errors.length >= 20) return;
	const at = { line: node.startPosition.row + 1, column: node.startPosition.column + 1 };
	if (node.isMissing) {
		errors.push({ ...at, message: `${node.type} is missing` });
		return;
	}
	if (node.isError) {
		const near = node.text.split("\n")[0]?.slice(0, 40) ?? "";
		errors.push({ ...at, message: near ? `unexpected ${JSON.stringify(near)}` : "unexpected text" });
		return;
	}
	for (const child of node.children) if (child?.hasError || child?.isMissing) collectErrors(child, errors);
}
