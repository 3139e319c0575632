import type { FStmt } from "../../../../contract/function-ir.ts";
import { plain } from "./code.ts";
import { type Frame, helper, refuse } from "./context.ts";
import { signedFunction } from "./definitions.ts";

const known = new Set(
	`init repr str eq ne lt le gt ge len iter next contains getitem setitem delitem call bool add sub mul truediv floordiv mod pow lshift rshift and
	or xor radd rsub rmul rtruediv rfloordiv rmod rpow rlshift rrshift rand ror rxor iadd isub imul itruediv ifloordiv imod ipow ilshift irshift
	iand ior ixor neg pos invert`
		.split(/\s+/)
		.map((name) => `__${name}__`),
);

/** `class name(base)`: its attributes and methods, each a function that takes the instance first. */
export function classLines(frame: Frame, stmt: Extract<FStmt, { kind: "class" }>): string[] {
	const { name, bases, attributes, methods } = stmt;
	const [base, ...more] = bases;
	if (more.length > 0) refuse(frame, `the bases of the class ${name}`, stmt.span, "only one base has an exact order of lookup here");
	const members = attributes.map((attribute) => `\t${attribute.name}: ${plain(frame, attribute.value)},`);
	const before: string[] = [];
	for (const method of methods) {
		if (/^__\w+__$/.test(method.name) && !known.has(method.name)) refuse(frame, `${name}.${method.name}`, method.span);
		const made = signedFunction({ ...frame, qualified: name }, method, `${name}.${method.name}`);
		before.push(...made.before);
		members.push(...`${method.name}: ${made.text},`.split("\n").map((line) => `\t${line}`));
	}
	const text = [`${helper(frame, "defineClass")}(${JSON.stringify(name)}, ${base ? plain(frame, base) : "null"}, {`, ...members, "})"].join(
		"\n",
	);
	return [...before, ...`${frame.unit.names(name)} = ${text};`.split("\n")];
}
