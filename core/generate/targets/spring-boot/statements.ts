import type { Expr, Handler, Stmt, Target } from "../../../contract/ir.ts";
import { isLoopVariable, type Locals, namesOf } from "../typescript/locals.ts";
import { builtinException, refuse } from "../typescript/scope.ts";
import { assignsIn, isUsedOutside } from "../typescript/statements.ts";
import { type JavaScope, levels, within } from "./code.ts";
import { write } from "./expressions.ts";
import { marked } from "./places.ts";
import { runtimeClasses } from "./runtime-java.ts";
import { traced } from "./trace.ts";
import { javaName, typeText } from "./types.ts";
import { tookBranch, watchedItems, watchedTest, watchedTurns } from "./watch.ts";

type Body = { scope: JavaScope & { fn: NonNullable<JavaScope["fn"]> }; locals: Locals };

/** Lines without indentation of their own. */
export function writeBlock(block: Stmt[], body: Body): string[] {
	const owner = body.scope.fn.id;
	return block.flatMap((statement) => [...declarations(statement, body), ...traced(owner, statement, writeStatement(statement, body))]);
}

function declarations(statement: Stmt, { scope, locals }: Body): string[] {
	return (locals.declaredBefore.get(statement) ?? []).map(({ name, type }) => {
		if (type === null) return refuse(scope, `the variable ${name} of no known type, in Java`, statement.span);
		return `${typeText(type, scope, statement.span, name)} ${javaName(name)};`;
	});
}

export const indented = (lines: string[]): string[] => lines.map((line) => (line === "" ? "" : `\t${line.replaceAll("\n", "\n\t")}`));
const braces = (head: string, lines: string[]): string[] => [`${head} {`, ...indented(lines), "}"];

function writeStatement(statement: Stmt, body: Body): string[] {
	const { scope } = body;
	switch (statement.kind) {
		case "assign":
			return writeAssign(statement, body);
		case "expr": {
			if (statement.value.kind === "const") return [];
			const { text, level } = write(statement.value, scope);
			if (level !== levels.primary || !text.endsWith(")")) return refuse(scope, "a value that nobody uses, in Java", statement.span);
			return [`${text};`];
		}
		case "if": {
			const lines = braces(
				`if (${watchedTest(statement.test, write(statement.test, scope).text, scope)})`,
				writeBlock(statement.then, body),
			);
			if (statement.otherwise.length === 0) return lines;
			const otherwise = writeBlock(statement.otherwise, body);
			const isChain = statement.otherwise.length === 1 && statement.otherwise[0]?.kind === "if" && otherwise[0]?.startsWith("if (");
			if (isChain) return [...lines.slice(0, -1), `} else ${otherwise[0]}`, ...otherwise.slice(1)];
			return [...lines.slice(0, -1), "} else {", ...indented(otherwise), "}"];
		}
		case "while": {
			const { before, test } = watchedTurns(statement.test, write(statement.test, scope).text, scope);
			return braces(`${before}while (${test})`, writeBlock(statement.body, body));
		}
		case "forEach":
			return writeForEach(statement, body);
		case "forRange": {
			const { name, from, to, step } = statement;
			const stride = step.kind === "const" && step.value.kind === "int" ? Number(step.value.value) : null;
			if (stride === null || isUsedOutside(scope, statement, name) || assignsIn(statement.body, name))
				return refuse(scope, "a counted loop whose variable or step is not its own, in Java", statement.span);
			const isFixed = to.kind === "const" || to.kind === "global" || (to.kind === "local" && !assignsIn(statement.body, to.name));
			const text = javaName(name);
			const start = `long ${text} = ${write(from, scope).text}`;
			const limit = isFixed ? within(write(to, scope), levels.sum) : `${text}End`;
			const bound = isFixed ? "" : `, ${limit} = ${write(to, scope).text}`;
			const advance =
				stride === 1 ? `${text}++` : stride === -1 ? `${text}--` : stride > 0 ? `${text} += ${stride}` : `${text} -= ${-stride}`;
			const { before, test } = watchedTurns(to, `${text} ${stride > 0 ? "<" : ">"} ${limit}`, scope);
			return braces(`${before}for (${start}${bound}; ${test}; ${advance})`, writeBlock(statement.body, body));
		}
		case "return":
			return writeReturn(statement.value, body);
		case "raise":
			return [`throw new ${exceptionClass(statement.exception, body, statement)}(${raised(statement, body)});`];
		case "reraise":
			return [`throw ${scope.caught.at(-1) ?? refuse(scope, "a raise outside of a handler", statement.span)};`];
		case "break":
		case "continue":
			return [`${statement.kind};`];
		case "transaction": {
			const on = within(write(statement.connection, scope), levels.primary);
			return [`${on}.${statement.action}(${statement.action === "begin" ? `"${(statement.mode ?? "deferred").toUpperCase()}"` : ""});`];
		}
		case "try":
			return writeTry(statement, body);
	}
}

