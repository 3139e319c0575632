import type { Expr, Handler, Stmt, Target } from "../../../contract/ir.ts";
import { binary, callDoc, levels, primary, within } from "./code.ts";
import { bindingText, fitted, items, test, write } from "./expressions.ts";
import { braces, type Doc, group, indent, join, line, soft } from "./layout.ts";
import { isLoopVariable, type Locals, mentions, namesOf } from "./locals.ts";
import { blocksOf } from "./ranges.ts";
import { builtinException, type FunctionScope, refuse } from "./scope.ts";
import { traced } from "./trace.ts";
import { opened, tookBranch, watchedItems, watchedTest, watchedTurns } from "./watch.ts";

export type Body = { scope: FunctionScope; locals: Locals };

export function writeBlock(block: Stmt[], body: Body): Doc[] {
	return block.flatMap((statement) => {
		const early = body.locals.declaredBefore.get(statement) ?? [];
		const declared = early.map(({ name, type }): Doc => {
			const text = body.scope.local(name);
			return type === null ? `let ${text};` : `let ${text}: ${body.scope.typeText(type, name)};`;
		});
		return [...declared, ...traced(body.scope.fn.id, statement, writeStatement(statement, body))];
	});
}

function writeStatement(statement: Stmt, body: Body): Doc[] {
	const { scope } = body;
	switch (statement.kind) {
		case "assign":
			return [writeAssign(statement, body)];
		case "expr":
			return writeExpressionStatement(statement.value, scope);
		case "if":
			return [writeIf(statement, body)];
		case "while":
			return [writeWhile(statement, body)];
		case "forEach":
			return [writeForEach(statement, body)];
		case "forRange":
			return [writeForRange(statement, body)];
		case "return":
			if (statement.value === null || scope.fn.returns.kind === "none") return writeReturn(statement.value, scope);
			return [["return ", fitted(statement.value, scope.fn.returns, scope), ";"]];
		case "raise":
			return [
				[
					"throw new ",
					callDoc(
						exceptionClass(statement.exception, scope, statement),
						statement.args.map((arg) => write(arg, scope).doc),
					),
					";",
				],
			];
		case "reraise": {
			const caught = scope.caught.at(-1);
			return caught === undefined ? refuse(scope, "raise without an exception outside a handler", statement.span) : [`throw ${caught};`];
		}
		case "try":
			return writeTry(statement, body);
		case "break":
		case "continue":
			return [`${statement.kind};`];
		case "transaction": {
			const connection = within(write(statement.connection, scope), levels.primary);
			const mode = statement.action === "begin" && statement.mode ? `"${statement.mode}"` : "";
			return [[connection, `.${statement.action}(${mode});`]];
		}
	}
}

function writeAssign(statement: Extract<Stmt, { kind: "assign" }>, body: Body): Doc {
	const { scope, locals } = body;
	const { target, value, span } = statement;
	if (target.kind === "item") return writeStore(target, value, scope);
	const names = locals.declaredBy.get(statement);
	if (target.kind === "unpack") {
		const count = target.items.length;
		const source =
			value.type.kind === "tuple" ? write(value, scope).doc : callDoc(scope.use("exactly"), [items(value, scope).doc, String(count)]);
		if (value.type.kind === "tuple" && value.type.items.length !== count)
			return refuse(scope, "an unpacking into another number of names", span);
		const keyword = names === undefined ? "" : [...names.values()].includes("let") ? "let " : "const ";
		return [keyword, bindingText(target, scope), " = ", source, ";"];
	}
	const name = scope.local(target.name);
	const keyword = names?.get(target.name);
	const increment = keyword === undefined ? compound(target.name, value, scope) : null;
	if (increment) return [name, increment, ";"];
	const annotation = keyword !== undefined && needsType(target, value, keyword) ? `: ${scope.typeText(target.type, target.name)}` : "";
	return [keyword === undefined ? "" : `${keyword} `, name, annotation, " = ", group(fitted(value, target.type, scope)), ";"];
}

/** A first value that says less than the variable will hold. */
function needsType(target: Extract<Target, { kind: "name" }>, value: Expr, keyword: "const" | "let"): boolean {
	if (keyword === "const") return value.kind === "list" && value.items.length === 0;
	if (target.type.kind === "optional" || target.type.kind === "none") return true;
	return value.kind === "list" || (value.kind === "const" && value.value.kind === "bool" && target.type.kind !== "bool");
}

