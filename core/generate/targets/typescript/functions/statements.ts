import type { FExpr, FFunction, FStmt, FTarget } from "../../../../contract/function-ir.ts";
import { emitAppend } from "./calls.ts";
import { classLines } from "./class-lines.ts";
import { code, emit, emitTest, indent, plain, told, typed, within } from "./code.ts";
import { iterableText } from "./comprehensions.ts";
import { type Frame, freshName, helper, isTold, refuse, typeOfName, typeText } from "./context.ts";
import { bindings, declarationsOf, unboundNames } from "./declarations.ts";
import { functionLines, parametersText, qualifiedName, signedFunction } from "./definitions.ts";
import { operateInPlace } from "./operators.ts";
import { assignLines, isSimple, loopHead, variableType } from "./targets.ts";

/** The frame of a function: which variables it has, and where each is declared. */
function openFrame(parent: Frame, fn: FFunction): Frame {
	const counts = bindings(fn.body);
	const unbound = unboundNames(fn.body);
	const params = new Set(fn.params.map((param) => param.name));
	const types = new Map(
		fn.locals.map((local) => [local.name, params.has(local.name) && !isCollected(fn, local.name) ? "any" : local.type]),
	);
	const own = new Set(fn.locals.map((local) => local.name).filter((name) => !params.has(name)));
	const declared = new Map<string, FFunction>();
	for (const stmt of fn.body)
		if (stmt.kind === "function" && own.has(stmt.fn.name) && counts.get(stmt.fn.name) === 1 && !unbound.has(stmt.fn.name))
			declared.set(stmt.fn.name, stmt.fn);
	const free = fn.locals.filter((local) => own.has(local.name) && !local.cell && !unbound.has(local.name) && !declared.has(local.name));
	return {
		unit: parent.unit,
		parent,
		fn,
		types,
		unbound,
		declaredAt: declarationsOf(fn.body, new Set(free.map((local) => local.name))),
		declared,
		temporaries: 0,
		hoisted: [],
		qualified: qualifiedName(parent, fn.name),
		handling: null,
		breaking: null,
		isGenerator: fn.isGenerator,
	};
}

const isCollected = (fn: FFunction, name: string): boolean =>
	fn.params.some((param) => param.name === name && (param.form === "rest" || param.form === "keywords"));

/** The lines of a function's body, its variables first. */
export function writeBody(parent: Frame, fn: FFunction): string[] {
	const frame = openFrame(parent, fn);
	const lines = fn.body.flatMap((stmt) => emitStatement(frame, stmt));
	const inHeads = new Set([...frame.declaredAt.values()].flatMap((names) => [...names]));
	const params = new Set(fn.params.map((param) => param.name));
	const top = fn.locals
		.filter((local) => !params.has(local.name) && !inHeads.has(local.name) && !frame.declared.has(local.name))
		.map((local) => {
			const name = frame.unit.names(local.name);
			if (frame.unbound.has(local.name)) return `let ${name}: ${typeText(frame, local.type)} | undefined;`;
			return `let ${name}!: ${typeText(frame, local.type)};`;
		});
	return [...top, ...frame.hoisted, ...lines, ...(ends(fn.body) ? [] : ["return null;"])];
}

/** Whether the end of a body is never reached, as the compiler sees it. */
function ends(body: readonly FStmt[]): boolean {
	const last = body.at(-1);
	if (!last) return false;
	if (last.kind === "return" || last.kind === "raise") return true;
	return last.kind === "if" && ends(last.then) && ends(last.otherwise);
}

const block = (frame: Frame, body: readonly FStmt[]): string[] => indent(body.flatMap((stmt) => emitStatement(frame, stmt)));

