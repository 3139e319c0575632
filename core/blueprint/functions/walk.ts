import type { FExpr } from "../../contract/function-ir.ts";

/** The direct sub-expressions in the order of their evaluation; the bodies of lambdas and comprehensions are not parts. */
export function expressionParts(expr: FExpr): FExpr[] {
	switch (expr.kind) {
		case "const":
		case "bytes":
		case "name":
		case "builtinValue":
		case "libraryValue":
		case "lambda":
		case "comprehension":
			return [];
		case "binary":
		case "logic":
			return [expr.left, expr.right];
		case "unary":
		case "not":
		case "attribute":
			return [expr.of];
		case "compare":
			return [expr.first, ...expr.rest.map((item) => item.right)];
		case "choose":
			return [expr.test, expr.then, expr.otherwise];
		case "list":
		case "tuple":
		case "set":
			return expr.items.map((item) => item.value);
		case "dict":
			return expr.entries.flatMap((entry) => (entry.key ? [entry.key, entry.value] : [entry.value]));
		case "template":
			return expr.parts.flatMap((part) => (typeof part === "string" ? [] : part.spec ? [part.value, part.spec] : [part.value]));
		case "index":
			return [expr.of, expr.index];
		case "slice":
			return [expr.of, expr.from, expr.to, expr.step].filter((part) => part !== null);
		case "call":
			return [expr.callee, ...expr.args.map((arg) => arg.value)];
		case "method":
			return [expr.of, ...expr.args.map((arg) => arg.value)];
		case "builtin":
		case "library":
			return expr.args.map((arg) => arg.value);
		case "assigned":
		case "yieldFrom":
			return [expr.value];
		case "yield":
			return expr.value ? [expr.value] : [];
	}
}
