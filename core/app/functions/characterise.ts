import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Fault } from "../../base/index.ts";
import type { Vector } from "../../contract/function-ir.ts";

/** What a source function gave for generated calls, and how many calls were left out: too slow, or with values that have no text. */
export type Characterisation = { vectors: Vector[]; steps: number; slow: number; untellable: number };
export type CharacteriseOptions = { calls: number; seed: number; signal?: AbortSignal };

/**
 * Runs a module-level function of a Python file on `calls` calls that the source suggests and that reach new lines, in a process of its own
 * that may not write, connect or start anything. The same seed gives the same calls.
 * Throws LEGACY_UNRUN when there is no CPython or the file cannot be loaded, and CANCELLED.
 */
export async function characterise(file: string, name: string, options: CharacteriseOptions): Promise<Characterisation> {
	const script = join(import.meta.dirname, "characterise.py");
	const python = process.env.PHOENIX_PYTHON ?? "python3";
	const child = spawn(python, ["-I", "-B", script, file, name, String(options.calls), String(options.seed)], {
		cwd: tmpdir(),
		env: { PATH: process.env.PATH, PYTHONHASHSEED: "0", PYTHONUTF8: "1", LANG: "C.UTF-8", TZ: "UTC" },
		stdio: ["ignore", "pipe", "pipe"],
	});
	const stop = () => child.kill("SIGKILL");
	options.signal?.addEventListener("abort", stop, { once: true });
	let complaint = "";
	child.stderr.on("data", (part) => {
		complaint = `${complaint}${part}`.slice(-2000);
	});
	const ended = new Promise<number | null>((resolve, reject) => {
		child.once("error", reject);
		child.once("close", resolve);
	});
	const found: Characterisation = { vectors: [], steps: 0, slow: 0, untellable: 0 };
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
		options.signal?.removeEventListener("abort", stop);
		stop();
	}
	if (options.signal?.aborted) throw new Fault("CANCELLED", { what: "The characterisation", safe: "Nothing was changed." });
	if (!summed) throw new Fault("LEGACY_UNRUN", { file, reason: complaint.trim().split("\n").at(-1) ?? "it ended without a word" });
	return found;
}
