import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const target = join(import.meta.dirname, "../targets/typescript");

/** The text of `runtime-sources.ts`: the files of `runtime/` as strings, so that the generator itself reads no file. */
export function runtimeSourcesText(): string {
	const files = readdirSync(join(target, "runtime")).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
	const entries = files.sort().map((name) => {
		const text = readFileSync(join(target, "runtime", name), "utf8");
		return `\t${JSON.stringify(`runtime/${name}`)}: ${JSON.stringify(text)},`;
	});
	return `// Generated from runtime/ by \`node core/generate/testing/embed-runtime.ts\`; a test keeps it in step. Do not edit.\nexport const runtimeSources: Readonly<Record<string, string>> = {\n${entries.join("\n")}\n};\n`;
}

if (process.argv[1] === import.meta.filename) writeFileSync(join(target, "runtime-sources.ts"), runtimeSourcesText());
