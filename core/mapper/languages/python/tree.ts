import { createRequire } from "node:module";
import { Language, type Node, Parser, type Tree } from "web-tree-sitter";
import type { Span } from "../../../contract/ir.ts";

/** A concrete syntax node copied out of the parser's memory: plain, so that nothing has to be freed later. */
export type Cst = {
	type: string;
	/** Name of the field it fills in its parent. */
	field: string | null;
	text: string;
	named: boolean;
	/** Signs and keywords have that of their parent. */
	span: Span;
	children: Cst[];
	/** Nodes on the longest way down from here, this one included. */
	height: number;
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
			const root = copy(tree, file, text);
			if (tree.rootNode.hasError) collectErrors(tree.rootNode, errors);
			return { root, errors };
		} finally {
			tree.delete();
		}
	};
}

/** Kinds of nodes by number: whether they are named, and which of them are passed over. */
type Kinds = { isNamed: boolean[]; isSkipped: boolean[] };
let kinds: Kinds | null = null;

function kindsOf({ language }: Tree): Kinds {
	kinds ??= {
		isNamed: language.types.map((_, id) => language.nodeTypeIsNamed(id)),
		isSkipped: language.types.map((type) => type === "comment" || type === "line_continuation"),
	};
	return kinds;
}

/** Each question to the parser's memory is dear, so places in the text are counted here; on a stack of its own, because source may nest deeper than ours. */
function copy(tree: Tree, file: string, text: string): Cst {
	const { isNamed, isSkipped } = kindsOf(tree);
	const { types, fields } = tree.language;
	const rowStarts = rowStartsOf(text);
	let row = 0;
	/** Sets `row` to that of an index; the next one asked for is near. */
	const turnTo = (index: number) => {
		while (row + 1 < rowStarts.length && (rowStarts[row + 1] as number) <= index) row++;
		while ((rowStarts[row] as number) > index) row--;
	};
	const cursor = tree.walk();
	const open: { node: Cst; end: number }[] = [];
	try {
		for (;;) {
			const kind = cursor.nodeTypeId;
			// The kind of text that does not parse has a number beyond the table.
			const named = isNamed[kind] ?? true;
			const parent = open.at(-1)?.node;
			let entered = false;
			if (isSkipped[kind] !== true || parent === undefined) {
				const [start, end] = [cursor.startIndex, cursor.endIndex];
				const fieldId = cursor.currentFieldId;
				const node: Cst = {
					type: types[kind] ?? "ERROR",
					field: fieldId === 0 ? null : (fields[fieldId] ?? null),
					text: text.slice(start, end),
					named,
					span: parent?.span as Span,
					children: [],
					height: 1,
				};
				if (named || parent === undefined) {
					turnTo(start);
					node.span = { file, line: row + 1, column: start - (rowStarts[row] as number) + 1, endLine: 0, endColumn: 0 };
				}
				parent?.children.push(node);
				entered = named && cursor.gotoFirstChild();
				open.push({ node, end });
				if (entered) continue;
				close();
				if (open.length === 0) return node;
			}
			while (!cursor.gotoNextSibling()) {
				cursor.gotoParent();
				const node = open.at(-1)?.node as Cst;
				close();
				if (open.length === 0) return node;
			}
		}
	} finally {
		cursor.delete();
	}

	function close(): void {
		const { node, end } = open.pop() as { node: Cst; end: number };
		const parent = open.at(-1)?.node;
		if (parent !== undefined && parent.height <= node.height) parent.height = node.height + 1;
		if (!node.named && parent !== undefined) return;
		turnTo(end);
		node.span.endLine = row + 1;
		node.span.endColumn = end - (rowStarts[row] as number) + 1;
	}
}

function rowStartsOf(text: string): number[] {
	const starts = [0];
	for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
	return starts;
}

function collectErrors(root: Node, errors: ParsedText["errors"]): void {
	const waiting = [root];
	for (let node = waiting.pop(); node !== undefined && errors.length < 20; node = waiting.pop()) {
		const at = { line: node.startPosition.row + 1, column: node.startPosition.column + 1 };
		if (node.isMissing) errors.push({ ...at, message: `${node.type} is missing` });
		else if (node.isError) {
			const near = node.text.split("\n")[0]?.slice(0, 40) ?? "";
			errors.push({ ...at, message: near ? `unexpected ${JSON.stringify(near)}` : "unexpected text" });
		} else waiting.push(...node.children.filter((child) => child !== null && (child.hasError || child.isMissing)).reverse());
	}
}
