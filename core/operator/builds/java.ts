import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
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
	const reason = await new Promise<string | null>((resolve) => {
		const options = { cwd: dir, env: childEnvironment(process.env), timeout: COMPILE_LIMIT_MS };
		execFile("javac", args, options, (error, _, complaint) => resolve(error === null ? null : complaint.split("\n")[0] || error.message));
	});
	if (reason !== null) throw new Fault("BUILD_FAILED", { dir, reason, log: "what javac says in that folder" });
}