export function emitStatement(frame: Frame, stmt: FStmt): string[] {
	switch (stmt.kind) {
		case "assign":
			return emitAssign(frame, stmt);
		case "augment":
			return emitAugment(frame, stmt);
		case "delete":
			return emitDelete(frame, stmt.target);
		case "expr": {
			const append = emitAppend(frame, stmt.value);
			if (append) return [append];
			const made = plain(frame, stmt.value);
			return [`${/^(\{|function)/.test(made) ? `(${made})` : made};`];
		}
		case "if":
			return emitIf(frame, stmt);
		case "while": {
			const forever = stmt.test.kind === "const" && stmt.test.value.kind === "bool" && stmt.test.value.value;
			const head = `while (${forever ? "true" : emitTest(frame, stmt.test).text}) {`;
			return withElse(frame, stmt, (inner) => [head, ...block(inner, stmt.body), "}"]);
		}
		case "forEach": {
			const names = frame.declaredAt.get(stmt);
			const changed = [...(names ?? [])].some((name) => (bindings(stmt.body).get(name) ?? 0) > 0);
			const head = loopHead(
				frame,
				stmt.target,
				iterableText(frame, stmt.iterable),
				names !== undefined,
				stmt.iterable,
				changed ? "let" : "const",
			);
			return withElse(frame, stmt, (inner) => [head.line, ...indent(head.first), ...block(inner, stmt.body), "}"]);
		}
		case "return":
			return [`return ${stmt.value ? plain(frame, stmt.value) : "null"};`];
		case "raise":
			return emitRaise(frame, stmt);
		case "assert": {
			const message = stmt.message ? `, ${plain(frame, stmt.message)}` : "";
			const made = `throw ${helper(frame, "raise")}(${helper(frame, "exception")}("AssertionError"${message}));`;
			return [`if (!${within(emitTest(frame, stmt.test), 15)}) ${made}`];
		}
		case "try":
			return emitTry(frame, stmt);
		case "function":
			return emitFunction(frame, stmt.fn);
		case "class":
			return classLines(frame, stmt);
		case "break":
			return [frame.breaking ? `${frame.breaking} = true;` : "", "break;"].filter((line) => line !== "");
		case "continue":
			return ["continue;"];
	}
}

/** `else` of a loop runs unless it was left by `break`. */
function withElse(frame: Frame, stmt: Extract<FStmt, { kind: "while" | "forEach" }>, make: (inner: Frame) => string[]): string[] {
	const flag = stmt.otherwise.length === 0 ? null : freshName(frame, "left");
	const before = frame.breaking;
	frame.breaking = flag;
	const lines = make(frame);
	frame.breaking = before;
	if (flag === null) return lines;
	return [`let ${flag} = false;`, ...lines, `if (!${flag}) {`, ...block(frame, stmt.otherwise), "}"];
}

function emitIf(frame: Frame, stmt: Extract<FStmt, { kind: "if" }>): string[] {
	const lines = [`if (${emitTest(frame, stmt.test).text}) {`, ...block(frame, stmt.then), "}"];
	const [only] = stmt.otherwise;
	if (!only) return lines;
	if (stmt.otherwise.length === 1 && only.kind === "if") {
		const [head = "", ...rest] = emitIf(frame, only);
		return [...lines.slice(0, -1), `} else ${head}`, ...rest];
	}
	return [...lines.slice(0, -1), "} else {", ...block(frame, stmt.otherwise), "}"];
}

function emitAssign(frame: Frame, stmt: Extract<FStmt, { kind: "assign" }>): string[] {
	const names = frame.declaredAt.get(stmt);
	const [target] = stmt.targets;
	if (stmt.targets.length > 1 || !target) {
		const held = freshName(frame, "value");
		const made = typed(frame, stmt.value);
		const lines = stmt.targets.flatMap((one) => assignLines(frame, one, code(held, 18, made.type), null));
		return [`const ${held}: ${typeText(frame, made.type)} = ${made.text};`, ...lines];
	}
	if (names && target.kind === "name") {
		const type = typeOfName(frame, target.name);
		const made = told(frame, emit(frame, stmt.value), type);
		const keyword = (bindings(frame.fn?.body ?? []).get(target.name) ?? 0) > 1 ? "let" : "const";
		const shown = isTold(type) && type === made.type && stmt.value.kind !== "list" ? "" : `: ${typeText(frame, type)}`;
		return [`${keyword} ${frame.unit.names(target.name)}${shown} = ${made.text};`];
	}
	if (target.kind === "unpack" && stmt.value.kind === "tuple") {
		const swapped = emitSwap(frame, target, stmt.value, names !== undefined);
		if (swapped) return swapped;
	}
	return assignLines(frame, target, typed(frame, stmt.value), stmt.value, names !== undefined);
}

type Displayed = Extract<FExpr, { items: unknown }>;

