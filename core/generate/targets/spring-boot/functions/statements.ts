import type { FExpr, FFunction, FStmt, FTarget } from "../../../../contract/function-ir.ts";
import { pythonExceptions } from "../../../../contract/python-library.ts";
import { bindings, declarationsOf, mentionedNames, unboundNames } from "../../typescript/functions/declarations.ts";
import { stringText } from "../code.ts";
import { emitAppend } from "./calls.ts";
import { capturedNames, loopNames } from "./captures.ts";
import { code, emit, emitTest, indent, plain, told, typed, variadic, within } from "./code.ts";
import { blockCompletes, reachable } from "./completion.ts";
import { call, emptyText, type Frame, freshName, isBoxed, outletName, refuse, spell, spelledName, typeText } from "./context.ts";
import { innerFunction, parameterLines, qualifiedName } from "./definitions.ts";
import { operateInPlace } from "./operators.ts";
import { assignLines, isSimple, variableType } from "./targets.ts";

/** The frame of a function: which variables it has, where each is declared, and which must be shared in a cell. */
function openFrame(parent: Frame, fn: FFunction, isInner: boolean): Frame {
	const counts = bindings(fn.body);
	const unbound = unboundNames(fn.body);
	const captured = capturedNames(fn.body);
	const params = new Set(fn.params.map((param) => param.name));
	const inner = new Set(fn.body.flatMap((stmt) => (stmt.kind === "function" ? [stmt.fn.name] : [])));
	const free = fn.locals.filter(({ name }) => !params.has(name) && !unbound.has(name) && !inner.has(name)).map(({ name }) => name);
	const placed = declarationsOf(fn.body, new Set(free));
	const inHeads = new Set([...placed.values()].flatMap((names) => [...names]));
	const [lasting, renewed] = [capturedNames(fn.body, true), loopNames(fn.body, placed)];
	const isFixed = (name: string) => {
		if (params.has(name)) return !counts.has(name);
		return counts.get(name) === 1 && inHeads.has(name) && !(lasting.has(name) && renewed.has(name));
	};
	const isShared = (name: string) => (captured.has(name) && !isFixed(name)) || (fn.isGenerator && params.has(name) && counts.has(name));
	const boxed = new Set(fn.locals.map(({ name }) => name).filter(isShared));
	const declaredAt = declarationsOf(fn.body, new Set(free.filter((name) => !boxed.has(name))));
	const collected = new Map(
		fn.params.map((param) => [param.name, param.form === "rest" ? "tuple" : param.form === "keywords" ? "dict" : "any"] as const),
	);
	const frame: Frame = {
		unit: parent.unit,
		parent,
		fn,
		types: new Map(
			fn.locals.map(({ name, type }) => {
				const own = collected.get(name);
				if (own !== undefined) return [name, counts.has(name) ? "any" : own];
				return [name, unbound.has(name) || inner.has(name) ? "any" : type];
			}),
		),
		spelled: new Map(),
		unbound,
		boxed,
		declaredAt,
		depth: parent.depth + (isInner ? 1 : 0),
		counter: parent.fn === null ? { temporaries: 0 } : parent.counter,
		hoisted: [],
		qualified: qualifiedName(parent, fn.name),
		handling: null,
		breaking: null,
	};
	for (const { name } of fn.locals) spell(frame, name);
	return frame;
}

/** The lines of a function's body, its variables first. `isInner`: its arguments come in an array. */
export function writeBody(parent: Frame, fn: FFunction, isInner: boolean): string[] {
	const frame = openFrame(parent, fn, isInner);
	const params = new Set(fn.params.map((param) => param.name));
	const head = isInner ? parameterLines(frame, fn, frame.boxed) : boxedParameters(frame, fn);
	const lines = block(frame, fn.body);
	const inHeads = new Set([...frame.declaredAt.values()].flatMap((names) => [...names]));
	const inFunctions = new Set(
		fn.body.flatMap((stmt) =>
			stmt.kind === "function" && !frame.boxed.has(stmt.fn.name) && !frame.unbound.has(stmt.fn.name) ? [stmt.fn.name] : [],
		),
	);
	const top = fn.locals
		.filter(({ name }) => !params.has(name) && !inHeads.has(name) && !inFunctions.has(name))
		.map(({ name }) => {
			const spelled = spelledName(frame, name);
			if (frame.boxed.has(name)) return `final Cell ${spelled} = new Cell();`;
			if (frame.unbound.has(name)) return `Object ${spelled} = Cell.UNBOUND;`;
			const type = frame.types.get(name) ?? "any";
			return `${typeText(type)} ${spelled} = ${emptyText(type)};`;
		});
	const body = [...top, ...frame.hoisted, ...lines, ...(blockCompletes(fn.body) ? ["return null;"] : [])];
	if (!fn.isGenerator) return [...head, ...body];
	return [...head, `return new Gen(${outletName(frame)} -> {`, ...indent(body), "});"];
}

