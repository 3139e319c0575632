import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const target = join(import.meta.dirname, "../targets/typescript/functions");

/** The text of `functions/runtime-sources.ts`: the files of its `runtime/` as strings, so that the generator itself reads no file. */
export function functionRuntimeText(): string {
	const files = readdirSync(join(target, "runtime")).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
	const entries = files
		.sort()
		.map((name) => `\t${JSON.stringify(`./${name}`)}: ${JSON.stringify(readFileSync(join(target, "runtime", name), "utf8"))},`);
	return `// Generated from runtime/ by \`node core/generate/testing/embed-function-runtime.ts\`; a test keeps it in step. Do not edit.\nexport const functionRuntimeSources: Readonly<Record<string, string>> = {\n${entries.join("\n")}\n};\n`;
}

if (process.argv[1] === import.meta.filename) writeFileSync(join(target, "runtime-sources.ts"), functionRuntimeText());
