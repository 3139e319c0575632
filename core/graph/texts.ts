import type { Names } from "./names.ts";
import type { Program, SourceExpr } from "./program.ts";
import { addDefinitions, type SqlSchema } from "./sql/schema.ts";
import { visitBody } from "./walk.ts";

/**
 * The text that an expression always has: literals, their concatenation, and names of fixed module texts.
 * `holes`: what to put where a part is not constant (then the text is only good for finding table names); null refuses.
 */
export function constantText(
	expr: SourceExpr,
	module: string,
	names: Names,
	hidden: ReadonlySet<string>,
	holes: string | null = null,
): string | null {
	switch (expr.kind) {
		case "string":
			return expr.value;
		case "binary": {
			if (expr.op === "%" && holes !== null) return constantText(expr.left, module, names, hidden, holes);
			if (expr.op !== "+") return holes;
			const left = constantText(expr.left, module, names, hidden, holes);
			const right = constantText(expr.right, module, names, hidden, holes);
			return left === null || right === null ? null : left + right;
		}
		case "formatted":
			return holes === null ? null : expr.parts.map((part) => (typeof part === "string" ? part : holes)).join("");
		case "name":
		case "attribute": {
			const path: string[] = [];
			let at: SourceExpr = expr;
			while (at.kind === "attribute") {
				path.unshift(at.name);
				at = at.of;
			}
			if (at.kind !== "name" || hidden.has(at.name)) return holes;
			const meaning = names.meaningOf(module, [at.name, ...path]);
			if (meaning.kind !== "value" || !meaning.value.fixed || meaning.rest.length > 0) return holes;
			return constantText(meaning.value.value, meaning.value.module.name, names, new Set(), holes);
		}
		case "call":
			// "...".format(...), " ".join((...)): good enough to see table names.
			if (holes !== null && expr.callee.kind === "attribute") {
				if (expr.callee.name === "format" || expr.callee.name === "strip")
					return constantText(expr.callee.of, module, names, hidden, holes);
				const [list] = expr.args;
				if (expr.callee.name === "join" && (list?.kind === "list" || list?.kind === "tuple")) {
					return list.items.map((item) => constantText(item, module, names, hidden, holes) ?? holes).join(" ");
				}
			}
			return holes;
		default:
			return holes;
	}
}

const known = new WeakMap<Program, SqlSchema>();

/** Every table that any text of the project defines: string literals anywhere, and scripts. Read once for a program. */
export function schemaOf(program: Program): SqlSchema {
	const schema = known.get(program) ?? readSchema(program);
	known.set(program, schema);
	return schema;
}

function readSchema(program: Program): SqlSchema {
	const schema: SqlSchema = new Map();
	for (const module of program.modules) {
		const look = (expr: SourceExpr) => {
			if (expr.kind === "string" && expr.value.length > 12) addDefinitions(schema, expr.value);
		};
		visitBody(module.body, look);
		for (const decl of module.functions) visitBody(decl.body, look);
		for (const owner of module.classes) for (const attribute of owner.attributes) look(attribute.value);
	}
	for (const script of program.scripts) addDefinitions(schema, script.text);
	return schema;
}