/** A parameter of a method that a lambda shares and that changes moves into a cell. */
function boxedParameters(frame: Frame, fn: FFunction): string[] {
	return fn.params.flatMap(({ name }) => {
		if (!frame.boxed.has(name)) return [];
		const given = frame.unit.names(name);
		frame.spelled.set(`given ${name}`, given);
		frame.spelled.set(name, `${given}Cell`);
		return [`final Cell ${given}Cell = new Cell(${given});`];
	});
}

const block = (frame: Frame, body: readonly FStmt[]): string[] => reachable(body).flatMap((stmt) => emitStatement(frame, stmt));
const inner = (frame: Frame, body: readonly FStmt[]): string[] => indent(block(frame, body));

export function emitStatement(frame: Frame, stmt: FStmt): string[] {
	switch (stmt.kind) {
		case "assign":
			return emitAssign(frame, stmt);
		case "augment":
			return emitAugment(frame, stmt);
		case "delete":
			return emitDelete(frame, stmt.target, stmt);
		case "expr":
			return emitAlone(frame, stmt.value);
		case "if":
			return emitIf(frame, stmt);
		case "while": {
			const isForever = stmt.test.kind === "const" && stmt.test.value.kind === "bool" && stmt.test.value.value;
			const test = isForever ? "true" : emitTest(frame, stmt.test).text;
			// A constant condition would make Java see what can be reached.
			const shown = !isForever && stmt.test.kind === "const" ? call("truth", [test]).text : test;
			return withElse(frame, stmt, () => [`while (${shown}) {`, ...inner(frame, stmt.body), "}"]);
		}
		case "forEach":
			return withElse(frame, stmt, () => emitLoop(frame, stmt));
		case "return":
			return [`return ${stmt.value ? plain(frame, stmt.value) : "null"};`];
		case "raise":
			return [emitRaise(frame, stmt)];
		case "assert": {
			const message = stmt.message ? variadic([plain(frame, stmt.message)]) : [];
			const made = call("of", ['"AssertionError"', ...message]).text.replace(/^\w+\./, "PyError.");
			return [`if (!${within(emitTest(frame, stmt.test), 15)}) throw ${made};`];
		}
		case "try":
			return emitTry(frame, stmt);
		case "function":
			return emitFunction(frame, stmt);
		case "class":
			return [refuse(frame, `the class ${stmt.name}`, stmt.span).text];
		case "break":
			return frame.breaking ? [`${frame.breaking} = true;`, "break;"] : ["break;"];
		case "continue":
			return ["continue;"];
	}
}

