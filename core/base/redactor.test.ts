import fc from "fast-check";
import { expect, test } from "vitest";
import { createRedactor } from "./redactor.ts";

const canary = "sk-ant-canary-7f3a9c";

test("[S14] a secret is taken out of texts, lists, fields and names at any depth", () => {
	const redactor = createRedactor();
	redactor.hide(canary);
	const told = { reason: `bad key ${canary}, ${canary}`, data: { [canary]: [1, { at: canary }], fine: "fine" } };
	expect(redactor.clean(told)).toEqual({
		reason: "bad key [secret], [secret]",
		data: { "[secret]": [1, { at: "[secret]" }], fine: "fine" },
	});
});

test("[S14] whatever JSON holds the secret, the cleaned one does not; what does not hold it stays itself", () => {
	const redactor = createRedactor();
	redactor.hide(canary);
	fc.assert(
		fc.property(fc.jsonValue(), (value) => {
			expect(redactor.clean(value)).toBe(value);
			expect(JSON.stringify(redactor.clean({ value, deep: [{ text: `a${canary}b` }] }))).not.toContain(canary);
		}),
	);
});

test("what is too short to be a secret blackens nothing", () => {
	const redactor = createRedactor();
	redactor.hide("legacy");
	expect(redactor.clean("all to legacy")).toBe("all to legacy");
});
