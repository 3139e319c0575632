import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { palettes } from "./palette.ts";

it.each(["light", "dark"] as const)("the %s palette of pictures is that of the screen", (theme) => {
	const sheet = readFileSync(join(import.meta.dirname, "../../../renderer/ui/tokens.css"), "utf8");
	const start = theme === "light" ? sheet.indexOf(":root {") : sheet.indexOf(':root[data-theme="dark"]');
	const block = sheet.slice(start, sheet.indexOf("\n}", start));
	for (const [name, colour] of Object.entries(palettes[theme])) expect(block, name).toContain(`--${name}: ${colour};`);
});