function writeReturn(value: Expr | null, { scope }: Body): string[] {
	if (scope.fn.returns.kind !== "none") return [`return ${value === null ? "null" : write(value, scope).text};`];
	return value === null || value.kind === "const" ? ["return;"] : [`${write(value, scope).text};`, "return;"];
}

function writeAssign(statement: Extract<Stmt, { kind: "assign" }>, { scope, locals }: Body): string[] {
	const { target, value } = statement;
	const declared = locals.declaredBy.get(statement);
	const place = (name: Extract<Target, { kind: "name" }>) =>
		`${declared?.has(name.name) ? `${typeText(name.type, scope, statement.span, name.name)} ` : ""}${javaName(name.name)}`;
	if (target.kind === "name") return [`${place(target)} = ${write(value, scope).text};`];
	if (target.kind === "unpack") {
		const whole = `${namesOf(target)
			.map(({ name }) => javaName(name))
			.join("And")}Values`;
		return [
			`${typeText(value.type, scope, statement.span, whole)} ${whole} = ${write(value, scope).text};`,
			...unpacked(target, whole, (name) => place(name), scope, statement),
		];
	}
	if (target.of.type.kind !== "dict") return refuse(scope, "a store into a list, in Java", statement.span);
	const on = within(write(target.of, scope), levels.primary);
	return [`${on}.put(${write(target.index, scope).text}, ${write(value, scope).text});`];
}

const parts = ["first", "second", "third"];

function unpacked(
	target: Extract<Target, { kind: "unpack" }>,
	whole: string,
	place: (name: Extract<Target, { kind: "name" }>) => string,
	scope: JavaScope,
	at: Stmt,
): string[] {
	return target.items.map((item, index) => {
		if (item.kind !== "name" || index >= parts.length) return refuse(scope, "an unpacking of more than three names, in Java", at.span);
		return `${place(item)} = ${whole}.${parts[index]}();`;
	});
}

function writeForEach(statement: Extract<Stmt, { kind: "forEach" }>, body: Body): string[] {
	const { scope } = body;
	const { target, iterable } = statement;
	const own = namesOf(target);
	if (own.some(({ name }) => !isLoopVariable(statement, name) || isUsedOutside(scope, statement, name)))
		return refuse(scope, "a loop whose variable is used after it, in Java", statement.span);
	const place = (name: Extract<Target, { kind: "name" }>) =>
		`${typeText(name.type, scope, statement.span, name.name)} ${javaName(name.name)}`;
	const inner = writeBlock(statement.body, body);
	const pairs = iterable.kind === "op" && iterable.op === "dict.items" ? iterable.args[0] : undefined;
	if (target.kind === "unpack") {
		const each = `${own.map(({ name }) => javaName(name)).join("And")}Entry`;
		if (pairs === undefined) {
			if (iterable.type.kind !== "list") return refuse(scope, `a loop over a ${iterable.type.kind}, in Java`, statement.span);
			const type = typeText(iterable.type.of, scope, statement.span, each);
			return braces(`for (${type} ${each} : ${watchedItems(iterable, write(iterable, scope).text, scope)})`, [
				...unpacked(target, each, place, scope, statement),
				...inner,
			]);
		}
		const [key, value] = target.items;
		if (key?.kind !== "name" || value?.kind !== "name" || pairs.type.kind !== "dict")
			return refuse(scope, "a nested unpacking of a dictionary's items, in Java", statement.span);
		const type = typeText({ kind: "tuple", items: [pairs.type.key, pairs.type.value] }, scope, statement.span, each);
		const entry = type.replace("Values.Pair", "Map.Entry");
		const of = within(write(pairs, scope), levels.primary);
		const opening = [`${place(key)} = ${each}.getKey();`, `${place(value)} = ${each}.getValue();`];
		return braces(`for (${entry} ${each} : ${watchedItems(iterable, marked(iterable.id, `${of}.entrySet()`), scope)})`, [
			...opening,
			...inner,
		]);
	}
	if (target.kind !== "name") return refuse(scope, "a loop over a stored place", statement.span);
	const of = write(iterable, scope);
	if (iterable.type.kind === "dict")
		return braces(`for (${place(target)} : ${watchedItems(iterable, `${within(of, levels.primary)}.keySet()`, scope)})`, inner);
	if (iterable.type.kind !== "list") return refuse(scope, `a loop over a ${iterable.type.kind}, in Java`, statement.span);
	return braces(`for (${place(target)} : ${watchedItems(iterable, of.text, scope)})`, inner);
}

