import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createRandom } from "../../generate/testing/oracle.ts";
import { recordVectors } from "../../generate/testing/vectors.ts";
import { compareSpecimens } from "./testing/compared.ts";
import { specimens } from "./testing/specimens.ts";
import { difference, translate } from "./testing/translated.ts";

let root = "";
beforeAll(() => {
	root = mkdtempSync(join(tmpdir(), "phoenix-functions-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

it("does what CPython does in 500 random calls of every specimen", async () => {
	const { differences, calls } = await compareSpecimens(join(root, "specimens"), 2026, 500);
	expect(differences).toEqual([]);
	expect(calls).toBe(specimens.length * 500);
});

it("rounds, formats, shows and divides 100,000 doubles as CPython does", async () => {
	const random = createRandom(1990);
	const view = new DataView(new ArrayBuffer(8));
	const double = (): number => {
		const kind = Math.floor(random() * 4);
		if (kind === 0) return Math.round(random() * 1e7) / 100;
		if (kind === 1) return (2 * Math.floor(random() * 1e5) + 1) / 2 ** Math.floor(1 + random() * 7);
		if (kind === 2) return (random() - 0.5) * 10 ** Math.floor(random() * 40 - 20);
		view.setUint32(0, Math.floor(random() * 2 ** 32));
		view.setUint32(4, Math.floor(random() * 2 ** 32));
		return view.getFloat64(0);
	};
	const doubles = Array.from({ length: 100_000 }, double).filter(Number.isFinite);
	const source =
		"def f(x):\n    return round(x, 2), round(x), f'{x:.2f}', f'{x:,.2f}', f'{x:e}', f'{x:g}', repr(x), x // 0.7, x % 0.7, '%.3f' % x\n";
	const calls = doubles.map((value) => ({ args: [{ float: Object.is(value, -0) ? "-0.0" : String(value) }] }));
	const [vectors] = recordVectors([{ source, function: "f", calls }]);
	const made = await translate(join(root, "numbers"), source, "f");
	if (Array.isArray(made) || !Array.isArray(vectors)) throw new Error("neither recorded nor translated");
	expect(vectors.flatMap((vector) => difference(vector, made.run(vector)) ?? []).slice(0, 3)).toEqual([]);
	expect(vectors.length).toBeGreaterThan(99_000);
});
