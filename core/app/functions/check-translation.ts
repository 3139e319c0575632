import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { Fault } from "../../base/index.ts";
import type { Vector } from "../../contract/function-ir.ts";
import type { FunctionTarget } from "../../generate/index.ts";
import { compileJava } from "../../operator/index.ts";

type Answer = Pick<Vector, "result" | "raises" | "after" | "output"> & { untranslated?: string };
/** `kind`: what differs, the first that does: the result, the exception's type, its message, the arguments afterwards, what was printed. */
export type Difference = {
	vector: Vector;
	answer: Answer;
	kind: "result" | "exception" | "message" | "arguments" | "output" | "untranslated";
};
export type Checked = { calls: number; equal: number; differences: Difference[] };

/** Runs a translated function (its folder, as it was written) on recorded calls. Throws TRANSLATION_UNRUN when it does not answer each. */
export async function checkTranslation(
	folder: string,
	vectors: readonly Vector[],
	target: FunctionTarget = "typescript",
	signal?: AbortSignal,
): Promise<Checked> {
	const dir = resolve(folder);
	const runner = await runners[target](dir);
	const child = spawn(runner.command, runner.args, {
		cwd: dir,
		env: { PATH: process.env.PATH, NODE_NO_WARNINGS: "1" },
		stdio: ["pipe", "pipe", "pipe"],
	});
	let complaint = "";
	child.stderr.on("data", (part) => {
		complaint = `${complaint}${part}`.slice(-2000);
	});
	const stop = () => child.kill("SIGKILL");
	signal?.addEventListener("abort", stop, { once: true });
	const ended = new Promise<void>((resolve, reject) => {
		child.once("error", reject);
		child.once("close", () => resolve());
	});
	// A runner that dies closes its input; what it did not answer is told below.
	child.stdin.on("error", () => {});
	child.stdin.end(vectors.map((vector) => `${JSON.stringify({ args: vector.args, keywords: vector.keywords ?? {} })}\n`).join(""));
	const answers: Answer[] = [];
	for await (const line of createInterface({ input: child.stdout })) answers.push(JSON.parse(line) as Answer);
	await ended;
	signal?.removeEventListener("abort", stop);
	if (signal?.aborted) throw new Fault("CANCELLED", { what: "The check", safe: "What was generated stands, unproved." });
	if (answers.length !== vectors.length)
		throw new Fault("TRANSLATION_UNRUN", {
			dir,
			reason: complaint.trim().split("\n").at(-1) || `it answered ${answers.length} of ${vectors.length} calls`,
		});
	const differences = vectors.flatMap((vector, at): Difference[] => {
		const answer = answers[at] as Answer;
		const kind = differing(vector, answer);
		return kind === null ? [] : [{ vector, answer, kind }];
	});
	return { calls: vectors.length, equal: vectors.length - differences.length, differences };
}

/** How the runner of a translated folder is started, once it can be. */
const runners: Record<FunctionTarget, (dir: string) => Promise<{ command: string; args: string[] }>> = {
	typescript: async (dir) => ({ command: process.execPath, args: [join(dir, "run-vectors.ts")] }),
	async "spring-boot"(dir) {
		await compileJava(dir);
		return {
			command: "java",
			args: ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", join(dir, "target/classes"), "translated.RunVectors"],
		};
	},
};

function differing(vector: Vector, answer: Answer): Difference["kind"] | null {
	const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
	if (answer.untranslated !== undefined) return "untranslated";
	if (vector.raises?.type !== answer.raises?.type) return "exception";
	if (!same(vector.result, answer.result)) return "result";
	// Where the depth ends decides the words of a RecursionError.
	if (vector.raises?.type !== "RecursionError" && vector.raises?.message !== answer.raises?.message) return "message";
	if (!same(vector.after, answer.after)) return "arguments";
	return same(vector.output, answer.output) ? null : "output";
}
