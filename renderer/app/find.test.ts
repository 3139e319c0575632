import { describe, expect, it } from "vitest";
import { bank } from "../fixtures/memory-core.ts";
import { findNodes } from "./find.ts";

describe("find", () => {
	it("puts a function whose name starts so before routes, tables and mere parts of names", () => {
		expect(findNodes(bank, "transfer")[0]?.id).toBe("function:transfers.transfer");
		expect(findNodes(bank, "credit")[0]?.id).toBe("function:scoring.credit_score");
	});

	it("wants every word, somewhere in name or file", () => {
		const found = findNodes(bank, "cents money");
		expect(found.map((node) => node.id)).toContain("function:money.cents");
		expect(found.every((node) => `${node.id} ${node.file}`.includes("money"))).toBe(true);
	});

	it("finds nothing for nothing", () => {
		expect(findNodes(bank, "  ")).toEqual([]);
		expect(findNodes(null, "transfer")).toEqual([]);
	});
});
