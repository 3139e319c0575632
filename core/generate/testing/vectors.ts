import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { TypedValue, Vector } from "../../contract/function-ir.ts";

export type Call = { args: TypedValue[]; keywords?: Record<string, TypedValue> };

/** `calls`: these very calls. `driver`: the outermost calls that this text makes of the function. */
export type VectorJob = { source: string; function: string } & ({ calls: Call[] } | { driver: string });

/** What CPython gives for each job, in one process; a text where the source could not even be loaded. Without `python3` it fails. */
export function recordVectors(jobs: readonly VectorJob[]): (Vector[] | string)[] {
	const run = spawnSync("python3", [join(import.meta.dirname, "record-vectors.py")], {
		cwd: import.meta.dirname,
		env: { ...process.env, PYTHONUTF8: "1", PYTHONDONTWRITEBYTECODE: "1" },
		input: jobs.map((job) => `${asciiJson(job)}\n`).join(""),
		encoding: "utf8",
		maxBuffer: 1 << 30,
	});
	if (run.error || run.status !== 0)
		throw new Error(`python3 is needed to record vectors, and failed: ${run.error?.message ?? run.stderr}`);
	return run.stdout
		.trimEnd()
		.split("\n")
		.map((line) => {
			const answer = JSON.parse(line) as { vectors: Vector[] } | { failed: string };
			return "vectors" in answer ? answer.vectors : answer.failed;
		});
}

/** Lone surrogates survive the pipe. */
export const asciiJson = (value: unknown): string =>
	JSON.stringify(value).replace(/[\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
