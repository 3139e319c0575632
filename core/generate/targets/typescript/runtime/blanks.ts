// The characters that legacy counts as blank; JavaScript's own list has U+FEFF and lacks U+001C-1F and U+0085.
const blank = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const leading = new RegExp(`^${blank}`);
const trailing = new RegExp(`${blank}$`);
const between = new RegExp(blank);

/** Without the blanks at both ends. */
export function strip(text: string): string {
	return stripStart(stripEnd(text));
}

export function stripStart(text: string): string {
	return text.replace(leading, "");
}

export function stripEnd(text: string): string {
	return text.replace(trailing, "");
}

/** The words between runs of blanks. */
export function splitWords(text: string): string[] {
	const bare = strip(text);
	return bare === "" ? [] : bare.split(between);
}