/** `a, b = x, y`: all values first, then the targets from left to right. */
function emitSwap(frame: Frame, target: Extract<FTarget, { kind: "unpack" }>, value: Displayed, declares: boolean): string[] | null {
	if (target.star !== null || value.items.length !== target.items.length || value.items.some((item) => item.spread)) return null;
	if (!target.items.every((item) => item.kind === "name")) {
		const held = target.items.map(() => freshName(frame, "value"));
		const made = value.items.map((item) => typed(frame, item.value));
		const types = made.map((one) => typeText(frame, one.type)).join(", ");
		const lines = target.items.flatMap((item, at) => assignLines(frame, item, code(held[at] ?? "", 18, made[at]?.type ?? "any"), null));
		return [`const [${held.join(", ")}]: [${types}] = [${made.map((one) => one.text).join(", ")}];`, ...lines];
	}
	const types = target.items.map((item) => (item.kind === "name" ? variableType(frame, item) : "any"));
	const texts = value.items.map((item, at) => told(frame, emit(frame, item.value), types[at] ?? "any").text);
	const names = target.items.map((item) => (item.kind === "name" ? frame.unit.names(item.name) : ""));
	const shown = `[${types.map((type) => typeText(frame, type)).join(", ")}]`;
	const own = bindings(frame.fn?.body ?? []);
	const keyword = target.items.some((item) => item.kind === "name" && (own.get(item.name) ?? 0) > 1) ? "let" : "const";
	if (declares) return [`${keyword} [${names.join(", ")}]: ${shown} = [${texts.join(", ")}];`];
	return [`[${names.join(", ")}] = [${texts.join(", ")}];`];
}

function emitAugment(frame: Frame, stmt: Extract<FStmt, { kind: "augment" }>): string[] {
	const { target, op, value } = stmt;
	if (target.kind === "name") {
		const name = frame.unit.names(target.name);
		const type = variableType(frame, target);
		const read: FExpr = {
			kind: "name",
			type,
			span: stmt.span,
			name: target.name,
			scope: target.scope,
			unbound: frame.unbound.has(target.name),
		};
		const given = typed(frame, value);
		const left = told(frame, emit(frame, read), type);
		const made = told(frame, operateInPlace(frame, op, left, given, value), type);
		const short = `${name} ${op} `;
		if (made.text.startsWith(short) && !["//"].includes(op)) return [`${name} ${op}= ${given.text};`];
		return [`${name} = ${made.text};`];
	}
	const of = target.kind === "unpack" ? null : target.of;
	if (!of || target.kind === "unpack") return [refuse(frame, "an augmented assignment to several targets", stmt.span).text];
	const lines: string[] = [];
	const hold = (expr: FExpr): string => {
		if (isSimple(expr)) return plain(frame, expr);
		const held = freshName(frame, "of");
		lines.push(`const ${held}: ${typeText(frame, "any")} = ${plain(frame, expr)};`);
		return held;
	};
	const container = hold(of);
	const given = typed(frame, value);
	if (target.kind === "index") {
		const index = hold(target.index);
		const made = operateInPlace(frame, op, code(`${helper(frame, "item")}(${container}, ${index})`), given, value);
		return [...lines, `${helper(frame, "setItem")}(${container}, ${index}, ${made.text});`];
	}
	if (target.kind === "attribute") {
		frame.unit.needsDispatch.attribute = true;
		frame.unit.methods.add(target.name);
		const name = JSON.stringify(target.name);
		const made = operateInPlace(frame, op, code(`py.attribute(${container}, ${name})`), given, value);
		return [...lines, `${helper(frame, "setAttribute")}(${container}, ${name}, ${made.text});`];
	}
	const bounds = [target.from, target.to, target.step].map((part) => (part ? hold(part) : "null")).join(", ");
	const made = operateInPlace(frame, op, code(`${helper(frame, "slice")}(${container}, ${bounds})`), given, value);
	return [...lines, `${helper(frame, "setSlice")}(${container}, ${bounds}, ${made.text});`];
}

