import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sha256 } from "./sha256.ts";

test("SHA-256 agrees with Node's for every text", () => {
	fc.assert(
		fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (text) => {
			expect(sha256(text)).toBe(createHash("sha256").update(text).digest("hex"));
		}),
	);
});

test("SHA-256 agrees with Node's at the sizes where the padding changes", () => {
	for (const size of [0, 1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 1000]) {
		expect(sha256("a".repeat(size))).toBe(createHash("sha256").update("a".repeat(size)).digest("hex"));
	}
});
