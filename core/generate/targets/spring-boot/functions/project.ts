import type { FunctionUnit } from "../../../../contract/function-ir.ts";
import { methodParameters } from "../../typescript/functions/vocabulary.ts";
import { stringText } from "../code.ts";
import { methodBody } from "./calls.ts";
import type { UnitContext } from "./context.ts";
import { functionRuntimeClasses } from "./runtime-sources.ts";
import { shakeClasses } from "./shake.ts";

/** The files beside the class of the functions: the runtime's part that it uses, the runner, what Maven and the reader need. */
export function projectFiles(unit: FunctionUnit, context: UnitContext, source: string, value: string): Record<string, string> {
	const dispatch = dispatchText(context);
	const runner = runnerText(context.home, value);
	const files: Record<string, string> = { "src/main/java/translated/RunVectors.java": runner };
	for (const [name, text] of Object.entries(shakeClasses(functionRuntimeClasses, [source, runner, dispatch])))
		files[`src/main/java/python/${name}.java`] = text;
	if (dispatch !== "") files["src/main/java/python/Dispatch.java"] = dispatch;
	files["pom.xml"] = pomText(unit.entry);
	files["README.md"] = readme(unit, context.home);
	return files;
}

const always = new Set(["str", "list", "tuple", "range", "dict", "set", "int", "float", "generator"]);

/** `Dispatch.java`: the methods that the unit asks of values whose type only shows when it runs, and builtins that are values. */
function dispatchText({ methods, types, values }: UnitContext): string {
	if (methods.size === 0 && values.size === 0) return "";
	const rows = [...methods].sort().flatMap((method) =>
		Object.keys(methodParameters).flatMap((type) => {
			const made = always.has(type) || types.has(type) ? methodBody(type, method) : null;
			return made === null ? [] : [`\t\t.add("${type}", "${method}", ${stringText(made.parameters)}, ${made.text})`];
		}),
	);
	const table = rows.length === 0 ? "new Methods();" : `new Methods()\n${rows.join("\n")};`;
	const fields = [...values].map(([name, text]) => `\tpublic static final Object ${name} = ${text};`);
	return `package python;

/** What the functions ask of values whose type only shows when they run, and the functions of the language that they hand on. */
public final class Dispatch {
	private static final Methods METHODS = ${table}
${fields.join("\n")}

	private Dispatch() {}

	/** of.name(*args) */
	public static Object call(Object of, String name, Object... args) {
		return METHODS.call(of, name, args, null);
	}

	/** of.name(*args, **keywords) */
	public static Object call(Object of, String name, Object[] args, Dict keywords) {
		return METHODS.call(of, name, args, keywords);
	}

	/** of.name */
	public static Object attribute(Object of, String name) {
		return METHODS.attribute(of, name);
	}

	/** hasattr(of, name) */
	public static boolean has(Object of, String name) {
		return METHODS.has(of, name);
	}
}
`;
}

function runnerText(home: string, value: string): string {
	return `package translated;

import python.Vectors;

/** Answers calls that come as lines of JSON; see README.md. */
public final class RunVectors {
	private RunVectors() {}

	public static void main(String[] args) throws InterruptedException {
		Vectors.run(${home}.${value});
	}
}
`;
}

function pomText(entry: string): string {
	const name =
		entry
			.toLowerCase()
			.replace(/[^a-z0-9]+/g, "-")
			.replace(/^-|-$/g, "") || "function";
	return `<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
	<modelVersion>4.0.0</modelVersion>
	<groupId>translated</groupId>
	<artifactId>${name}</artifactId>
	<version>1.0.0</version>
	<properties>
		<maven.compiler.release>17</maven.compiler.release>
		<project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
	</properties>
</project>
`;
}

function readme(unit: FunctionUnit, home: string): string {
	return `# ${unit.entry}

\`translated.${home}\` holds \`${unit.entry}\` of \`${unit.source.file}\` in Java, with the meaning that Python ${unit.source.dialect} gives it.
Java 17 and nothing else: \`mvn package\`, or \`javac -d target/classes $(find src -name '*.java')\`.

| Python | here |
| --- | --- |
| int | Long, or BigInteger where it does not fit |
| float | Double |
| bool, None, str | Boolean, null, String |
| list | ArrayList |
| tuple, dict, set, ... | the classes in \`python\` |

An exception of Python is thrown as \`PyError\`; its \`value\` has the class and the arguments.

\`java -cp target/classes translated.RunVectors\` reads calls from its input, one JSON line each, and answers each with one line:

    {"args": [{"int": "3"}, {"list": ["a", {"float": "0.5"}]}], "keywords": {"key": null}}
    {"result": {"tuple": [...]}, "after": [...], "output": "printed"}

\`raises\` stands in place of \`result\` with the type and message of the exception. \`after\` are the arguments after the call. Values keep their type:
null, true, "text", {"int": "12"}, {"float": "0.1"}, {"list": []}, {"tuple": []}, {"dict": [[key, value]]}, {"set": []}, {"frozenset": []},
{"iterator": []}.
`;
}
