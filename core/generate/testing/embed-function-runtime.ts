import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

type Runtime = { folder: string; sources: string; ending: string; constant: string; nameOf(file: string): string };

const targets = join(import.meta.dirname, "../targets");

/** Of each target, where its runtime stands and what holds its texts, so that the generator itself reads no file. */
export const runtimes: readonly Runtime[] = [
	{
		folder: join(targets, "typescript/functions/runtime"),
		sources: join(targets, "typescript/functions/runtime-sources.ts"),
		ending: ".ts",
		constant: "functionRuntimeSources",
		nameOf: (file) => `./${file}`,
	},
	{
		folder: join(targets, "spring-boot/functions/runtime/python"),
		sources: join(targets, "spring-boot/functions/runtime-sources.ts"),
		ending: ".java",
		constant: "functionRuntimeClasses",
		nameOf: (file) => file.replace(".java", ""),
	},
];

export function functionRuntimeText({ folder, ending, constant, nameOf }: Runtime): string {
	const files = readdirSync(folder).filter((name) => name.endsWith(ending) && !name.endsWith(".test.ts"));
	const entries = files
		.sort()
		.map((name) => `\t${JSON.stringify(nameOf(name))}: ${JSON.stringify(readFileSync(join(folder, name), "utf8"))},`);
	return `// Generated from runtime/ by \`node core/generate/testing/embed-function-runtime.ts\`; a test keeps it in step. Do not edit.\nexport const ${constant}: Readonly<Record<string, string>> = {\n${entries.join("\n")}\n};\n`;
}

if (process.argv[1] === import.meta.filename) for (const runtime of runtimes) writeFileSync(runtime.sources, functionRuntimeText(runtime));
