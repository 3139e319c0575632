import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { TypedValue, Vector } from "../../contract/function-ir.ts";
import { createRandom } from "../../generate/testing/oracle.ts";
import { recordVectors } from "../../generate/testing/vectors.ts";
import { specimens } from "./testing/specimens.ts";
import { createValues } from "./testing/typed-random.ts";
import { translateFunction } from "./translate-function.ts";

type Job = { source: string; function: string; calls: { args: TypedValue[] }[] };

let root = "";
beforeAll(() => {
	root = mkdtempSync(join(tmpdir(), "phoenix-functions-java-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Each source as Java, called as CPython was; what differs. Needs a JDK 17: without it this fails, it does not pass unseen. */
async function differencesOf(jobs: readonly Job[]): Promise<{ differences: string[]; calls: number }> {
	const recorded = recordVectors(jobs);
	const folders: string[] = [];
	for (const [at, job] of jobs.entries()) {
		const folder = join(root, `${jobs.length}-${at}`);
		const vectors = recorded[at];
		if (!Array.isArray(vectors)) throw new Error(`not recorded: ${job.source}: ${vectors}`);
		mkdirSync(folder, { recursive: true });
		writeFileSync(join(folder, "m.py"), job.source);
		const { files } = await translateFunction(join(folder, "m.py"), job.function, "spring-boot");
		for (const [path, text] of Object.entries(files)) {
			mkdirSync(dirname(join(folder, path)), { recursive: true });
			writeFileSync(join(folder, path), text);
		}
		writeFileSync(join(folder, "calls.jsonl"), vectors.map((vector) => `${JSON.stringify({ args: vector.args })}\n`).join(""));
		folders.push(folder);
	}
	execFileSync("java", ["-Xmx1g", join(import.meta.dirname, "testing/RunMany.java"), ...folders], { stdio: "inherit" });
	let calls = 0;
	const differences = folders.flatMap((folder, at) => {
		const answers = readFileSync(join(folder, "answers.jsonl"), "utf8").trim().split("\n");
		return (recorded[at] as Vector[]).flatMap((vector, place) => {
			calls++;
			const told = (text: string) => {
				const { result, raises, after, output, untranslated } = JSON.parse(text) as Vector & { untranslated?: string };
				return JSON.stringify({ result, raises, after, output, untranslated });
			};
			const [mine, theirs] = [answers[place] ?? "", told(JSON.stringify(vector))];
			const same = mine.startsWith("{") && told(mine) === theirs;
			return same ? [] : [`${jobs[at]?.source}\n${JSON.stringify(vector.args)}\n  source ${theirs}\n  here   ${mine}`];
		});
	});
	return { differences, calls };
}

it("does in Java what CPython does in 200 random calls of every specimen", async () => {
	const values = createValues(2027);
	const jobs = specimens.map(({ source, kinds }) => ({
		source,
		function: "f",
		calls: Array.from({ length: 200 }, () => ({ args: kinds.map((kind) => values[kind]()) })),
	}));
	const { differences, calls } = await differencesOf(jobs);
	expect(differences.slice(0, 3)).toEqual([]);
	expect(calls).toBe(specimens.length * 200);
}, 900_000);

it("rounds, formats, shows and divides 100,000 doubles in Java as CPython does", async () => {
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
	const { differences, calls: made } = await differencesOf([{ source, function: "f", calls }]);
	expect(differences.slice(0, 3)).toEqual([]);
	expect(made).toBeGreaterThan(99_000);
}, 900_000);
