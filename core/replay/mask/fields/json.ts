import { createSplicer, DEPTH_LIMIT, type Walk } from "./visit.ts";

const space = /[ \t\r\n]*/y;
const literal = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

type Next = "value" | "first value" | "key" | "first key" | "end of value";

/**
 * JSON, also several documents one behind the other (NDJSON). It is more patient than a parser where that does no harm: what it lets pass
 * it has shown to `visit`.
 */
export const walkJson: Walk = (text, visit) => {
	const splice = createSplicer(text);
	/** Of each open object the present name, of each open array null. */
	const names: (string | null)[] = [];
	const path = () => names.filter((name) => name !== null);
	let at = 0;
	let next: Next = "value";

	function skip(): void {
		space.lastIndex = at;
		at += space.exec(text)?.[0].length ?? 0;
	}

	/** The string that begins at `at`; null: it is none. */
	function readString(form: "text" | "name"): string | null {
		const raw = rawString(text, at);
		const value = raw === null ? null : decode(raw);
		if (raw === null || value === null) return null;
		const changed = visit(path(), value, form);
		if (changed !== value) splice.replace(at, at + raw.length, JSON.stringify(changed));
		at += raw.length;
		return value;
	}

	function readKey(): Next | null {
		names[names.length - 1] = "";
		const key = readString("name");
		skip();
		if (key === null || text[at] !== ":") return null;
		at++;
		names[names.length - 1] = key;
		return "value";
	}

	function readValue(): Next | null {
		const first = text[at];
		if (first === "{" || first === "[") {
			if (names.length === DEPTH_LIMIT) return null;
			at++;
			names.push(first === "{" ? "" : null);
			return first === "{" ? "first key" : "first value";
		}
		if (first === '"') return readString("text") === null ? null : "end of value";
		literal.lastIndex = at;
		const raw = literal.exec(text)?.[0];
		if (raw === undefined) return null;
		const changed = /\d/.test(raw) ? visit(path(), raw, "number") : raw;
		if (changed !== raw) splice.replace(at, at + raw.length, changed);
		at += raw.length;
		return "end of value";
	}

	function close(): Next {
		at++;
		names.pop();
		return "end of value";
	}

	function step(): Next | null {
		const one = text[at];
		switch (next) {
			case "first key":
				return one === "}" ? close() : readKey();
			case "first value":
				return one === "]" ? close() : readValue();
			case "key":
				return readKey();
			case "value":
				return readValue();
			case "end of value": {
				if (names.length === 0) return "value";
				const isArray = names.at(-1) === null;
				if (one === (isArray ? "]" : "}")) return close();
				if (one !== ",") return null;
				at++;
				return isArray ? "value" : "key";
			}
		}
	}

	for (skip(); at < text.length; skip()) {
		const from = at;
		const then = step();
		if (then === null) return splice.finish(from);
		next = then;
	}
	return splice.finish();
};

/** By the quotes, not by a pattern: a body may be one string of a megabyte. */
function rawString(text: string, from: number): string | null {
	if (text[from] !== '"') return null;
	for (let end = text.indexOf('"', from + 1); end !== -1; end = text.indexOf('"', end + 1)) {
		let slashes = 0;
		while (text[end - 1 - slashes] === "\\") slashes++;
		if (slashes % 2 === 0) return text.slice(from, end + 1);
	}
	return null;
}

function decode(raw: string): string | null {
	if (!raw.includes("\\")) return raw.slice(1, -1);
	try {
		// Control characters are no JSON, and old writers leave them in.
		return JSON.parse(raw.replace(/\p{Cc}/gu, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`)) as string;
	} catch {
		return null;
	}
}
