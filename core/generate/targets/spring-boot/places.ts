/**
 * Marks of what stands where: characters that no Java text holds, taken out once the file is whole.
 *
 *     "double used = \u0001e12\u0002Math.round(..."   ->   line of `e12`
 */
const [opening, closing] = ["\u0001", "\u0002"];
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are chosen because no source holds them
const marks = /\u0001([^\u0002]*)\u0002/g;

export const marked = (name: string, text: string): string => `${opening}${name}${closing}${text}`;

/** The text without its marks, and the line of each, from 1. */
export function placed(text: string): { text: string; lines: Map<string, number> } {
	const lines = new Map<string, number>();
	const plain = text.split("\n").map((line, index) =>
		line.replace(marks, (_, name: string) => {
			if (!lines.has(name)) lines.set(name, index + 1);
			return "";
		}),
	);
	return { text: plain.join("\n"), lines };
}

export const unmarked = (text: string): string => text.replace(marks, "");
