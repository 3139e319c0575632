import { createRandom } from "./random.ts";

/** One change of a legacy source: the nth `old` of a file becomes `now`. */
export type Plant = { family: string; file: string; old: string; now: string; nth: number };

type Rule = { family: string; pattern: RegExp; now(match: RegExpExecArray): string[] };

const turned: Record<string, string> = { " > ": " >= ", " < ": " <= ", " >= ": " > ", " <= ": " < " };

/** Over the text of a program, so that nothing here knows the operators of the search. */
const rules: Rule[] = [
	{
		family: "rounding",
		pattern: /round\(((?:[^()]|\([^()]*\))*), 2\)/g,
		now: ([, inner]) => [`round(${inner}, 1)`, `round(${inner}, 3)`, `(int((${inner}) * 100.0) / 100.0)`],
	},
	{ family: "rounding", pattern: /cut\(([a-z_]+ [^()]*(?:\[[^\]]*\])?)\)(?!:)/g, now: ([, inner]) => [`round(${inner}, 2)`] },
	{ family: "rounding", pattern: /math\.floor\(([^()]*)\)/g, now: ([, inner]) => [`math.ceil(${inner})`, `round(${inner})`] },
	{
		family: "constant",
		pattern: /(?<=^[A-Z_]+ = )\d+(?:\.\d+)?$/gm,
		now: ([text]) => {
			const value = Number(text);
			const isWhole = !text.includes(".");
			const spell = (other: number): string =>
				isWhole ? String(Math.round(other)) : String(Number(other.toPrecision(6))).replace(/^(\d+)$/, "$1.0");
			return [spell(value * 1.1 + (isWhole ? 1 : 0)), spell(value * 0.97), spell(value * 10)];
		},
	},
	{
		family: "constant",
		pattern: /(?<=[*+-] )\d+\.\d+(?![\d)]*\))/g,
		now: ([text]) => [String(Number(text) * 1.04), `${Number(text) * 10 + 0.5}`],
	},
	{ family: "day count", pattern: /36[05]\.0/g, now: ([text]) => [text === "365.0" ? "360.0" : "365.0"] },
	{ family: "boundary", pattern: /(?<=[\w)\]]) (?:>=|<=|>|<) (?=[\w(])/g, now: ([text]) => [turned[text] ?? text] },
	{ family: "operation", pattern: /\b(?:min|max)\(/g, now: ([text]) => [text === "min(" ? "max(" : "min("] },
	{ family: "operation", pattern: /(?<=[a-z_)\]] )\+ (?=[a-z]+\b(?!\())/g, now: () => ["- "] },
	{ family: "order", pattern: /(\w+) \* (\w+) \* (\w+) \/ (36[05]\.0)/g, now: ([, a, b, c, d]) => [`round(${a} * ${b} / ${d}, 4) * ${c}`] },
	{
		family: "order",
		pattern: /(?<== )round\((\w+) \* (\w+) \* (\w+), 2\)/g,
		now: ([, a, b, c]) => [`round(round(${a} * ${b}, 2) * ${c}, 2)`],
	},
	{ family: "missing branch", pattern: /if (\w+ (?:==|>|>=|<=) [\w".]+):(?=\n +\w+ = )/g, now: () => ["if False:"] },
	{ family: "notation", pattern: /"%d\.%m\.%Y"|"%m\.%Y"/g, now: () => ['"%Y-%m-%d"'] },
	{ family: "notation", pattern: /\.upper\(\)/g, now: () => [""] },
	{ family: "notation", pattern: /zfill\(12\)/g, now: () => ["zfill(10)"] },
];

/** All plants of a file, in an order drawn from the seed. */
export function plantsOf(file: string, source: string, seed: number): Plant[] {
	const found: Plant[] = [];
	for (const { family, pattern, now } of rules)
		for (const match of source.matchAll(pattern)) {
			const [old] = match;
			const line = source.slice(source.lastIndexOf("\n", match.index) + 1, match.index);
			if (line.trimStart().startsWith("#") || line.startsWith("def ")) continue;
			const nth = source.slice(0, match.index).split(old).length - 1;
			for (const other of now(match as RegExpExecArray)) if (other !== old) found.push({ family, file, old, now: other, nth });
		}
	const random = createRandom(seed);
	return found
		.map((plant) => ({ plant, at: random() }))
		.sort((a, b) => a.at - b.at)
		.map(({ plant }) => plant);
}

export function planted(source: string, { old, now, nth }: Plant): string {
	const parts = source.split(old);
	return `${parts.slice(0, nth + 1).join(old)}${now}${parts.slice(nth + 1).join(old)}`;
}
