import type { Expr } from "../../../contract/ir.ts";
import { driftOf } from "../../../contract/ops.ts";
import { floatOf } from "../typescript/expressions.ts";
import { refuse } from "../typescript/scope.ts";
import { binary, type Code, type JavaScope, levels, primary, stringText, within } from "./code.ts";
import { drafts, isDrafted } from "./drafts.ts";
import { operations } from "./operations.ts";
import { marked } from "./places.ts";
import { classOf, javaName } from "./types.ts";
import { watchedTest } from "./watch.ts";

export function write(expr: Expr, scope: JavaScope): Code {
	switch (expr.kind) {
		case "const":
			return constant(expr, scope);
		case "local":
			return primary(scope.renamed.get(expr.name) ?? javaName(expr.name));
		case "global": {
			const place = scope.names.constants.get(expr.constant);
			if (place === undefined) return refuse(scope, `the constant ${expr.constant}`, expr.span);
			const home = classOf(place.file);
			// No local is written in capitals.
			return primary(home === scope.home && /^[A-Z][A-Z0-9_]*$/.test(place.name) ? place.name : `${home}.${place.name}`);
		}
		case "call": {
			const place = scope.names.functions.get(expr.function);
			if (place === undefined) return refuse(scope, `the call of ${expr.function}`, expr.span);
			const args = expr.args.map((arg) => write(arg, scope).text);
			if (scope.service.portUsers.has(expr.function)) args.unshift("ports");
			const home = classOf(place.file);
			return primary(`${home === scope.home ? "" : `${home}.`}${javaName(place.name)}(${args.join(", ")})`);
		}
		case "op": {
			const spell = operations[expr.op];
			if (spell === undefined) return refuse(scope, `the operation ${expr.op} in Java`, expr.span);
			const use = {
				expr,
				scope,
				code: (index: number) => write(expr.args[index] as Expr, scope),
				text: (index: number) => write(expr.args[index] as Expr, scope).text,
				receiver: (index: number) => within(write(expr.args[index] as Expr, scope), levels.primary),
			};
			const isDraft = scope.service.choices[expr.id] !== "exact" && isDrafted(expr);
			const code = (isDraft ? (drafts[expr.op] ?? spell) : spell)(use);
			return driftOf(expr.op) === undefined ? code : { ...code, text: marked(expr.id, code.text) };
		}
		case "logic": {
			if (expr.type.kind !== "bool" || expr.left.type.kind !== "bool" || expr.right.type.kind !== "bool")
				return refuse(scope, `"${expr.op}" on values that are not bool, in Java`, expr.span);
			const [sign, level] = expr.op === "and" ? ["&&", levels.and] : ["||", levels.or];
			return binary(write(expr.left, scope), sign as string, write(expr.right, scope), level as number);
		}
		case "not":
			return { text: `!${within(write(expr.of, scope), levels.unary)}`, level: levels.unary };
		case "truth":
			return truth(expr.of, scope);
		case "choose": {
			const [test, then, otherwise] = [expr.test, expr.then, expr.otherwise].map((part) => within(write(part, scope), levels.choice + 1));
			if (expr.then.type.kind !== expr.otherwise.type.kind) return refuse(scope, "a choice between two types, in Java", expr.span);
			return { text: `${watchedTest(expr.test, test as string, scope)} ? ${then} : ${otherwise}`, level: levels.choice };
		}
		case "list":
			if (expr.items.length === 0) return primary("new ArrayList<>()");
			return primary(`new ArrayList<>(List.of(${expr.items.map((item) => write(item, scope).text).join(", ")}))`);
		case "tuple": {
			const shape = expr.items.length === 2 ? "Pair" : expr.items.length === 3 ? "Triple" : null;
			if (shape === null) return refuse(scope, `a tuple of ${expr.items.length} values in Java`, expr.span);
			return primary(`new Values.${shape}<>(${expr.items.map((item) => write(item, scope).text).join(", ")})`);
		}
		case "dict": {
			const entries = expr.entries.map(({ key, value }) => `\n\tMap.entry(${write(key, scope).text}, ${write(value, scope).text})`);
			return entries.length === 0 ? primary("new LinkedHashMap<>()") : primary(`Values.ordered(${entries.join(",")})`);
		}
		case "template": {
			const parts = expr.parts.map((part) => (typeof part === "string" ? primary(stringText(part)) : write(part, scope)));
			return parts.length === 0 ? primary('""') : parts.reduce((left, right) => binary(left, "+", right, levels.sum));
		}
		case "sql": {
			const method = scope.repository.methodOf(expr.statement);
			if (method === undefined) return refuse(scope, `the statement ${expr.statement}`, expr.span);
			const params = expr.params.map((param) => write(param, scope).text).join(", ");
			return primary(`${within(write(expr.connection, scope), levels.primary)}.${method}(${params})`);
		}
		case "column":
			return primary(`${within(write(expr.row, scope), levels.primary)}.${javaName(expr.name)}()`);
		case "field":
			return primary(`${within(write(expr.record, scope), levels.primary)}.${javaName(expr.name)}()`);
		case "exceptionField":
			return primary(`${within(write(expr.exception, scope), levels.primary)}.${javaName(expr.name)}`);
		case "comprehension":
		case "lambda":
			return refuse(scope, `a ${expr.kind} in Java`, expr.span);
	}
}

function truth(of: Expr, scope: JavaScope): Code {
	const code = write(of, scope);
	if (of.type.kind === "bool") return code;
	if (of.type.kind === "int" || of.type.kind === "float") return { text: `${within(code, levels.equality)} != 0`, level: levels.equality };
	if (of.type.kind === "str" || of.type.kind === "list" || of.type.kind === "dict")
		return { text: `!${within(code, levels.primary)}.isEmpty()`, level: levels.unary };
	if (of.type.kind === "optional" && of.type.of.kind === "row")
		return { text: `${within(code, levels.equality)} != null`, level: levels.equality };
	return refuse(scope, `the truth of a value of type ${of.type.kind}, in Java`, of.span);
}

function constant(expr: Extract<Expr, { kind: "const" }>, scope: JavaScope): Code {
	const { value } = expr;
	switch (value.kind) {
		case "int": {
			if (!Number.isSafeInteger(Number(value.value))) return refuse(scope, `the whole number ${value.value}, beyond 2^53`, expr.span);
			return { text: `${value.value}L`, level: value.value.startsWith("-") ? levels.unary : levels.primary };
		}
		case "float": {
			const number = floatOf(value.bits);
			if (!Number.isFinite(number)) return refuse(scope, `the number ${value.text}, in Java`, expr.span);
			const text = Object.is(number, -0) ? "-0.0" : /[.e]/.test(String(number)) ? String(number) : `${number}.0`;
			return { text, level: text.startsWith("-") ? levels.unary : levels.primary };
		}
		case "str":
			return primary(stringText(value.value));
		case "bool":
			return primary(String(value.value));
		case "none":
			return primary("null");
	}
}
