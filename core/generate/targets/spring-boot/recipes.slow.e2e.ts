import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runtimeClasses } from "./runtime-java.ts";

// One line per value: the bits of a double, and what CPython makes of it.
const oracle = `
import random, struct, sys
random.seed(1990)
def text(f):
    try:
        return f()
    except (ValueError, OverflowError, ZeroDivisionError) as e:
        return type(e).__name__
def bits(x):
    return struct.pack(">d", x).hex()
for i in range(100000):
    kind = i % 4
    if kind == 0: x = random.randrange(-10**9, 10**9) / 1000
    elif kind == 1: x = random.randrange(-10**7, 10**7) / 8
    elif kind == 2: x = random.uniform(-1, 1) * 10 ** random.randrange(-20, 20)
    else: x = struct.unpack(">d", struct.pack(">Q", random.getrandbits(64)))[0]
    if x != x: x = float("nan")
    small = abs(x) < 2**62
    print(bits(x), bits(round(x, 2)), format(x, ".2f"), text(lambda: str(round(x))) if small or x != x else "-", text(lambda: str(int(x))) if small or x != x else "-")
`;

const runner = `package service;

import java.io.*;
import java.util.function.LongSupplier;

public class Recipes {
	static String text(double value, LongSupplier work) {
		if (!(Math.abs(value) < Math.pow(2, 62)) && value == value) return "-";
		try {
			return Long.toString(work.getAsLong());
		} catch (Errors.PyError error) {
			return error.getClass().getSimpleName();
		}
	}

	public static void main(String[] arguments) throws IOException {
		BufferedReader lines = new BufferedReader(new FileReader(arguments[0]));
		PrintWriter out = new PrintWriter(arguments[1]);
		for (String line; (line = lines.readLine()) != null; ) {
			String given = line.substring(0, 16);
			double x = Double.longBitsToDouble(Long.parseUnsignedLong(given, 16));
			String rounded = String.format("%016x", Double.doubleToRawLongBits(Numbers.roundHalfEven(x, 2)));
			String whole = text(x, () -> Numbers.roundToWhole(x));
			out.print(given + " " + rounded + " " + Numbers.formatFixed(x, 2) + " " + whole + " " + text(x, () -> Numbers.truncate(x)) + "\\n");
		}
		out.close();
	}
}
`;

/** Needs a JDK 17 and CPython: without them it fails. */
it("round, fixed decimals and truncation give CPython's answers on 100,000 doubles", () => {
	const dir = mkdtempSync(join(tmpdir(), "phoenix-recipes-"));
	try {
		const env = { PATH: process.env.PATH };
		mkdirSync(join(dir, "service"));
		for (const name of ["Errors", "Numbers", "Texts"])
			writeFileSync(join(dir, `service/${name}.java`), `package service;\n\n${runtimeClasses[name]}`);
		writeFileSync(join(dir, "service/Recipes.java"), runner);
		const expected = execFileSync("python3", ["-c", oracle], { cwd: dir, env, encoding: "utf8", maxBuffer: 2 ** 28 });
		writeFileSync(join(dir, "vectors"), expected);
		execFileSync("javac", ["-d", "out", "service/Recipes.java"], { cwd: dir, env });
		execFileSync("java", ["-cp", "out", "service.Recipes", "vectors", "answers"], { cwd: dir, env });
		const answers = readFileSync(join(dir, "answers"), "utf8").split("\n");
		const wrong = expected.split("\n").filter((line, index) => line !== answers[index]);
		expect(answers.length).toBe(100_001);
		expect(wrong.slice(0, 5)).toEqual([]);
	} finally {
		rmSync(dir, { recursive: true, force: true });
	}
});

const powers = `
import random, struct
random.seed(1990)
def bits(x):
    return struct.pack(">d", x).hex()
for i in range(20000):
    base = 1 + random.uniform(0, 0.2) if i % 2 else random.uniform(0.001, 1000)
    exponent = float(random.randrange(-360, 361)) if i % 2 else random.uniform(-30, 30)
    print(bits(base), bits(exponent), bits(base ** exponent))
`;

const powerRunner = `package service;

import java.io.*;

public class PowerRecipes {
	public static void main(String[] arguments) throws IOException {
		BufferedReader lines = new BufferedReader(new FileReader(arguments[0]));
		PrintWriter out = new PrintWriter(arguments[1]);
		for (String line; (line = lines.readLine()) != null; ) {
			String[] parts = line.split(" ");
			double base = Double.longBitsToDouble(Long.parseUnsignedLong(parts[0], 16));
			double exponent = Double.longBitsToDouble(Long.parseUnsignedLong(parts[1], 16));
			long made = Double.doubleToRawLongBits(Powers.power(base, exponent));
			out.println(made - Long.parseUnsignedLong(parts[2], 16));
		}
		out.close();
	}
}
`;

it("of 20,000 powers at most one in 500 is another than CPython's on this machine, and never by more than the last bit", () => {
	const dir = mkdtempSync(join(tmpdir(), "phoenix-powers-"));
	try {
		const env = { PATH: process.env.PATH };
		mkdirSync(join(dir, "service"));
		for (const name of ["Errors", "Powers"])
			writeFileSync(join(dir, `service/${name}.java`), `package service;\n\n${runtimeClasses[name]}`);
		writeFileSync(join(dir, "service/PowerRecipes.java"), powerRunner);
		writeFileSync(join(dir, "vectors"), execFileSync("python3", ["-c", powers], { cwd: dir, env, maxBuffer: 2 ** 28 }));
		execFileSync("javac", ["-d", "out", "service/PowerRecipes.java"], { cwd: dir, env });
		execFileSync("java", ["-cp", "out", "service.PowerRecipes", "vectors", "answers"], { cwd: dir, env });
		const apart = readFileSync(join(dir, "answers"), "utf8").trim().split("\n").map(Number);
		console.log(`${apart.filter((bits) => bits !== 0).length} of ${apart.length} powers are the other neighbour`);
		expect(apart).toHaveLength(20_000);
		expect(apart.filter((bits) => bits !== 0).length).toBeLessThanOrEqual(40);
		expect(Math.max(...apart.map(Math.abs))).toBeLessThanOrEqual(1);
	} finally {
		rmSync(dir, { recursive: true, force: true });
	}
}, 120_000);
