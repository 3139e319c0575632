/**
 * A small pretty printer. A `group` is printed on one line if it fits, else each of its `line`s becomes a new line.
 *
 *   group(["f(", indent([soft, "a,", line, "b"]), soft, ")"])   ->   f(a, b)      or     f(
 *                                                                                            a,
 *                                                                                            b
 *                                                                                        )
 * `mark` takes no room; the printer reports on which line it stood.
 * `cut` takes no room either, and its text is printed only when it is asked for: the rest stands exactly where it stood.
 */
export type Doc =
	| string
	| Doc[]
	| { kind: "group"; of: Doc }
	| { kind: "indent"; of: Doc }
	| { kind: "line"; flat: string; forced: boolean }
	/** Printed only when the group around it is broken: trailing commas. */
	| { kind: "broken"; text: string }
	| { kind: "mark"; name: string }
	| { kind: "cut"; text: string };

export const line: Doc = { kind: "line", flat: " ", forced: false };
export const soft: Doc = { kind: "line", flat: "", forced: false };
export const hard: Doc = { kind: "line", flat: "", forced: true };
export const group = (of: Doc): Doc => ({ kind: "group", of });
export const indent = (of: Doc): Doc => ({ kind: "indent", of });
export const mark = (name: string): Doc => ({ kind: "mark", name });
export const cut = (text: string): Doc => ({ kind: "cut", text });

export function join(docs: Doc[], between: Doc): Doc {
	return docs.flatMap((doc, index) => (index === 0 ? [doc] : [between, doc]));
}

/** `(a, b)`, one item a line when too long. */
export function listed(open: string, items: Doc[], close: string, pad: Doc = soft): Doc {
	if (items.length === 0) return open + close;
	return group([open, indent([pad, join(items, [",", line])]), { kind: "broken", text: "," }, pad, close]);
}

/** The block's statements, each on its own line, between braces. */
export function braces(head: Doc, body: Doc[], tail: Doc = ""): Doc {
	if (body.every((doc) => isCut(doc))) return [head, " {", ...body, "}", tail];
	return [head, " {", indent([hard, join(body, hard)]), hard, "}", tail];
}

function isCut(doc: Doc): boolean {
	return typeof doc === "object" && !Array.isArray(doc) && doc.kind === "cut";
}

type Frame = { doc: Doc; depth: number; flat: boolean };

/** The text, and for each mark the line (from 1) on which it stands. */
export function print(doc: Doc, { width = 120, tab = 4, cuts = false } = {}): { text: string; marks: Map<string, number> } {
	const marks = new Map<string, number>();
	const out: string[] = [];
	let row = 1;
	let column = 0;
	const stack: Frame[] = [{ doc, depth: 0, flat: false }];
	for (let frame = stack.pop(); frame !== undefined; frame = stack.pop()) {
		const { doc: at, depth, flat } = frame;
		if (typeof at === "string") {
			out.push(at);
			row += at.split("\n").length - 1;
			column += at.length;
		} else if (Array.isArray(at)) {
			for (let i = at.length - 1; i >= 0; i--) stack.push({ doc: at[i] as Doc, depth, flat });
		} else if (at.kind === "indent") stack.push({ doc: at.of, depth: depth + 1, flat });
		else if (at.kind === "group")
			stack.push({ doc: at.of, depth, flat: flat || fits({ doc: at.of, depth, flat: true }, stack, width - column) });
		else if (at.kind === "mark") marks.set(at.name, row);
		else if (at.kind === "cut") {
			if (cuts) out.push(at.text);
		} else if (at.kind === "broken") {
			if (!flat) {
				out.push(at.text);
				column += at.text.length;
			}
		} else if (flat && !at.forced) {
			out.push(at.flat);
			column += at.flat.length;
		} else {
			out.push(`\n${"\t".repeat(depth)}`);
			row++;
			column = depth * tab;
		}
	}
	return { text: out.join("").replace(/[\t ]+$/gm, ""), marks };
}

/** Whether the frame, and what follows it up to the next possible break, stays within `room` columns. */
function fits(first: Frame, rest: readonly Frame[], room: number): boolean {
	const stack: Frame[] = [first];
	let next = rest.length - 1;
	let left = room;
	for (;;) {
		const frame = stack.pop() ?? rest[next--];
		if (frame === undefined) return true;
		const { doc, depth, flat } = frame;
		if (typeof doc === "string") left -= doc.length;
		else if (Array.isArray(doc)) for (let i = doc.length - 1; i >= 0; i--) stack.push({ doc: doc[i] as Doc, depth, flat });
		else if (doc.kind === "group" || doc.kind === "indent") stack.push({ doc: doc.of, depth, flat });
		else if (doc.kind === "line") {
			if (doc.forced) return !flat;
			if (!flat) return true;
			left -= doc.flat.length;
		}
		if (left < 0) return false;
	}
}