function emitDelete(frame: Frame, target: FTarget): string[] {
	switch (target.kind) {
		case "name": {
			const name = frame.unit.names(target.name);
			const check = target.scope === "local" ? [`${helper(frame, "bound")}(${name}, ${JSON.stringify(target.name)});`] : [];
			if (!frame.unbound.has(target.name))
				return target.scope === "local" ? [] : [refuse(frame, `del ${target.name}`, { file: "", line: 0, column: 0 } as never).text];
			return [...check, `${name} = undefined;`];
		}
		case "index":
			return [`${helper(frame, "deleteItem")}(${plain(frame, target.of)}, ${plain(frame, target.index)});`];
		case "slice": {
			const bounds = [target.from, target.to, target.step].map((part) => (part ? plain(frame, part) : "null")).join(", ");
			return [`${helper(frame, "deleteSlice")}(${plain(frame, target.of)}, ${bounds});`];
		}
		case "attribute":
			return [`${helper(frame, "deleteAttribute")}(${plain(frame, target.of)}, ${JSON.stringify(target.name)});`];
		case "unpack":
			return target.items.flatMap((item) => emitDelete(frame, item));
	}
}

function emitRaise(frame: Frame, stmt: Extract<FStmt, { kind: "raise" }>): string[] {
	if (!stmt.value) {
		if (frame.handling === null) return [`throw ${refuse(frame, "a bare raise outside of a handler", stmt.span).text};`];
		return [`throw ${helper(frame, "raise")}(${frame.handling});`];
	}
	const cause = stmt.cause ? `, ${plain(frame, stmt.cause)}` : "";
	return [`throw ${helper(frame, "raise")}(${plain(frame, stmt.value)}${cause});`];
}

function emitTry(frame: Frame, stmt: Extract<FStmt, { kind: "try" }>): string[] {
	let lines = block(frame, stmt.body);
	if (stmt.handlers.length > 0) {
		const done = stmt.otherwise.length > 0 ? freshName(frame, "completed") : null;
		const thrown = freshName(frame, "thrown");
		const error = freshName(frame, "error");
		let chain: string[] = [];
		let isOpen = true;
		for (const handler of stmt.handlers) {
			const types = handler.types.map((type) => plain(frame, type)).join(", ");
			const test = handler.types.length === 0 ? "" : `if (${helper(frame, "matches")}(${error}, ${types})) `;
			const name = handler.name === null ? null : frame.unit.names(handler.name);
			const body = [...(name ? [`\t${name} = ${error};`] : []), ...indent(handledBody(frame, handler.body, error))];
			const released =
				name && frame.unbound.has(handler.name ?? "")
					? ["\ttry {", ...indent(body), "\t} finally {", `\t\t${name} = undefined;`, "\t}"]
					: body;
			if (chain.length === 0) chain = test === "" ? released.map((line) => line.replace(/^\t/, "")) : [`${test}{`, ...released, "}"];
			else chain = [...chain.slice(0, -1), `} else ${test}{`, ...released, "}"];
			if (test === "") isOpen = false;
		}
		if (isOpen) chain = [...chain.slice(0, -1), "} else {", `\tthrow ${thrown};`, "}"];
		const reads = `const ${error} = ${helper(frame, "caught")}(${thrown});`;
		lines = [
			...(done ? [`let ${done} = false;`] : []),
			"try {",
			...lines,
			...(done ? [`\t${done} = true;`] : []),
			`} catch (${thrown}) {`,
			...indent([reads, ...chain]),
			"}",
			...(done ? [`if (${done}) {`, ...block(frame, stmt.otherwise), "}"] : []),
		];
		if (stmt.finally.length === 0) return lines;
		lines = indent(lines);
	} else lines = [...lines, ...block(frame, stmt.otherwise)];
	return ["try {", ...lines, "} finally {", ...block(frame, stmt.finally), "}"];
}

function handledBody(frame: Frame, body: readonly FStmt[], error: string): string[] {
	const before = frame.handling;
	frame.handling = error;
	const lines = body.flatMap((stmt) => emitStatement(frame, stmt));
	frame.handling = before;
	return lines;
}

function emitFunction(frame: Frame, fn: FFunction): string[] {
	const qualified = qualifiedName(frame, fn.name);
	const declared = frame.parent === null ? frame.unit.functions.get(fn.name) : frame.declared.get(fn.name);
	if (declared === fn) {
		const { before, lines } = functionLines(frame, fn, frame.parent === null && frame.unit.entry === fn.name);
		const sign = `${helper(frame, "signature")}(${frame.unit.names(fn.name)}, ${JSON.stringify(qualified)}, ${JSON.stringify(parametersText(fn.params))});`;
		frame.unit.signatures.set(sign, fn);
		return [...before, ...lines, sign];
	}
	const { before, text } = signedFunction(frame, fn, qualified);
	return [...before, `${frame.unit.names(fn.name)} = ${text};`];
}
