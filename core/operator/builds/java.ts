import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { childEnvironment, Fault } from "../../base/index.ts";
import { isInPath } from "./path.ts";

const COMPILE_LIMIT_MS = 5 * 60_000;

/** Compiles `src/main/java` of a folder that needs no library into `target/classes`. Throws TOOLS_MISSING, BUILD_FAILED with the compiler's first words. */
export async function compileJava(dir: string): Promise<void> {
	if (!isInPath("javac")) throw new Fault("TOOLS_MISSING", { subject: "Checking Java", tools: "a JDK (17 or newer)", missing: "javac" });
	const root = join(dir, "src/main/java");
	const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
		.filter((path) => path.endsWith(".java"))
		.map((path) => join(root, path));
	const args = ["-encoding", "UTF-8", "-nowarn", "-d", join(dir, "target/classes"), ...sources];
	await promisify(execFile)("javac", args, { env: childEnvironment(process.env), timeout: COMPILE_LIMIT_MS }).catch(
		(error: { stderr?: string }) => {
			const [reason = "the compiler gave up"] = (error.stderr ?? "").split("\n");
			throw new Fault("BUILD_FAILED", { dir, reason, log: "the compiler's output: javac says the same again" });
		},
	);
}
