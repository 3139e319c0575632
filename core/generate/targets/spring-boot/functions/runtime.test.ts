import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { builtinHelpers, builtinParameters, helperName, methodParameters } from "../../typescript/functions/vocabulary.ts";
import { runtimeMembers } from "./runtime-members.ts";
import { functionRuntimeClasses } from "./runtime-sources.ts";
import { shakeClasses } from "./shake.ts";

const folder = join(import.meta.dirname, "runtime/python");

describe("the Java runtime that is emitted", () => {
	it("is the text of its folder", () => {
		const files = readdirSync(folder).sort();
		expect(Object.keys(functionRuntimeClasses).sort()).toEqual(files.map((name) => name.replace(".java", "")).sort());
		for (const name of files)
			expect(functionRuntimeClasses[name.replace(".java", "")], name).toBe(readFileSync(join(folder, name), "utf8"));
	});

	it("has a helper for every builtin and method that the vocabulary says how to call", () => {
		const others: Record<string, string> = { ...builtinHelpers, int: "intOf", float: "floatOf" };
		const builtins = Object.keys(builtinParameters).map((name) => others[name] ?? name);
		const methods = Object.entries(methodParameters).flatMap(([type, names]) => Object.keys(names).map((name) => helperName(type, name)));
		expect([...builtins, ...methods].filter((name) => !runtimeMembers.has(name))).toEqual([]);
	});

	it("is cut down to the members that are named, directly or not, with the imports of those", () => {
		const sources = {
			Two: 'package python;\n\nimport java.util.List;\nimport java.util.Map;\n\n/** Two. */\npublic final class Two {\n\tprivate static final int A = 1;\n\tprivate static final List<Integer> B =\n\t\tList.of(A);\n\n\tprivate Two() {}\n\n\tpublic static int one() {\n\t\treturn A;\n\t}\n\n\t/** Says "other". */\n\tpublic static Object other() {\n\t\treturn Map.of(B, \'"\', Three.gone());\n\t}\n}\n',
			Three: "package python;\n\nfinal class Three {\n\tstatic int gone() {\n\t\treturn 3;\n\t}\n}\n",
		};
		expect(shakeClasses(sources, ["return Two.one();"])).toEqual({
			Two: "package python;\n\n/** Two. */\npublic final class Two {\n\tprivate static final int A = 1;\n\n\tprivate Two() {}\n\n\tpublic static int one() {\n\t\treturn A;\n\t}\n}\n",
		});
		expect(Object.keys(shakeClasses(sources, ["Two.other()"]))).toEqual(["Three", "Two"]);
	});
});
