import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const css = readFileSync(join(import.meta.dirname, "tokens.css"), "utf8");

/** What is drawn, and everything that it is drawn on. */
type Pair = readonly [mark: string, backgrounds: readonly string[]];
type Theme = "light" | "dark" | "contrast";
const themes: readonly Theme[] = ["light", "dark", "contrast"];
const light = blockOf(":root {");
const tokens: Record<Theme, Record<string, string>> = {
	light,
	dark: { ...light, ...blockOf(':root[data-theme="dark"] {') },
	contrast: { ...light, ...blockOf(':root[data-theme="contrast"] {') },
};

const grounds = ["canvas", "ground", "surface", "raised", "sunken"];
const lit = ["surface", "raised", "sunken", "ground"];

/** Every text and what it stands on, somewhere on the screen: at least 4.5:1. */
const texts: readonly Pair[] = [
	["text", [...grounds, "accent-soft", "good-soft", "warn-soft", "bad-soft", "info-soft", "legacy-soft", "modern-soft"]],
	["text-soft", [...grounds, "accent-soft", "legacy-soft", "modern-soft"]],
	["text-muted", [...grounds, "accent-soft"]],
	["accent-text", [...grounds, "accent-soft"]],
	["accent-on", ["accent", "accent-hover"]],
	["kill-on", ["kill", "kill-hover"]],
	...["good", "warn", "bad", "info"].map((tone) => [tone, [...grounds, `${tone}-soft`]] as const),
	["legacy", [...lit, "legacy-soft"]],
	["modern", [...lit, "modern-soft"]],
	["route", grounds],
	["table", grounds],
	// Legacy's own screen.
	["terminal-ink", ["terminal-ground"]],
	["terminal-amber", ["terminal-ground"]],
	...["keyword", "string", "number", "comment"].map((kind) => [`code-${kind}`, lit] as const),
];

/** Shapes, lines and outlines that carry meaning: at least 3:1 against what is around them. */
const marks: readonly Pair[] = [
	...["good-mark", "warn-mark", "bad-mark", "info-mark", "accent", "legacy", "modern", "route", "table", "focus"].map(
		(mark) => [mark, grounds] as const,
	),
	["kill", lit],
	["edge", lit],
];

describe.each(themes)("the %s theme", (theme) => {
	it.each(texts.flatMap(([text, backgrounds]) => backgrounds.map((background) => [text, background] as const)))(
		"keeps the text %s on %s at 4.5:1 or more",
		(text, background) => {
			const limit = theme === "contrast" ? 7 : 4.5;
			expect(ratio(colourOf(theme, text), colourOf(theme, background))).toBeGreaterThanOrEqual(limit);
		},
	);

	it.each(marks.flatMap(([mark, backgrounds]) => backgrounds.map((background) => [mark, background] as const)))(
		"keeps the mark %s on %s at 3:1 or more",
		(mark, background) => {
			expect(ratio(colourOf(theme, mark), colourOf(theme, background))).toBeGreaterThanOrEqual(3);
		},
	);

	it("names every colour that another theme names", () => {
		for (const name of coloursOf(light)) expect(tokens[theme][name], name).toMatch(/^#[\da-f]{6}$/);
	});
});

describe("tokens", () => {
	it("are all in the lists above, so that no colour escapes the test", () => {
		const listed = new Set([...texts, ...marks].flatMap(([name, backgrounds]) => [name, ...backgrounds]));
		// Hair lines only part what space already parts.
		const decoration = ["line", "line-strong", "terminal-line"];
		expect(coloursOf(light).filter((name) => !listed.has(name) && !decoration.includes(name))).toEqual([]);
	});

	it("exist wherever the screen uses one", () => {
		const unknown = sheets(root).flatMap((file) =>
			[...readFileSync(file, "utf8").matchAll(/var\(--([\w-]+)/g)]
				.map((match) => match[1] ?? "")
				.filter((name) => tokens.light[name] === undefined && !name.startsWith("radix-") && !isOwn(name))
				.map((name) => `${file.slice(root.length + 1)}: --${name}`),
		);
		expect(unknown).toEqual([]);
	});

	it("are the only colours of the sheets", () => {
		const strays = sheets(root)
			.filter((file) => !file.endsWith("tokens.css"))
			.flatMap((file) =>
				[...readFileSync(file, "utf8").matchAll(/#[\da-f]{3,8}\b|\brgb\(|\bhsl\(/gi)].map(
					(match) => `${file.slice(root.length + 1)}: ${match[0]}`,
				),
			);
		expect(strays).toEqual([]);
	});

	it("have no text below 12 px at the smallest text size", () => {
		const sizes = Object.entries(tokens.light).filter(([name]) => /^text-\d$/.test(name));
		expect(sizes.length).toBeGreaterThanOrEqual(6);
		for (const [name, size] of sizes) expect(Number.parseFloat(size) * 16, name).toBeGreaterThanOrEqual(12);
	});
});

function blockOf(opening: string): Record<string, string> {
	const start = css.indexOf(opening);
	const block = css.slice(start + opening.length, css.indexOf("\n}", start));
	return Object.fromEntries([...block.matchAll(/--([\w-]+):\s*([^;]+);/g)].map((match) => [match[1] ?? "", (match[2] ?? "").trim()]));
}

function coloursOf(block: Record<string, string>): string[] {
	return Object.keys(block).filter((name) => block[name]?.startsWith("#"));
}

function colourOf(theme: Theme, name: string): string {
	const colour = tokens[theme][name];
	if (colour === undefined) throw new Error(`There is no token ${name}`);
	return colour;
}

/** Contrast of two colours as WCAG 2.2 defines it, 1 to 21. */
function ratio(a: string, b: string): number {
	const [darker = 0, lighter = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
	return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: string): number {
	const [red = 0, green = 0, blue = 0] = [1, 3, 5]
		.map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
		.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function sheets(folder: string): string[] {
	return readdirSync(folder, { recursive: true, encoding: "utf8" })
		.filter((file) => file.endsWith(".css"))
		.map((file) => join(folder, file));
}

/** Set by a place for what stands in it. */
const isOwn = (name: string) => sheets(root).some((file) => readFileSync(file, "utf8").includes(`--${name}:`));
