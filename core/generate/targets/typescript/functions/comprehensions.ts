import type { FExpr } from "../../../../contract/function-ir.ts";
import { code, emit, emitTest, indent, plain, within } from "./code.ts";
import { type Code, type Frame, freshName, helper, refuse, typeText } from "./context.ts";
import { loopHead } from "./targets.ts";

type Comprehension = Extract<FExpr, { kind: "comprehension" }>;

/** What a loop walks, as a JavaScript iterable. */
export function iterableText(frame: Frame, expr: FExpr): string {
	const made = emit(frame, expr);
	if (["list", "str", "tuple", "dict", "set", "range", "iterator"].includes(made.type)) return made.text;
	return `${helper(frame, "iterate")}(${made.text})`;
}

export function emitComprehension(frame: Frame, expr: Comprehension): Code {
	const locals = expr.clauses.flatMap((clause) => clause.names);
	const inner: Frame = { ...frame, types: new Map(frame.types), declaredAt: new Map(), hoisted: [] };
	for (const local of locals) inner.types.set(local.name, local.type);
	const made = emitForm(frame, inner, expr);
	frame.temporaries = inner.temporaries;
	return made;
}

function emitForm(frame: Frame, inner: Frame, expr: Comprehension): Code {
	const [first] = expr.clauses;
	if (!first) return refuse(frame, "a comprehension without a clause", expr.span);
	const source = iterableText(frame, first.iterable);
	const [local] = first.names;
	const isSimple = expr.clauses.length === 1 && first.tests.length === 0 && first.target.kind === "name" && local && !local.cell;
	if (isSimple && (expr.form === "list" || expr.form === "set")) {
		const element = emit(inner, expr.element);
		if (inner.hoisted.length === 0) {
			const name = frame.unit.names(local.name);
			const body = element.text.startsWith("{") ? `(${element.text})` : within(element, 1);
			const list = `Array.from(${source}, (${name}): ${typeText(frame, "any")} => ${body})`;
			return expr.form === "list" ? code(list, 18, "list") : code(`${helper(frame, "set")}(${list})`, 18, "set");
		}
		inner.hoisted.length = 0;
	}
	// The first iterable is evaluated at once, and handed in.
	const given = freshName(inner, "items");
	const item = expr.key ? `[${plain(inner, expr.key)}, ${plain(inner, expr.element)}]` : plain(inner, expr.element);
	let lines = [`yield ${item};`];
	for (const [at, clause] of [...expr.clauses.entries()].reverse()) {
		if (clause.tests.length > 0) {
			const test = clause.tests.map((one) => within(emitTest(inner, one), clause.tests.length > 1 ? 5 : 0)).join(" && ");
			lines = [`if (${test}) ${lines.length === 1 ? lines[0] : `{\n${indent(lines).join("\n")}\n}`}`].flatMap((text) => text.split("\n"));
		}
		const iterable = at === 0 ? given : iterableText(inner, clause.iterable);
		const cells = new Set(clause.names.filter((one) => one.cell).map((one) => one.name));
		const declares = clause.names.length > 0 && cells.size === 0;
		const head = loopHead(inner, clause.target, iterable, declares, clause.iterable);
		const kept = [...cells].map((name) => `let ${frame.unit.names(name)}: ${typeText(frame, "any")};`);
		lines = [...kept, head.line, ...indent([...head.first, ...lines]), "}"];
	}
	const hoisted = inner.hoisted.splice(0);
	const yields = expr.key ? `[${typeText(frame, "any")}, py.Value]` : typeText(frame, "any");
	const body = indent([...hoisted, ...lines, ...(expr.form === "generator" ? ["return null;"] : [])]).join("\n");
	const result = expr.form === "generator" ? "py.Value, py.Value" : "void";
	const walk = `(function* (${given}: Iterable<${iteratedType(first.iterable)}>): Generator<${yields}, ${result}> {\n${body}\n})(${source})`;
	if (expr.form === "generator") return code(`${helper(frame, "generator")}(${walk})`, 18, "iterator");
	if (expr.form === "list") return code(`[...${walk}]`, 18, "list");
	if (expr.form === "dict") return code(`${helper(frame, "dictFrom")}(${walk})`, 18, "dict");
	return code(`${helper(frame, "set")}([...${walk}])`, 18, "set");
}

const iteratedType = (expr: FExpr): string => (expr.type === "range" ? "bigint" : expr.type === "str" ? "string" : "py.Value");
