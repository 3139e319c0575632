import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { characterise } from "./characterise.ts";

let dir = "";
beforeAll(() => {
	dir = mkdtempSync(join(tmpdir(), "phoenix-characterise-"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function source(text: string): string {
	const file = join(dir, `m${Math.random().toString(36).slice(2)}.py`);
	writeFileSync(file, text);
	return file;
}

describe("characterisation of a source function", () => {
	const tiers = [
		"def fee(amount, tier):",
		'    """',
		'    >>> fee(1200, "gold")',
		'    """',
		"    if amount < 0:",
		'        raise ValueError("negative: %s" % amount)',
		'    if tier == "gold" and amount > 1000:',
		"        return round(amount * 0.015, 2)",
		"    return amount / 8",
	].join("\n");

	it("reaches every branch from the calls that the source shows, and tells values with their types", async () => {
		const found = await characterise(source(tiers), "fee", { calls: 400, seed: 1 });
		const results = found.vectors.map((vector) => JSON.stringify(vector.result ?? vector.raises));
		expect(found.vectors[0]).toEqual({
			args: [{ int: "1200" }, "gold"],
			result: { float: "18.0" },
			after: [{ int: "1200" }, "gold"],
		});
		expect(results.some((text) => text.includes("negative"))).toBe(true);
		expect(found.vectors.some((vector) => vector.args[1] !== "gold" && vector.result !== undefined)).toBe(true);
	});

	it("leaves out what the source itself gives differently in another process", async () => {
		const file = source('def first(texts):\n    return list(set(texts))\n\nfirst(["a", "bc", "def", "x", "yz"])\nfirst([3, 1, 2])\n');
		const found = await characterise(file, "first", { calls: 60, seed: 4 });
		expect(found.undetermined).toBeGreaterThan(0);
		expect(found.vectors).toContainEqual({
			args: [{ list: [{ int: "3" }, { int: "1" }, { int: "2" }] }],
			result: { list: [{ int: "1" }, { int: "2" }, { int: "3" }] },
			after: [{ list: [{ int: "3" }, { int: "1" }, { int: "2" }] }],
		});
	});

	it("gives the same calls for the same seed", async () => {
		const file = source(tiers);
		const [a, b] = [await characterise(file, "fee", { calls: 100, seed: 7 }), await characterise(file, "fee", { calls: 100, seed: 7 })];
		expect(a).toEqual(b);
	});

	it("counts calls that do not end, and shows arguments that were changed", async () => {
		const file = source("def take(items):\n    while len(items) == 3:\n        pass\n    items.append(1)\n\ntake([2])\n");
		const found = await characterise(file, "take", { calls: 40, seed: 2 });
		expect(found.vectors[0]).toEqual({
			args: [{ list: [{ int: "2" }] }],
			result: null,
			after: [{ list: [{ int: "2" }, { int: "1" }] }],
		});
		expect(found.slow + found.vectors.length + found.untellable + found.undetermined).toBe(40);
	}, 60_000);

	it("does not let the source write, connect or start programs", async () => {
		const target = join(dir, "written.txt");
		const file = source(
			`import os, socket, subprocess\ndef go(n):\n    [lambda: open(${JSON.stringify(target)}, "w"), lambda: socket.create_connection(("127.0.0.1", 1)), lambda: subprocess.run(["true"])][n]()\n\nif False:\n    go(0); go(1); go(2)\n`,
		);
		const { vectors } = await characterise(file, "go", { calls: 12, seed: 3 });
		for (const n of ["0", "1", "2"]) {
			const call = vectors.find((vector) => JSON.stringify(vector.args) === JSON.stringify([{ int: n }]));
			expect(call?.raises?.type, `go(${n})`).toBe("PermissionError");
		}
	});

	it("says why a file could not be run", async () => {
		await expect(characterise(source("import nowhere_at_all\ndef f(): pass\n"), "f", { calls: 3, seed: 1 })).rejects.toMatchObject({
			code: "LEGACY_UNRUN",
		});
	});
});