/** ` += x` for `name = name + x`. */
function compound(name: string, value: Expr, scope: FunctionScope): Doc | null {
	if (value.kind !== "op") return null;
	const sign = { "float.add": "+", "float.sub": "-", "float.mul": "*", "str.concat": "+", "int.add": "+", "int.sub": "-" }[value.op];
	const [left, right] = value.args;
	if (sign === undefined || left?.kind !== "local" || left.name !== name || right === undefined) return null;
	const whole = write(value, scope);
	const plain = binary(write(left, scope), sign, write(right, scope), whole.level);
	// A checked sum is a call and stays one.
	if (whole.level === levels.primary) return null;
	return plain.level === whole.level ? [` ${sign}= `, write(right, scope).doc] : null;
}

function writeStore(target: Extract<Target, { kind: "item" }>, value: Expr, scope: FunctionScope): Doc {
	const of = within(write(target.of, scope), levels.primary);
	const [index, stored] = [write(target.index, scope).doc, write(value, scope).doc];
	switch (target.of.type.kind) {
		case "dict":
			return [of, ".set", callDoc("", [index, stored]), ";"];
		case "list":
			return [callDoc(scope.use("setItem"), [write(target.of, scope).doc, index, stored]), ";"];
		case "record":
			return [of, "[", index, "] = ", stored, ";"];
		default:
			return refuse(scope, `storing into a value of type ${target.of.type.kind}`, target.of.span);
	}
}

function writeExpressionStatement(value: Expr, scope: FunctionScope): Doc[] {
	if (value.kind === "const") return [];
	if (value.kind === "op" && value.op === "clock.sleep") {
		const [seconds] = value.args;
		const fixed = seconds?.kind === "const" || seconds?.kind === "global";
		if (fixed) return [`// Legacy waits here (${value.span.file}:${value.span.line}); the wait changes no answer and no row.`];
	}
	return [[write(value, scope).doc, ";"]];
}

function writeIf(statement: Extract<Stmt, { kind: "if" }>, body: Body): Doc {
	const head = group(["if (", indent(watchedTest(statement.test, test(statement.test, body.scope).doc, body.scope)), ")"]);
	const then = writeBlock(statement.then, body);
	const [only] = statement.otherwise;
	const single = then.length === 1 && statement.otherwise.length === 0 && isShort(statement.then[0]);
	if (single) return group([head, indent([line, then[0] as Doc])]);
	if (only === undefined) return braces(head, then);
	const chained = statement.otherwise.length === 1 && only.kind === "if" && !body.locals.declaredBefore.has(only);
	const rest = chained
		? [" ", ...traced(body.scope.fn.id, only, [writeIf(only, body)])]
		: braces("", writeBlock(statement.otherwise, body));
	return [braces(head, then), " else", rest];
}

function isShort(statement: Stmt | undefined): boolean {
	return statement !== undefined && ["return", "raise", "reraise", "break", "continue", "assign", "expr"].includes(statement.kind);
}

function writeWhile(statement: Extract<Stmt, { kind: "while" }>, body: Body): Doc {
	const watched = watchedTurns(statement.test, test(statement.test, body.scope).doc, body.scope);
	return [watched.before, braces(["while (", watched.test, ")"], writeBlock(statement.body, body))];
}

function writeForEach(statement: Extract<Stmt, { kind: "forEach" }>, body: Body): Doc {
	const { scope } = body;
	const { target, iterable } = statement;
	const source = watchedItems(iterable, loopSource(iterable, scope), "eachBranch", scope);
	const inner = writeBlock(statement.body, body);
	if (target.kind === "item") return refuse(scope, "a loop over a stored place", statement.span);
	const own = namesOf(target).map(({ name }) => name);
	const isOwn = own.every((name) => isLoopVariable(statement, name) && !isUsedOutside(scope, statement, name));
	if (isOwn) {
		const changed = own.some((name) => assignsIn(statement.body, name));
		return braces([`for (${changed ? "let" : "const"} ${bindingText(target, scope)} of `, source, ")"], inner);
	}
	const each = scope.fresh("item");
	return braces([`for (const ${each} of `, source, ")"], [`${bindingText(target, scope)} = ${each};`, ...inner]);
}

