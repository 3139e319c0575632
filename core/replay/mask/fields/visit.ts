/**
 * What a notation tells of each value in a text: its names from the outside in (rows of a list have none of their own), and the value as
 * its reader gets it. The answer is what shall stand there instead, or the same.
 */
export type Visit = (path: readonly string[], value: string, form: ValueForm) => string;

/** `number`: a literal of JSON. `name`: not a value but a name that data chose, as keys of an object may be. */
export type ValueForm = "text" | "number" | "name";

/**
 * Walks a text and gives it back with what `visit` changed, every other character as it was. `unread`: from there on the text breaks the
 * rules of its notation, and nobody was asked about it.
 */
export type Walk = (text: string, visit: Visit) => { text: string; unread: string };

/** Deeper than any document and shallow enough to look at the whole path of each value; what is below is `unread`. */
export const DEPTH_LIMIT = 200;

/** Collects pieces of a text that is walked from left to right. */
export function createSplicer(text: string) {
	let out = "";
	let done = 0;
	return {
		replace(from: number, to: number, by: string): void {
			out += text.slice(done, from) + by;
			done = to;
		},
		/** Everything up to `end`, and what is behind it. */
		finish: (end = text.length) => ({ text: out + text.slice(done, end), unread: text.slice(end) }),
	};
}
