import { describe, expect, it } from "vitest";
import type { Trace } from "../../../core/contract/plan.ts";
import type { Item } from "./items.ts";
import { codeOf, itemAt, legacyOf } from "./links.ts";

const span = (line: number, endLine = line) => ({ file: "a.py", line, column: 1, endLine, endColumn: 9 });
const trace: Trace[] = [
	{ owner: "a.f", legacy: span(1, 9), file: "service/a.ts", from: 10, to: 30 },
	{ owner: "a.f", legacy: span(3, 5), file: "service/a.ts", from: 14, to: 20 },
	{ owner: "a.f", legacy: span(4), file: "service/a.ts", from: 16, to: 17 },
];
const item = (id: string, line: number, endLine = line): Item => ({ id, group: "Rules", label: "", text: "", span: span(line, endLine) });

describe("links between legacy and code", () => {
	it("lead to the code of the smallest piece that holds the place", () => {
		expect(codeOf(trace, { file: "a.py", from: 4, to: 4 })).toEqual({ file: "service/a.ts", from: 16, to: 17 });
		expect(codeOf(trace, { file: "a.py", from: 4, to: 5 })).toEqual({ file: "service/a.ts", from: 14, to: 20 });
		expect(codeOf(trace, { file: "a.py", from: 8, to: 8 })).toEqual({ file: "service/a.ts", from: 10, to: 30 });
	});

	it("lead back from a line of the code", () => {
		expect(legacyOf(trace, "service/a.ts", 16)).toEqual({ file: "a.py", from: 4, to: 4 });
		expect(legacyOf(trace, "service/a.ts", 29)).toEqual({ file: "a.py", from: 1, to: 9 });
	});

	it("say so when nothing is known, instead of guessing", () => {
		expect(codeOf(trace, { file: "b.py", from: 4, to: 4 })).toBeNull();
		expect(codeOf(trace, { file: "a.py", from: 8, to: 12 })).toBeNull();
		expect(legacyOf(trace, "main.ts", 1)).toBeNull();
		expect(itemAt([item("R1", 3)], "a.py", 4)).toBeNull();
	});

	it("choose of several things said of a line the one that says it most closely", () => {
		expect(itemAt([item("R1", 2, 8), item("R2", 4), item("R3", 3, 5)], "a.py", 4)?.id).toBe("R2");
	});
});