/** A Map is walked as it is, without a copy. */
function loopSource(iterable: Expr, scope: FunctionScope): Doc {
	const code = items(iterable, scope);
	return unspread(code.doc) ?? code.doc;
}

function unspread(doc: Doc): Doc | null {
	if (!Array.isArray(doc)) return null;
	// Marks stand in front of the code of a drift site.
	const at = doc.findIndex((part) => typeof part !== "object" || Array.isArray(part) || part.kind !== "mark");
	const rest = doc.slice(at);
	if (rest.length === 1 && at > 0) {
		const inner = unspread(rest[0] as Doc);
		return inner === null ? null : [...doc.slice(0, at), inner];
	}
	return rest.length === 3 && rest[0] === "[..." && rest[2] === "]" ? [...doc.slice(0, at), rest[1] as Doc] : null;
}

function writeForRange(statement: Extract<Stmt, { kind: "forRange" }>, body: Body): Doc {
	const { scope } = body;
	const { name, from, to, step } = statement;
	const stride = step.kind === "const" && step.value.kind === "int" ? Number(step.value.value) : null;
	const inner = writeBlock(statement.body, body);
	const text = scope.local(name);
	const awkward = stride === null || isUsedOutside(scope, statement, name) || assignsIn(statement.body, name);
	if (awkward) {
		const numbers = callDoc(scope.use("range"), [write(from, scope).doc, write(to, scope).doc, write(step, scope).doc]);
		const range = watchedItems(to, numbers, "eachBranch", scope);
		if (!isUsedOutside(scope, statement, name)) return braces([`for (let ${text} of `, range, ")"], inner);
		const each = scope.fresh("index");
		return braces([`for (const ${each} of `, range, ")"], [`${text} = ${each};`, ...inner]);
	}
	// The bound is computed once, as legacy does.
	const fixed = to.kind === "const" || to.kind === "global" || (to.kind === "local" && !assignsIn(statement.body, to.name));
	const limit = fixed ? write(to, scope) : primary(scope.fresh("end"));
	const start: Doc = ["let ", text, " = ", write(from, scope).doc, ...(fixed ? [] : [", ", limit.doc, " = ", write(to, scope).doc])];
	const advance = stride === 1 ? `${text}++` : stride === -1 ? `${text}--` : stride > 0 ? `${text} += ${stride}` : `${text} -= ${-stride}`;
	const watched = watchedTurns(to, [`${text} ${stride > 0 ? "<" : ">"} `, within(limit, levels.sum)], scope);
	return [watched.before, braces(["for (", start, "; ", watched.test, `; ${advance})`], inner)];
}

export function isUsedOutside(scope: Pick<FunctionScope, "fn">, loop: Stmt, name: string): boolean {
	const without = (block: Stmt[]): boolean =>
		block.some((statement) => {
			if (statement === loop) return false;
			return mentions(hollow(statement), name) || blocksOf(statement).some(without);
		});
	return without(scope.fn.body) || scope.fn.params.some((param) => param.name === name);
}

function hollow(statement: Stmt): object {
	const empty = { then: [], otherwise: [], body: [], handlers: [], finally: [] };
	const own = Object.fromEntries(Object.entries(statement).filter(([key]) => !(key in empty)));
	// Another loop of the same variable stands for itself.
	return statement.kind === "forRange" || statement.kind === "forEach" ? { ...own, name: undefined, target: undefined } : own;
}

export function assignsIn(block: Stmt[], name: string): boolean {
	return block.some((statement) => {
		const target = statement.kind === "assign" || statement.kind === "forEach" ? statement.target : null;
		return (
			(target !== null && mentions(target.kind === "item" ? [] : target, name)) ||
			blocksOf(statement).some((child) => assignsIn(child, name))
		);
	});
}

function exceptionClass(id: string, scope: FunctionScope, at: { span: Stmt["span"] }): string {
	const own = scope.service.names.exceptions.get(id);
	if (own) return scope.from(own.file, own.name);
	const builtin = builtinException(id);
	return builtin === undefined ? refuse(scope, `the exception ${id}`, at.span) : scope.use(builtin);
}

