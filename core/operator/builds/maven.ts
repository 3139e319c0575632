import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { childEnvironment, Fault, systemClock } from "../../base/index.ts";
import { isInPath } from "./path.ts";

const BUILD_LIMIT_MS = 15 * 60_000;
const OUTPUT = "target";
const stampOf = (dir: string) => join(dir, OUTPUT, "built-from.txt");

/**
 * `mvn package` in a folder, unless its jar was made of these very sources. The first build on a machine fetches what Spring Boot needs.
 * Throws TOOLS_MISSING, BUILD_FAILED with the end of Maven's words, or what `signal` says.
 */
export async function buildWithMaven(options: { dir: string; tests: boolean; signal?: AbortSignal }): Promise<{ ms: number }> {
	const { dir, tests, signal } = options;
	const missing = ["javac", "mvn"].filter((tool) => !isInPath(tool));
	if (missing.length > 0)
		throw new Fault("TOOLS_MISSING", {
			subject: "A Spring Boot service",
			tools: "a JDK (17 or newer) and Maven",
			missing: missing.join(", "),
		});
	const sources = sourcesHash(dir);
	const former = existsSync(stampOf(dir)) ? readFileSync(stampOf(dir), "utf8") : "";
	if (former === `${sources} tested` || (!tests && former === `${sources} untested`)) return { ms: 0 };
	const started = systemClock.now();
	const log = `${dir}.build.log`;
	const reason = await runMaven(dir, tests ? [] : ["-Dmaven.test.skip=true"], log, signal);
	if (reason !== null) throw new Fault("BUILD_FAILED", { dir, reason, log });
	writeFileSync(stampOf(dir), `${sources} ${tests ? "tested" : "untested"}`);
	return { ms: systemClock.now() - started };
}

async function runMaven(dir: string, more: string[], log: string, signal: AbortSignal | undefined): Promise<string | null> {
	const output = openSync(log, "w");
	const timed = AbortSignal.timeout(BUILD_LIMIT_MS);
	try {
		const child = spawn("mvn", ["--quiet", "--batch-mode", "--no-transfer-progress", ...more, "package"], {
			cwd: dir,
			stdio: ["ignore", output, output],
			env: { ...childEnvironment(process.env), ...toolsEnvironment() },
			signal: signal === undefined ? timed : AbortSignal.any([timed, signal]),
		});
		const end = await new Promise<string | null>((resolve) => {
			child.once("error", (error) => resolve(error.message));
			child.once("exit", (code, killed) => resolve(code === 0 ? null : `Maven ended with ${killed ?? `code ${code}`}`));
		});
		signal?.throwIfAborted();
		if (end === null) return null;
		const words = readFileSync(log, "utf8")
			.split("\n")
			.find((line) => line.startsWith("[ERROR]"));
		return words === undefined ? end : `${end}: ${words.replace("[ERROR]", "").trim()}`;
	} finally {
		closeSync(output);
	}
}

function toolsEnvironment(): Record<string, string> {
	const kept = ["JAVA_HOME", "MAVEN_OPTS", "MAVEN_ARGS"];
	return Object.fromEntries(kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name] as string]])));
}

/** Of every file but what a build makes. */
function sourcesHash(dir: string): string {
	const hash = createHash("sha256");
	const files = readdirSync(dir, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => relative(dir, join(entry.parentPath, entry.name)))
		.filter((path) => path !== OUTPUT && !path.startsWith(join(OUTPUT, "/")))
		.sort();
	for (const path of files)
		hash
			.update(`${path}\0`)
			.update(readFileSync(join(dir, path)))
			.update("\0");
	return hash.digest("hex");
}
