/**
 * An answer as lines, each with the place of its value in the tree that the engine compares:
 *
 *     <TRANSFER>                       answer
 *       <AMOUNT>5.00</AMOUNT>          answer/AMOUNT
 *       <ROW>...</ROW> <ROW>...</ROW>  answer/ROW[1], answer/ROW[2]
 *     </TRANSFER>
 */
export type ValueLine = {
	indent: number;
	text: string /** null: an end of what began above. */;
	path: string;
	kind: "open" | "leaf" | "close";
};

const LIMIT = 2_000;

export function valueLines(body: string): ValueLine[] {
	const text = body.trim();
	const lines = text.startsWith("<") ? xmlLines(text) : /^[[{]/.test(text) ? jsonLines(text) : null;
	return (lines ?? plainLines(body)).slice(0, LIMIT);
}

function plainLines(body: string): ValueLine[] {
	if (body === "") return [];
	return body.split("\n").map((text) => ({ indent: 0, text, path: "answer", kind: "leaf" }));
}

type Element = { name: string; attributes: string; children: Element[]; text: string };

function xmlLines(text: string): ValueLine[] | null {
	const root = parseXml(text);
	if (root === null) return null;
	const lines: ValueLine[] = [];
	const walk = ({ name, attributes, children, text: content }: Element, path: string, indent: number) => {
		const open = `<${name}${attributes}>`;
		if (children.length === 0) {
			lines.push({ indent, text: `${open}${content}</${name}>`, path, kind: "leaf" });
			return;
		}
		lines.push({ indent, text: open, path, kind: "open" });
		const seen = new Map<string, number>();
		for (const child of children) {
			const at = (seen.get(child.name) ?? 0) + 1;
			seen.set(child.name, at);
			const alone = children.filter((other) => other.name === child.name).length === 1;
			walk(child, `${path}/${child.name}${alone ? "" : `[${at}]`}`, indent + 1);
		}
		lines.push({ indent, text: `</${name}>`, path, kind: "close" });
	};
	walk(root, "answer", 0);
	return lines;
}

/** Elements, attributes and text; null for what is not well-formed. Nothing of it is ever made into a page. */
function parseXml(text: string): Element | null {
	const token =
		/<\?[^>]*\?>|<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([\w:.-]+)\s*>|<([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/gy;
	const top: Element = { name: "", attributes: "", children: [], text: "" };
	const stack = [top];
	while (token.lastIndex < text.length) {
		const match = token.exec(text);
		if (match === null) return null;
		const [, cdata, end, name, attributes, empty, words] = match;
		const here = stack.at(-1) as Element;
		if (name !== undefined) {
			const element = { name, attributes: attributes ?? "", children: [], text: "" };
			here.children.push(element);
			if (empty === "") stack.push(element);
		} else if (end !== undefined) {
			if (here.name !== end || stack.length < 2) return null;
			stack.pop();
		} else here.text += cdata ?? words?.trim() ?? "";
	}
	return stack.length === 1 && top.children.length === 1 ? (top.children[0] ?? null) : null;
}

function jsonLines(text: string): ValueLine[] | null {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return null;
	}
	const lines: ValueLine[] = [];
	const walk = (item: unknown, label: string, path: string, indent: number, comma: string) => {
		if (typeof item !== "object" || item === null) {
			lines.push({ indent, text: `${label}${JSON.stringify(item)}${comma}`, path, kind: "leaf" });
			return;
		}
		const isList = Array.isArray(item);
		const entries = Object.entries(item);
		lines.push({ indent, text: `${label}${isList ? "[" : "{"}`, path, kind: "open" });
		for (const [index, [name, child]] of entries.entries()) {
			const next = isList ? `${path}[${index + 1}]` : `${path}/${name}`;
			walk(child, isList ? "" : `${JSON.stringify(name)}: `, next, indent + 1, index < entries.length - 1 ? "," : "");
		}
		lines.push({ indent, text: `${isList ? "]" : "}"}${comma}`, path, kind: "close" });
	};
	walk(value, "", "answer", 0, "");
	return lines;
}

export type LinePair = { legacy: ValueLine | null; modern: ValueLine | null; differs: boolean };

/** The same places beside each other; a place that one side has not stands alone. Marked: what the engine calls different. */
export function pairLines(legacy: readonly ValueLine[], modern: readonly ValueLine[], fields: readonly string[]): LinePair[] {
	const marked = new Set(fields.map(plainPath));
	// An attribute stands in the line of its element; JSON has it as a field of its own.
	const holders = new Set(fields.filter((field) => field.includes("/@")).map((field) => plainPath(field.slice(0, field.indexOf("/@")))));
	const key = ({ path, kind }: ValueLine) => `${kind === "close" ? "close" : "begin"} ${plainPath(path)}`;
	const ahead = new Map<string, number[]>();
	for (const [index, line] of modern.entries()) ahead.set(key(line), [...(ahead.get(key(line)) ?? []), index]);
	const pairs: LinePair[] = [];
	const add = (left: ValueLine | null, right: ValueLine | null) => {
		const line = left ?? right;
		const isMarked =
			line !== null &&
			line.kind !== "close" &&
			(marked.has(plainPath(line.path)) || (line.text.startsWith("<") && holders.has(plainPath(line.path))));
		pairs.push({ legacy: left, modern: right, differs: isMarked });
	};
	let next = 0;
	for (const line of legacy) {
		const match = ahead.get(key(line))?.find((index) => index >= next);
		if (match === undefined) {
			add(line, null);
			continue;
		}
		for (; next < match; next++) add(null, modern[next] ?? null);
		add(line, modern[match] ?? null);
		next = match + 1;
	}
	for (; next < modern.length; next++) add(null, modern[next] ?? null);
	return pairs;
}

/** One element is a field in XML and may be a list of one in JSON. */
const plainPath = (path: string): string => path.replaceAll("[1]", "").replace("/@", "/");
