import fc from "fast-check";
import { expect, test } from "vitest";
import { commandTable } from "../core/contract/commands.ts";
import { linkShape } from "./deep-link.ts";

const parse = (text: unknown) => linkShape.safeParse(text).data ?? null;

test("[S10] a link shows a place of the product, or a function on the map", () => {
	const places = commandTable.filter(({ id }) => id.startsWith("go.")).map(({ id }) => id);
	expect(places.length).toBeGreaterThan(3);
	for (const command of places) expect(parse(`phoenix://${command.slice(3)}`)).toEqual({ command });
	expect(parse("phoenix://run/")).toEqual({ command: "go.run" });
	expect(parse("phoenix://map/scoring.credit_score")).toEqual({ command: "map.show", argument: "function:scoring.credit_score" });
});

test("[S10] no link acts, and none brings anything but a name", () => {
	for (const text of [
		"phoenix://system.panic",
		"phoenix://panic",
		"phoenix://run.start",
		"phoenix://run/credit_score",
		"phoenix://map/a/b",
		"phoenix://map/a?x=1",
		"phoenix://map/%2e%2e",
		"phoenix://map/<script>",
		"phoenix:run",
		"phoenix://",
		"PHOENIX://run",
		"https://run",
		`phoenix://map/${"x".repeat(500)}`,
		7,
	])
		expect([text, parse(text)]).toEqual([text, null]);
});

test("[S10] whatever is said, what comes out is a navigation or nothing", () => {
	fc.assert(
		fc.property(fc.string(), fc.string(), (place, rest) => {
			const link = parse(`phoenix://${place}/${rest}`);
			if (link !== null) expect(link.command).toMatch(/^(go\.|map\.show$)/);
		}),
	);
});
