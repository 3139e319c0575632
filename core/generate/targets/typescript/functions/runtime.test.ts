import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { functionRuntimeSources } from "./runtime-sources.ts";
import { exportsOf, shakeModules } from "./shake.ts";
import { builtinHelpers, builtinParameters, helperName, methodParameters } from "./vocabulary.ts";

const folder = join(import.meta.dirname, "runtime");

describe("the runtime that is emitted", () => {
	it("is the text of its folder", () => {
		const files = readdirSync(folder).sort();
		expect(Object.keys(functionRuntimeSources).sort()).toEqual(files.map((name) => `./${name}`));
		for (const name of files) expect(functionRuntimeSources[`./${name}`], name).toBe(readFileSync(join(folder, name), "utf8"));
	});

	it("has a helper for every builtin and method that the vocabulary says how to call", () => {
		const known = exportsOf(functionRuntimeSources);
		const builtins = Object.keys(builtinParameters).map((name) => builtinHelpers[name] ?? name);
		const methods = Object.entries(methodParameters).flatMap(([type, names]) => Object.keys(names).map((name) => helperName(type, name)));
		expect([...builtins, ...methods].filter((name) => !known.has(name))).toEqual([]);
	});

	it("is cut down to what is needed, with the imports of that", () => {
		const sources = {
			"./a.ts":
				'import { two, unused } from "./b.ts";\n\n/** One. */\nexport function one(): number {\n\treturn two() - 1;\n}\n\nexport function other(): number {\n\treturn unused();\n}\n',
			"./b.ts": "export const two = (): number => 2;\nexport const unused = (): number => 3;\n",
		};
		expect(shakeModules(sources, new Map([["one", "./a.ts"]]))).toEqual({
			"./a.ts": 'import { two } from "./b.ts";\n\n/** One. */\nexport function one(): number {\n\treturn two() - 1;\n}\n',
			"./b.ts": "export const two = (): number => 2;\n",
		});
	});
});