function raised(statement: Extract<Stmt, { kind: "raise" }>, { scope }: Body): string {
	const args = statement.args.map((arg) => write(arg, scope).text);
	if (scope.names.exceptions.has(statement.exception)) return args.join(", ");
	const [first] = statement.args;
	return first?.type.kind === "str" ? (args[0] ?? '""') : '""';
}

function exceptionClass(id: string, { scope }: Body, at: { span: Stmt["span"] }): string {
	const own = scope.names.exceptions.get(id);
	if (own) return own.name;
	const builtin = builtinException(id);
	if (builtin === undefined || !runtimeClasses.Errors?.includes(`class ${builtin} `))
		return refuse(scope, `the exception ${id}, in Java`, at.span);
	return `Errors.${builtin}`;
}

function writeTry(statement: Extract<Stmt, { kind: "try" }>, body: Body): string[] {
	const { scope } = body;
	const inner = writeBlock(statement.body, body);
	const otherwise = writeBlock(statement.otherwise, body);
	const last = statement.finally.length > 0 ? writeBlock(statement.finally, body) : null;
	const ending = last === null ? ["}"] : ["} finally {", ...indented(last), "}"];
	if (statement.handlers.length === 0) return ["try {", ...indented([...inner, ...otherwise]), ...ending];
	if (otherwise.length > 0 && statement.handlers.some((handler) => canComplete(handler.body)))
		return refuse(scope, "a try with else whose handlers go on, in Java", statement.span);
	const handlers = statement.handlers.flatMap((handler) => writeHandler(handler, body));
	const attempt = ["try {", ...indented(inner), ...handlers];
	if (otherwise.length === 0) return [...attempt, ...ending];
	const guarded = [...attempt, "}", ...otherwise];
	return last === null ? guarded : ["try {", ...indented(guarded), ...ending];
}

const parents: Record<string, string> = {
	"Errors.ZeroDivisionError": "Errors.ArithmeticError",
	"Errors.OverflowError": "Errors.ArithmeticError",
	"Errors.IndexError": "Errors.LookupError",
	"Errors.KeyError": "Errors.LookupError",
};

function writeHandler(handler: Handler, body: Body): string[] {
	const { scope } = body;
	const caught = scope.caught.length === 0 ? "error" : `error${scope.caught.length + 1}`;
	const name = handler.name === null ? caught : javaName(`${handler.name} caught`);
	const isAll = handler.exceptions.length === 0 || handler.exceptions.some((id) => id === "BaseException" || id === "Exception");
	// What only undoes something and throws again may see every failure, bugs included.
	const passesOn = handler.body.at(-1)?.kind === "reraise";
	const classes = isAll
		? [passesOn ? "RuntimeException" : "Errors.PyError"]
		: [...new Set(handler.exceptions.map((id) => exceptionClass(id, body, handler)))];
	const needed = classes.filter((one) => !classes.includes(parents[one] ?? ""));
	const renamed = new Map([...scope.renamed, ...(handler.name === null ? [] : ([[handler.name, name]] as const))]);
	const inner: Body = { ...body, scope: { ...scope, caught: [...scope.caught, name], renamed } };
	return [
		`} catch (${needed.join(" | ")} ${name}) {`,
		...indented(tookBranch(scope.handlers.get(handler) ?? "", writeBlock(handler.body, inner), scope)),
	];
}

/** Java's own rule of which statements can be reached. */
export function canComplete(block: Stmt[]): boolean {
	return block.every((statement) => {
		switch (statement.kind) {
			case "return":
			case "raise":
			case "reraise":
			case "break":
			case "continue":
				return false;
			case "if":
				return statement.otherwise.length === 0 || canComplete(statement.then) || canComplete(statement.otherwise);
			case "try": {
				if (statement.finally.length > 0 && !canComplete(statement.finally)) return false;
				const main = canComplete(statement.body) && canComplete(statement.otherwise);
				return main || statement.handlers.some((handler) => canComplete(handler.body));
			}
			default:
				return true;
		}
	});
}