function writeTry(statement: Extract<Stmt, { kind: "try" }>, body: Body): Doc[] {
	const { scope } = body;
	const inner = writeBlock(statement.body, body);
	const otherwise = writeBlock(statement.otherwise, body);
	const last = braces("finally", writeBlock(statement.finally, body));
	const hasFinally = statement.finally.length > 0;
	if (statement.handlers.length === 0) return [[braces("try", [...inner, ...otherwise]), " ", last]];
	const direct = otherwise.length === 0 || statement.handlers.every((handler) => isAbrupt(handler.body));
	const flag = direct ? null : scope.fresh("completed");
	const caught = scope.fresh("error");
	const handlers = writeHandlers(statement.handlers, caught, body);
	const attempt: Doc = [braces("try", flag ? [...inner, `${flag} = true;`] : inner), " ", braces(`catch (${caught})`, handlers)];
	const early: Doc[] = flag ? [`let ${flag} = false;`] : [];
	if (otherwise.length === 0) return hasFinally ? [[attempt, " ", last]] : [attempt];
	const after = flag ? [braces(`if (${flag})`, otherwise)] : otherwise;
	return hasFinally ? [...early, [braces("try", [attempt, ...after]), " ", last]] : [...early, attempt, ...after];
}

function writeHandlers(handlers: Handler[], caught: string, body: Body): Doc[] {
	const { scope } = body;
	const written = handlers.map((handler) => {
		const inner: Body = {
			...body,
			scope: { ...scope, caught: [...scope.caught, caught], local: (name) => (name === handler.name ? caught : scope.local(name)) },
		};
		const all = handler.exceptions.length === 0 || handler.exceptions.some((id) => id === "BaseException" || id === "Exception");
		// What only undoes something and throws again may see every error, bugs included.
		const passesOn = handler.body.at(-1)?.kind === "reraise";
		const classes = all ? (passesOn ? [] : [scope.use("PyError")]) : handler.exceptions.map((id) => exceptionClass(id, scope, handler));
		const opening = tookBranch(scope.handlers.get(handler) ?? "", scope);
		return { classes, opening, lines: writeBlock(handler.body, inner) };
	});
	const [first] = written;
	if (first === undefined) return [];
	const isOne = ({ classes }: { classes: string[] }): Doc =>
		join(
			classes.map((name) => `${caught} instanceof ${name}`),
			[" ||", line],
		);
	if (written.length === 1) {
		if (first.classes.length === 0) return opened(first.opening, first.lines);
		const check: Doc = first.classes.length === 1 ? ["!(", isOne(first), ")"] : ["!(", indent([soft, isOne(first)]), soft, ")"];
		return [[group(["if (", check, ")"]), ` throw ${caught};`, ...first.opening], ...first.lines];
	}
	const blocks = written.map(({ classes, opening, lines }) => ({ classes, lines: opened(opening, lines) }));
	const guarded = (part: { classes: string[] }): Doc => group(["if (", indent([soft, isOne(part)]), soft, ")"]);
	const isComplete = written.at(-1)?.classes.length === 0;
	if (handlers.every((handler) => isAbrupt(handler.body))) {
		const each = blocks.flatMap((part): Doc[] => (part.classes.length === 0 ? part.lines : [braces(guarded(part), part.lines)]));
		return isComplete ? each : [...each, `throw ${caught};`];
	}
	const parts = blocks.map((part, index): Doc => {
		const head = part.classes.length === 0 ? "" : guarded(part);
		if (index === 0) return braces(head, part.lines);
		return head === "" ? braces(" else", part.lines) : [" else ", braces(head, part.lines)];
	});
	return [isComplete ? parts : [parts, ` else throw ${caught};`]];
}

/** Never reaches its end. */
export function isAbrupt(block: Stmt[]): boolean {
	const last = block.at(-1);
	if (last === undefined) return false;
	if (last.kind === "if") return last.otherwise.length > 0 && isAbrupt(last.then) && isAbrupt(last.otherwise);
	return ["return", "raise", "reraise", "break", "continue"].includes(last.kind);
}

/** The return of a function that gives nothing. */
function writeReturn(value: Expr | null, scope: FunctionScope): Doc[] {
	if (value === null || value.kind === "const") return [scope.fn.returns.kind === "none" ? "return;" : "return null;"];
	return [[write(value, scope).doc, ";"], "return;"];
}
