import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** A value of the legacy language on the wire: whole numbers and floats stay apart, and floats keep every bit. */
export type Wire = string | boolean | null | { i: string } | { f: string } | { e: string } | Wire[];

export const int = (value: number | bigint): Wire => ({ i: String(value) });

export function float(value: number): Wire {
	if (Number.isNaN(value)) return { f: "nan" };
	const view = new DataView(new ArrayBuffer(8));
	view.setFloat64(0, value);
	return { f: view.getBigUint64(0).toString(16).padStart(16, "0") };
}

/** What CPython answers to each question, in one process. Without `python3` it fails; it never skips. */
export function askPython(questions: [string, Wire[]][]): Wire[] {
	const input = questions.map((question) => JSON.stringify(question).replaceAll('{"f":"nan"}', '{"f":"7ff8000000000000"}')).join("\n");
	const run = spawnSync("python3", [join(import.meta.dirname, "oracle.py")], {
		input: `${input}\n`,
		encoding: "utf8",
		maxBuffer: 1 << 30,
		env: { ...process.env, PYTHONIOENCODING: "utf-8:surrogatepass", PYTHONUTF8: "1" },
	});
	if (run.error || run.status !== 0)
		throw new Error(`python3 is needed to prove the translation, and failed: ${run.error?.message ?? run.stderr}`);
	return run.stdout
		.trimEnd()
		.split("\n")
		.map((text) => JSON.parse(text) as Wire);
}

/** A seeded source of numbers from 0 to 1 (mulberry32). */
export function createRandom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
