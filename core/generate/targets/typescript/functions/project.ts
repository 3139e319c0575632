import type { FunctionUnit } from "../../../../contract/function-ir.ts";
import type { UnitContext } from "./context.ts";
import { runtimeExports as exported } from "./runtime-names.ts";
import { functionRuntimeSources } from "./runtime-sources.ts";
import { shakeModules } from "./shake.ts";
import { helperName, methodParameters } from "./vocabulary.ts";

/** The files beside the module of the functions: the runtime's part that it uses, the runner, what Node and the reader need. */
export function projectFiles(unit: FunctionUnit, context: UnitContext, module: string): Record<string, string> {
	const dispatch = dispatchText(context);
	const used = [...context.helpers].sort();
	const needed = new Map<string, string>();
	for (const name of [...used, ...dispatch.uses, "runVectors"]) needed.set(name, pathOf(name));
	const runtime = shakeModules(functionRuntimeSources, needed);
	const files: Record<string, string> = {};
	for (const [path, text] of Object.entries(runtime)) files[`python/${path.slice(2)}`] = text;
	if (dispatch.text !== "") files["python/dispatch.ts"] = dispatch.text;
	files["python.ts"] = barrelText(used, dispatch.exports);
	files["run-vectors.ts"] = runnerText(module, context.names(unit.entry), unit.entry);
	files["package.json"] =
		`${JSON.stringify({ name: packageName(unit.entry), version: "1.0.0", private: true, type: "module", engines: { node: ">=24" } }, null, "\t")}\n`;
	files["tsconfig.json"] = `${JSON.stringify({ compilerOptions: compilerOptions }, null, "\t")}\n`;
	files["README.md"] = readme(unit, module);
	return files;
}

function pathOf(name: string): string {
	const found = exported.get(name);
	if (!found) throw new Error(`the runtime exports no ${name}`);
	return found.path;
}

const compilerOptions = {
	target: "es2024",
	lib: ["es2024"],
	module: "nodenext",
	strict: true,
	noUncheckedIndexedAccess: true,
	erasableSyntaxOnly: true,
	verbatimModuleSyntax: true,
	allowImportingTsExtensions: true,
	noEmit: true,
	skipLibCheck: true,
	types: ["node"],
};

const packageName = (entry: string): string =>
	entry
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, "-")
		.replace(/^-|-$/g, "") || "function";

/** `python/dispatch.ts`: the methods that the unit asks of values whose type only shows when it runs, and builtins that are values. */
function dispatchText(context: UnitContext): { text: string; exports: string[]; uses: string[] } {
	const { callMethod, attribute } = context.needsDispatch;
	const uses = new Set<string>();
	const lines: string[] = [];
	const exports: string[] = [];
	if (callMethod || attribute) {
		uses.add("createDispatch");
		uses.add("builtinMethod");
		const rows = [...context.methods].sort().flatMap((method) => {
			const types = Object.keys(methodParameters).filter(
				(type) => isKnown(context, type) && Object.hasOwn(methodParameters[type] ?? {}, method),
			);
			const present = types.filter((type) => exported.has(helperName(type, method)));
			if (present.length === 0) return [];
			const items = present.map((type) => {
				const fn = helperName(type, method);
				uses.add(fn);
				return `${type}: builtinMethod(${fn}, "${type}.${method}", "${methodParameters[type]?.[method] ?? ""}")`;
			});
			return [`\t${method}: { ${items.join(", ")} },`];
		});
		const names = [...(callMethod ? ["callMethod"] : []), ...(attribute ? ["attribute"] : [])];
		lines.push(`export const { ${names.join(", ")} } = createDispatch({`, ...rows, "});");
		exports.push(...names);
	}
	for (const [name, text] of context.values) {
		lines.push(`export const ${name} = ${text};`);
		exports.push(name);
		for (const [word] of text.matchAll(/\w+/g)) if (exported.has(word) && context.helpers.has(word)) uses.add(word);
	}
	if (lines.length === 0) return { text: "", exports, uses: [] };
	const imports = importLines([...uses], "./");
	return { text: `${imports.join("")}\n${lines.join("\n")}\n`, exports, uses: [...uses] };
}

const always = new Set(["str", "list", "tuple", "range", "dict", "set", "int", "float", "generator"]);
const isKnown = (context: UnitContext, type: string): boolean => always.has(type) || context.types.has(type);

function importLines(names: readonly string[], folder: string, word = "import"): string[] {
	const byPath = new Map<string, string[]>();
	for (const name of [...names].sort()) {
		const found = exported.get(name);
		if (found) byPath.set(found.path, [...(byPath.get(found.path) ?? []), found.isType ? `type ${name}` : name]);
	}
	return [...byPath].sort().map(([path, items]) => `${word} { ${items.join(", ")} } from "${folder}${path.slice(2)}";\n`);
}

function barrelText(names: readonly string[], dispatched: readonly string[]): string {
	const rest = dispatched.length > 0 ? `export { ${dispatched.join(", ")} } from "./python/dispatch.ts";\n` : "";
	return `// What these functions need of the data model of Python.\n${importLines(names, "./python/", "export").join("")}${rest}`;
}

function runnerText(module: string, name: string, entry: string): string {
	const imported = name === entry ? name : `${entry} as ${name}`;
	return `import { runVectors } from "./python/run-vectors.ts";\nimport { ${imported} } from "./${module}.ts";\n\nrunVectors(${name});\n`;
}

function readme(unit: FunctionUnit, module: string): string {
	return `# ${unit.entry}

\`${module}.ts\` is \`${unit.entry}\` of \`${unit.source.file}\` in TypeScript, with the meaning that Python ${unit.source.dialect} gives it. It runs on Node 24 as it is:
\`import { ${unit.entry} } from "./${module}.ts"\`.

| Python | here |
| --- | --- |
| int | bigint |
| float | number |
| bool, None, str | boolean, null, string |
| list | Array |
| tuple, dict, set, ... | the classes in \`python/\` |

An exception of Python is thrown as \`Raised\`; its \`exception\` has the class and the arguments.

\`node run-vectors.ts\` reads calls from stdin, one JSON line each, and answers each with one line:

    {"args": [{"int": "3"}, {"list": ["a", {"float": "0.5"}]}], "keywords": {"key": null}}
    {"result": {"tuple": [...]}, "after": [...], "output": "printed"}

\`raises\` stands in place of \`result\` with the type and message of the exception. \`after\` are the arguments after the call. Values keep their type:
null, true, "text", {"int": "12"}, {"float": "0.1"}, {"list": []}, {"tuple": []}, {"dict": [[key, value]]}, {"set": []}, {"frozenset": []},
{"iterator": []}.
`;
}
