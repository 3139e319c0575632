import { Fragment, type ReactNode } from "react";

/** The text with each of the marks in `<mark>`: underlined and bold, so that colour is not needed to see it. */
export function emphasise(text: string, marks: readonly string[]): ReactNode {
	const wanted = [...new Set(marks)].filter((mark) => mark !== "").sort((a, b) => b.length - a.length);
	if (wanted.length === 0) return text;
	const pattern = new RegExp(
		`(?<![\\w.])(${wanted.map((mark) => mark.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})(?![\\w]|\\.\\d)`,
		"g",
	);
	return text.split(pattern).map((part, index) =>
		// biome-ignore lint/suspicious/noArrayIndexKey: parts never move
		index % 2 === 1 ? <mark key={index}>{part}</mark> : <Fragment key={index}>{part}</Fragment>,
	);
}