/** An expression for what it does. */
function emitAlone(frame: Frame, value: FExpr): string[] {
	if (value.kind === "const") return [];
	const append = emitAppend(frame, value);
	if (append) return [append];
	const { text } = emit(frame, value);
	const isCall =
		["call", "builtin", "method", "library", "yield", "yieldFrom", "assigned"].includes(value.kind) && /^[\w.]+(\(| = )/.test(text);
	return [isCall ? `${text};` : `Object ${freshName(frame, "unused")} = ${text};`];
}

/** `else` of a loop runs unless it was left by `break`. */
function withElse(frame: Frame, stmt: Extract<FStmt, { kind: "while" | "forEach" }>, make: () => string[]): string[] {
	const flag = stmt.otherwise.length === 0 ? null : freshName(frame, "left");
	const before = frame.breaking;
	frame.breaking = flag;
	const lines = make();
	frame.breaking = before;
	if (flag === null) return lines;
	return [`boolean ${flag} = false;`, ...lines, `if (!${flag}) {`, ...inner(frame, stmt.otherwise), "}"];
}

function emitLoop(frame: Frame, stmt: Extract<FStmt, { kind: "forEach" }>): string[] {
	const made = typed(frame, stmt.iterable);
	const isWalked = ["range", "iterator", "dict", "set"].includes(made.type);
	const source = isWalked ? made.text : call("iterate", [made.text]).text;
	const declares = frame.declaredAt.has(stmt);
	const { target } = stmt;
	const type = target.kind === "name" ? variableType(frame, target) : "any";
	const isPlain = target.kind === "name" && declares && typeText(type) === "Object" && !isBoxed(frame, target.name);
	const item = isPlain ? spelledName(frame, target.name) : freshName(frame, "item");
	const binding = isPlain ? [] : assignLines(frame, target, code(item), null, declares);
	return [`for (Object ${item} : ${source}) {`, ...indent(binding), ...inner(frame, stmt.body), "}"];
}

function emitIf(frame: Frame, stmt: Extract<FStmt, { kind: "if" }>): string[] {
	const lines = [`if (${emitTest(frame, stmt.test).text}) {`, ...inner(frame, stmt.then), "}"];
	const [only] = stmt.otherwise;
	if (!only) return lines;
	if (stmt.otherwise.length === 1 && only.kind === "if") {
		const [head = "", ...rest] = emitIf(frame, only);
		return [...lines.slice(0, -1), `} else ${head}`, ...rest];
	}
	return [...lines.slice(0, -1), "} else {", ...inner(frame, stmt.otherwise), "}"];
}

function emitAssign(frame: Frame, stmt: Extract<FStmt, { kind: "assign" }>): string[] {
	const declares = frame.declaredAt.has(stmt);
	const [target] = stmt.targets;
	if (stmt.targets.length > 1 || !target) {
		const held = freshName(frame, "value");
		const made = typed(frame, stmt.value);
		const lines = stmt.targets.flatMap((one) => assignLines(frame, one, code(held, 18, made.type), null));
		return [`${typeText(made.type)} ${held} = ${made.text};`, ...lines];
	}
	if (target.kind === "unpack" && stmt.value.kind === "tuple") {
		const swapped = emitSwap(frame, target, stmt.value, declares);
		if (swapped) return swapped;
	}
	return assignLines(frame, target, typed(frame, stmt.value), stmt.value, declares);
}

type Displayed = Extract<FExpr, { items: unknown }>;

/** `a, b = x, y`: all values first, then the targets from left to right. */
function emitSwap(frame: Frame, target: Extract<FTarget, { kind: "unpack" }>, value: Displayed, declares: boolean): string[] | null {
	if (target.star !== null || value.items.length !== target.items.length || value.items.some((item) => item.spread)) return null;
	const names = target.items.flatMap((item) => (item.kind === "name" ? [item.name] : []));
	const isFresh =
		names.length === target.items.length && value.items.every((item) => names.every((name) => !mentionedNames(item.value).has(name)));
	if (isFresh)
		return target.items.flatMap((item, at) =>
			assignLines(frame, item, typed(frame, (value.items[at] as { value: FExpr }).value), null, declares),
		);
	const made = value.items.map((item) => typed(frame, item.value));
	const held = made.map(() => freshName(frame, "value"));
	const lines = target.items.flatMap((item, at) =>
		assignLines(frame, item, code(held[at] ?? "", 18, made[at]?.type ?? "any"), null, declares),
	);
	return [...made.map((one, at) => `${typeText(one.type)} ${held[at]} = ${one.text};`), ...lines];
}

function emitAugment(frame: Frame, stmt: Extract<FStmt, { kind: "augment" }>): string[] {
	const { target, op, value } = stmt;
	if (target.kind === "name") {
		const unbound = frame.unbound.has(target.name);
		const type = variableType(frame, target);
		const { name, scope } = target;
		const read: FExpr = { kind: "name", type, span: stmt.span, name, scope, unbound };
		const given = typed(frame, value);
		const left = typed(frame, read);
		const made = told(operateInPlace(op, left, given, value), type);
		if (scope === "module") return [`${frame.unit.names(name)} = ${made.text};`];
		const spelled = spelledName(frame, name);
		const short = `${spelled} ${op} `;
		if (made.text.startsWith(short)) return [`${spelled} ${op}= ${given.text};`];
		return [`${spelled}${isBoxed(frame, name) ? ".value" : ""} = ${made.text};`];
	}
	if (target.kind === "unpack" || target.kind === "attribute")
		return [refuse(frame, "an augmented assignment to this target", stmt.span).text];
	const lines: string[] = [];
	const hold = (expr: FExpr): string => {
		if (isSimple(expr)) return plain(frame, expr);
		const held = freshName(frame, "of");
		lines.push(`Object ${held} = ${plain(frame, expr)};`);
		return held;
	};
	const container = hold(target.of);
	if (target.kind === "index") {
		const index = hold(target.index);
		const made = operateInPlace(op, call("item", [container, index]), typed(frame, value), value);
		return [...lines, `${call("setItem", [container, index, made.text]).text};`];
	}
	const bounds = [target.from, target.to, target.step].map((part) => (part ? hold(part) : "null"));
	const made = operateInPlace(op, call("slice", [container, ...bounds]), typed(frame, value), value);
	return [...lines, `${call("setSlice", [container, ...bounds, made.text]).text};`];
}

function emitDelete(frame: Frame, target: FTarget, stmt: FStmt): string[] {
	switch (target.kind) {
		case "name": {
			if (target.scope !== "local" || !frame.unbound.has(target.name))
				return target.scope === "local" ? [] : [refuse(frame, `del ${target.name}`, stmt.span).text];
			const name = `${spelledName(frame, target.name)}${isBoxed(frame, target.name) ? ".value" : ""}`;
			return [`${call("bound", [name, stringText(target.name)]).text};`, `${name} = Cell.UNBOUND;`];
		}
		case "index":
			return [`${call("deleteItem", [plain(frame, target.of), plain(frame, target.index)]).text};`];
		case "slice": {
			const bounds = [target.from, target.to, target.step].map((part) => (part ? plain(frame, part) : "null"));
			return [`${call("deleteSlice", [plain(frame, target.of), ...bounds]).text};`];
		}
		case "attribute":
			return [refuse(frame, `del of the attribute ${target.name}`, stmt.span).text];
		case "unpack":
			return target.items.flatMap((item) => emitDelete(frame, item, stmt));
	}
}

function emitRaise(frame: Frame, stmt: Extract<FStmt, { kind: "raise" }>): string {
	const { value, cause } = stmt;
	if (!value) {
		if (frame.handling === null) return refuse(frame, "a bare raise outside of a handler", stmt.span).text;
		return `throw PyError.raise(${frame.handling});`;
	}
	const isMade = value.kind === "builtin" && value.name in pythonExceptions && value.args.every((arg) => arg.form === "plain");
	if (isMade && !cause) {
		const args = variadic(value.args.map((arg) => plain(frame, arg.value)));
		return `throw PyError.of(${[stringText(value.name), ...args].join(", ")});`;
	}
	return `throw PyError.raise(${[plain(frame, value), ...(cause ? [plain(frame, cause)] : [])].join(", ")});`;
}

function emitTry(frame: Frame, stmt: Extract<FStmt, { kind: "try" }>): string[] {
	const completes = blockCompletes(stmt.body);
	let lines = inner(frame, stmt.body);
	if (stmt.handlers.length > 0) {
		const done = stmt.otherwise.length > 0 && completes ? freshName(frame, "completed") : null;
		const [thrown, error] = [freshName(frame, "thrown"), freshName(frame, "error")];
		const chain = handlerLines(frame, stmt.handlers, thrown, error);
		lines = [
			...(done ? [`boolean ${done} = false;`] : []),
			"try {",
			...lines,
			...(done ? [`\t${done} = true;`] : []),
			`} catch (RuntimeException | Error ${thrown}) {`,
			`\tPyError.Value ${error} = PyError.caught(${thrown});`,
			...indent(chain),
			"}",
			...(done ? [`if (${done}) {`, ...inner(frame, stmt.otherwise), "}"] : []),
		];
		if (stmt.finally.length === 0) return lines;
		lines = indent(lines);
	} else if (completes) lines = [...lines, ...inner(frame, stmt.otherwise)];
	return ["try {", ...lines, "} finally {", ...inner(frame, stmt.finally), "}"];
}

function handlerLines(frame: Frame, handlers: Extract<FStmt, { kind: "try" }>["handlers"], thrown: string, error: string): string[] {
	let chain: string[] = [];
	let isOpen = true;
	for (const handler of handlers) {
		if (!isOpen) break;
		const types = handler.types.map((type) => plain(frame, type)).join(", ");
		const test = handler.types.length === 0 ? "" : `if (PyError.matches(${error}, ${types})) `;
		const body = handlerBody(frame, handler, error);
		if (chain.length === 0) chain = test === "" ? body : [`${test}{`, ...indent(body), "}"];
		else chain = [...chain.slice(0, -1), `} else ${test}{`, ...indent(body), "}"];
		if (test === "") isOpen = false;
	}
	return isOpen ? [...chain.slice(0, -1), "} else {", `\tthrow ${thrown};`, "}"] : chain;
}

function handlerBody(frame: Frame, handler: Extract<FStmt, { kind: "try" }>["handlers"][number], error: string): string[] {
	const before = frame.handling;
	frame.handling = error;
	const body = block(frame, handler.body);
	frame.handling = before;
	if (handler.name === null) return body;
	const name = `${spelledName(frame, handler.name)}${isBoxed(frame, handler.name) ? ".value" : ""}`;
	const isReleased = frame.unbound.has(handler.name);
	const lines = [`${name} = ${error};`, ...body];
	return isReleased ? ["try {", ...indent(lines), "} finally {", `\t${name} = Cell.UNBOUND;`, "}"] : lines;
}

function emitFunction(frame: Frame, stmt: Extract<FStmt, { kind: "function" }>): string[] {
	const { fn } = stmt;
	const { before, text } = innerFunction(frame, fn, fn.name);
	const name = spelledName(frame, fn.name);
	if (isBoxed(frame, fn.name)) return [...before, `${name}.value = ${text};`];
	if (frame.unbound.has(fn.name)) return [...before, `${name} = ${text};`];
	// Nothing above can see it, so it stands where it is made.
	const isTop = frame.fn?.body.includes(stmt) === true && bindings(frame.fn.body).get(fn.name) === 1;
	return isTop ? [...before, `Object ${name} = ${text};`] : [...before, `${name} = ${text};`];
}
