import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { Fault } from "../../base/index.ts";
import type { Vector } from "../../contract/function-ir.ts";

/**
 * What a source function gave for generated calls, and how many calls were left out: too slow, with values that have no text, or undetermined:
 * the source itself gives something else in another process, since the order of texts in a set is drawn at its start.
 */
export type Characterisation = { vectors: Vector[]; steps: number; slow: number; untellable: number; undetermined: number };
export type CharacteriseOptions = { calls: number; seed: number; signal?: AbortSignal };

/**
 * Runs a module-level function of a Python file on `calls` calls that the source suggests and that reach new lines, in processes of their own
 * that may not write, connect or start anything. The same seed gives the same calls.
 * Throws LEGACY_UNRUN when there is no CPython or the file cannot be loaded, and CANCELLED.
 */
export async function characterise(file: string, name: string, options: CharacteriseOptions): Promise<Characterisation> {
	const first = await observe(file, name, [String(options.calls), String(options.seed)], "0", "", options.signal);
	const calls = first.vectors.map((vector) => `${JSON.stringify({ args: vector.args, keywords: vector.keywords ?? {} })}\n`).join("");
	const again = await observe(file, name, ["-", "0"], "1", calls, options.signal);
	// A call that took too long the second time is missing there: what follows is found by its arguments.
	const second = new Map<string, Set<string>>();
	for (const vector of again.vectors) {
		const key = JSON.stringify(vector.args);
		second.set(key, (second.get(key) ?? new Set()).add(JSON.stringify(vector)));
	}
	const vectors = first.vectors.filter((vector) => second.get(JSON.stringify(vector.args))?.has(JSON.stringify(vector)));
	return { ...first, vectors, undetermined: first.vectors.length - vectors.length };
}

async function observe(
	file: string,
	name: string,
	how: string[],
	hashSeed: string,
	calls: string,
	signal?: AbortSignal,
): Promise<Characterisation> {
	const script = join(import.meta.dirname, "characterise.py");
	const python = process.env.PHOENIX_PYTHON ?? "python3";
	const child = spawn(python, ["-B", "-s", script, resolve(file), name, ...how], {
		cwd: tmpdir(),
		env: { PATH: process.env.PATH, PYTHONHASHSEED: hashSeed, PYTHONUTF8: "1", LANG: "C.UTF-8", TZ: "UTC" },
		stdio: ["pipe", "pipe", "pipe"],
	});
	const stop = () => child.kill("SIGKILL");
	child.stdin.on("error", () => {});
	child.stdin.end(calls);
	signal?.addEventListener("abort", stop, { once: true });
	let complaint = "";
	child.stderr.on("data", (part) => {
		complaint = `${complaint}${part}`.slice(-2000);
	});
	const ended = new Promise<number | null>((resolve, reject) => {
		child.once("error", reject);
		child.once("close", resolve);
	});
	const found: Characterisation = { vectors: [], steps: 0, slow: 0, untellable: 0, undetermined: 0 };
	let summed = false;
	try {
		const lines = (async () => {
			for await (const line of createInterface({ input: child.stdout })) {
				const said = JSON.parse(line) as Vector | { summary: { steps: number; slow: number; untellable: number } };
				if ("summary" in said) {
					summed = true;
					Object.assign(found, { steps: said.summary.steps, slow: said.summary.slow, untellable: said.summary.untellable });
				} else found.vectors.push(said);
			}
		})();
		await Promise.all([lines, ended]);
	} catch (error) {
		throw new Fault("LEGACY_UNRUN", { file, reason: error instanceof Error ? error.message : String(error) }, { cause: error });
	} finally {
		signal?.removeEventListener("abort", stop);
		stop();
	}
	if (signal?.aborted) throw new Fault("CANCELLED", { what: "The characterisation", safe: "Nothing was changed." });
	if (!summed) throw new Fault("LEGACY_UNRUN", { file, reason: complaint.trim().split("\n").at(-1) || "it ended without a word" });
	return found;
}
