import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseFunctionUnit } from "../../blueprint/index.ts";

let dir = "";
beforeAll(() => {
	dir = mkdtempSync(join(tmpdir(), "phoenix-translate-"));
	writeFileSync(join(dir, "bands.py"), "BANDS = [(1000, 0.01), (5000, 0.0075)]\nFLAT = 0.005\n");
	writeFileSync(
		join(dir, "fees.py"),
		[
			"import random",
			"from bands import BANDS, FLAT",
			"",
			"def fee(amount, *, minimum=1):",
			'    """The fee of an amount.',
			"",
			"    >>> fee(1200)",
			'    """',
			"    for limit, rate in BANDS:",
			"        if amount <= limit:",
			"            return max(round(amount * rate, 2), minimum)",
			"    return round(amount * FLAT, 2)",
			"",
			"def draw():",
			"    return random.random()",
		].join("\n"),
	);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function phoenix(...args: string[]) {
	const cli = join(import.meta.dirname, "../../cli.ts");
	const ended = spawnSync(process.execPath, [cli, ...args], { cwd: dir, env: { ...process.env }, encoding: "utf8" });
	return { code: ended.status, out: ended.stdout, err: ended.stderr };
}

describe("phoenix translate", () => {
	it("writes the module with what it needs of other files, and proves it on generated calls", () => {
		const { code, out } = phoenix(
			"translate",
			"fees.py",
			"--function",
			"fee",
			"--target",
			"typescript",
			"--out",
			"made",
			"--check",
			"120",
			"--ir",
			"fee.json",
			"--json",
		);
		const told = JSON.parse(out) as { calls: number; equal: number; steps: number; files: string[] };
		expect({ code, equal: told.equal }).toEqual({ code: 0, equal: told.calls });
		expect(told.calls).toBeGreaterThan(100);
		// Into the loop, round it, through it, out of it, and the band that answers.
		expect(told.steps).toBe(5);
		expect(told.files).toContain("fee.ts");
		const unit = parseFunctionUnit(readFileSync(join(dir, "fee.json"), "utf8"));
		expect(unit).toMatchObject({ version: 1, entry: "fee", unsupported: [] });
		expect(() => parseFunctionUnit(JSON.stringify({ ...unit, body: [{ kind: "guess" }] }))).toThrow(/is not a Logic_Blueprint/);
	});

	it("compares recorded calls, and ends with 1 when one differs", () => {
		writeFileSync(join(dir, "calls.jsonl"), '{"args":[{"int":"1200"}],"result":{"float":"9.01"},"after":[{"int":"1200"}]}\n');
		const { code, out } = phoenix("translate", "fees.py", "--function", "fee", "--out", "made", "--vectors", "calls.jsonl");
		expect(code).toBe(1);
		expect(out).toContain("0 of 1 calls equal");
		expect(out).toContain('result: [{"int":"1200"}]');
	});

	it("refuses by construct, line and remedy, and writes nothing", () => {
		const { code, err } = phoenix("translate", "fees.py", "--function", "draw", "--out", "none", "--json");
		expect(code).toBe(3);
		expect(JSON.parse(err)).toMatchObject({ code: "UNSUPPORTED" });
		expect(err).toContain("random.random");
		expect(err).toContain("fees.py:15");
		expect(existsSync(join(dir, "none"))).toBe(false);
	});

	it("writes a Java class that reads like the source, with no more of the runtime than it names", () => {
		const { code } = phoenix("translate", "fees.py", "--function", "fee", "--target", "spring-boot", "--out", "java");
		expect(code).toBe(0);
		const text = readFileSync(join(dir, "java/src/main/java/translated/Fee.java"), "utf8");
		expect(text).toContain("public static Object fee(Object amount, Object minimum) {");
		expect(text).toContain("if (Compare.atMost(amount, limit)) {");
		expect(text).toContain("Func.or(args[1], 1L)");
		expect(existsSync(join(dir, "java/src/main/java/python/Regex.java"))).toBe(false);
		expect(readFileSync(join(dir, "java/src/main/java/python/Convert.java"), "utf8")).not.toContain("divmod");
		expect(readFileSync(join(dir, "java/pom.xml"), "utf8")).toContain("<maven.compiler.release>17</maven.compiler.release>");
	});

	it("prints the schema of what it hands to its targets", () => {
		const { code, out } = phoenix("translate", "--schema");
		expect(code).toBe(0);
		expect(JSON.parse(out)).toMatchObject({ $ref: "#/$defs/FunctionUnit" });
	});

	it("names functions that are there when it knows none of that name", () => {
		const { code, err } = phoenix("translate", "fees.py", "--function", "fees", "--out", "none");
		expect(code).toBe(1);
		expect(err).toContain("FUNCTION_UNKNOWN");
		expect(err).toContain("fee, draw");
	});
});
