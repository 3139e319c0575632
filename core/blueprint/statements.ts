import type { Expr, Span, Target } from "../contract/ir.ts";
import { dottedPath, type SourceExpr, type SourceStmt, visitBody } from "../graph/index.ts";
import { staticOf } from "./calls.ts";
import { asInt, asList, convert, present } from "./convert.ts";
import { assignCursor, runOnCursor } from "./cursors.ts";
import { execute } from "./database.ts";
import { cloneEnv, mergeEnvs } from "./env.ts";
import { exceptionId, raiseArguments } from "./exceptions.ts";
import { bindTarget, connectionOf, lowerExpr, lowerIterable, lowerTest } from "./expressions.ts";
import { lowerLoop, lowerTry, lowerWith } from "./flow.ts";
import { bind, bindStatic, type Frame, grow, refuse, within } from "./frame.ts";
import { narrow } from "./narrow.ts";
import { column, int, isStable, local, none, op } from "./nodes.ts";
import { binary } from "./operators.ts";
import { isOutsideCall } from "./outside.ts";
import { ANY, dictOf, INT, join, type Kind, listOf, NONE, showType } from "./types.ts";

/** Lowers statements into the frame's block, until the point after which nothing is reached. */
export function lowerBlock(frame: Frame, body: readonly SourceStmt[]): void {
	for (const stmt of body) {
		if (frame.env.dead) return;
		lowerStmt(frame, stmt);
		for (const collector of frame.collectors) collector.push(cloneEnv(frame.env));
	}
}

function lowerStmt(frame: Frame, stmt: SourceStmt): void {
	const { span } = stmt;
	switch (stmt.kind) {
		case "assign":
			lowerAssign(frame, stmt.targets, stmt.value, span);
			return;
		case "augment":
			lowerAugment(frame, stmt);
			return;
		case "expr":
			lowerExprStmt(frame, stmt.value, span);
			return;
		case "if":
			lowerIf(frame, stmt);
			return;
		case "while":
			lowerWhile(frame, stmt);
			return;
		case "for":
			lowerFor(frame, stmt);
			return;
		case "try":
			lowerTry(frame, stmt, lowerBlock);
			return;
		case "with":
			lowerWith(frame, stmt, lowerBlock);
			return;
		case "return": {
			const value = stmt.value ? lowerExpr(frame, stmt.value) : null;
			frame.state.returns = grow(frame, frame.state.returns, value?.type ?? NONE, `the answer of ${frame.state.id}`, span);
			const asked = frame.state.returns.kind === "none";
			frame.block.push({ kind: "return", value: value ? convert(frame, value, frame.state.returns) : asked ? null : none(span), span });
			frame.env.dead = true;
			return;
		}
		case "raise":
			lowerRaise(frame, stmt.value, span);
			return;
		case "assert": {
			const test = lowerTest(frame, { kind: "unary", op: "not", of: stmt.test, span });
			frame.block.push({ kind: "if", test, then: [{ kind: "raise", exception: "AssertionError", args: [], span }], otherwise: [], span });
			narrow(frame, stmt.test, true);
			return;
		}
		case "break":
		case "continue": {
			const loop = frame.loops.at(-1);
			(stmt.kind === "break" ? loop?.breaks : loop?.continues)?.push(cloneEnv(frame.env));
			frame.block.push({ kind: stmt.kind, span });
			frame.env.dead = true;
			return;
		}
		case "pass":
		case "import":
		case "global":
		case "nonlocal":
			return;
		case "delete":
			refuse(frame, "del", "Build a new dict or list without it.", span);
			return;
		case "function":
		case "class":
			refuse(frame, `the nested ${stmt.kind} ${stmt.decl.name}`, "Move it to the module.", span);
			return;
		case "opaque":
			refuse(frame, stmt.what, "Write it with plain statements.", span);
			return;
	}
}

function lowerAssign(frame: Frame, targets: readonly SourceExpr[], value: SourceExpr, span: Span): void {
	const [target] = targets;
	if (!target) return;
	if (targets.length === 1 && target.kind === "name") {
		if (assignCursor(frame, target.name, value, span)) return;
		const fixed = staticOf(frame, value);
		if (fixed?.kind === "function" || fixed?.kind === "none") {
			bindStatic(frame, target.name, fixed);
			return;
		}
	}
	const expr = lowerExpr(frame, value);
	if (
		frame.state.route &&
		targets.length === 1 &&
		target.kind === "name" &&
		expr.kind === "const" &&
		expr.value.kind === "str" &&
		value.kind !== "string"
	) {
		bindStatic(frame, target.name, { kind: "text", value: expr.value.value });
		return;
	}
	if (targets.length === 1) {
		assignTo(frame, target, expr, span);
		return;
	}
	// `a = b = value`: one evaluation, assigned from left to right.
	const held = isStable(expr) ? expr : hold(frame, expr, span);
	for (const one of targets) assignTo(frame, one, held, span);
}

/** Gives a value a local of its own, so that it can be used more than once. */
function hold(frame: Frame, expr: Expr, span: Span): Expr {
	const name = `held_${span.line}`;
	const bound = bind(frame, name, expr.type);
	frame.block.push({ kind: "assign", target: { kind: "name", name: bound.ir, type: bound.type }, value: expr, span });
	return local(bound.ir, expr.type, span);
}

function assignTo(frame: Frame, target: SourceExpr, expr: Expr, span: Span): void {
	if (target.kind === "name") {
		if (!frame.slice.names.localsOf(frame.state.decl).has(target.name)) {
			refuse(frame, `an assignment to the module's state ${target.name}`, "Keep it in the database.", span);
			return;
		}
		const bound = bind(frame, target.name, expr.type);
		if (frame.state.requests.has(target.name)) frame.state.requests.delete(target.name);
		frame.block.push({
			kind: "assign",
			target: { kind: "name", name: bound.ir, type: bound.type },
			value: convert(frame, expr, bound.type),
			span,
		});
		return;
	}
	if (target.kind === "tuple" || target.kind === "list") {
		const whole = present(expr);
		if (whole.type.kind === "row") {
			const row = isStable(whole) ? whole : hold(frame, whole, span);
			spreadRow(frame, target.items, row, span);
			return;
		}
		if (whole.kind === "tuple" && whole.items.length === target.items.length && target.items.every((item) => item.kind === "name")) {
			const bound = target.items.map((item, at) => bindTarget(frame, item, whole.items[at]?.type ?? ANY));
			const items = whole.items.map((item, at) => {
				const place = bound[at];
				return place?.kind === "name" ? convert(frame, item, place.type) : item;
			});
			frame.block.push({
				kind: "assign",
				target: { kind: "unpack", items: bound },
				value: { ...whole, items, type: { kind: "tuple", items: items.map((item) => item.type) } },
				span,
			});
			return;
		}
		const bound = bindTarget(frame, target, whole.type);
		checkParts(frame, bound, whole.type, span);
		frame.block.push({ kind: "assign", target: bound, value: whole, span });
		return;
	}
	if (target.kind === "subscript") {
		const of = present(lowerExpr(frame, target.of));
		const index = lowerExpr(frame, target.index);
		const type: Kind = of.type;
		if (type.kind === "dict" || type.kind === "any") {
			const grown = growPlace(frame, target.of, dictOf(index.type, expr.type), span);
			const value = grown?.kind === "dict" ? convert(frame, expr, grown.value) : expr;
			frame.block.push({ kind: "assign", target: { kind: "item", of: grown ? { ...of, type: grown } : of, index }, value, span });
			return;
		}
		if (type.kind === "list") {
			const grown = growPlace(frame, target.of, listOf(expr.type), span);
			const value = grown?.kind === "list" ? convert(frame, expr, grown.of) : expr;
			frame.block.push({
				kind: "assign",
				target: { kind: "item", of: grown ? { ...of, type: grown } : of, index: asInt(frame, index) },
				value,
				span,
			});
			return;
		}
		if (type.kind === "record" && index.kind === "const" && index.value.kind === "str") {
			const name = index.value.value;
			const field = type.fields.find((item) => item.name === name);
			if (field) {
				frame.block.push({ kind: "assign", target: { kind: "item", of, index }, value: convert(frame, expr, field.type), span });
				return;
			}
		}
		refuse(frame, `an assignment to an item of ${showType(type)}`, "Assign to items of dicts and lists, with keys that exist.", span);
		return;
	}
	refuse(frame, `an assignment to ${target.kind === "attribute" ? "an attribute" : target.kind}`, "Use locals.", span);
}

/** Unpacking must not need conversions: the parts are assigned as they are. */
function checkParts(frame: Frame, target: Target, type: Kind, span: Span): void {
	if (target.kind !== "unpack" || type.kind !== "tuple") return;
	target.items.forEach((item, at) => {
		const from = type.items[at];
		if (item.kind === "name" && from?.kind === "int" && item.type.kind === "float") {
			refuse(frame, `an int unpacked into ${item.name}, which holds floats elsewhere`, "Give the two values different names.", span);
		}
	});
}

function spreadRow(frame: Frame, items: readonly SourceExpr[], row: Expr, span: Span): void {
	const columns = row.type.kind === "row" ? row.type.columns : [];
	if (columns.length !== items.length) {
		refuse(frame, `${items.length} names for a row of ${columns.length} columns`, "Give one name for each column.", span);
		return;
	}
	items.forEach((item, at) => {
		const found = columns[at];
		if (found) assignTo(frame, item, column(row, found.name, found.type, span), span);
	});
}

/** Grows the type of a local list or dict by what is put into it; gives the type that holds now. */
function growPlace(frame: Frame, place: SourceExpr, more: Kind, span: Span): Kind | null {
	if (place.kind === "subscript") {
		const of = present(lowerExpr(frame, place.of)).type;
		const key = lowerExpr(frame, place.index).type;
		const outer = growPlace(frame, place.of, of.kind === "list" ? listOf(more) : dictOf(key, more), span);
		return outer?.kind === "dict" ? outer.value : outer?.kind === "list" ? outer.of : null;
	}
	const binding = place.kind === "name" ? frame.env.names.get(place.name) : undefined;
	if (place.kind !== "name" || !binding || binding === "ambiguous" || binding.fixed) return null;
	const versions = frame.state.locals.get(place.name) ?? [];
	const old = versions[binding.version] ?? ANY;
	// Only what is put in decides: an int put into a dict of floats is converted there.
	const joined = join(old, more);
	if (joined) versions[binding.version] = grow(frame, old, joined, `the content of ${place.name}`, span);
	else refuse(frame, `${showType(more)} put into ${place.name}, a ${showType(old)}`, "Keep values of one type in it.", span);
	return versions[binding.version] ?? null;
}

function lowerAugment(frame: Frame, stmt: Extract<SourceStmt, { kind: "augment" }>): void {
	const { span, target, op: sign } = stmt;
	if (target.kind === "subscript" && !(pathIsStable(target.of) && pathIsStable(target.index))) {
		refuse(frame, `${sign}= on a computed place`, "Give the place a name first.", span);
		return;
	}
	const old = lowerExpr(frame, target);
	if (old.type.kind === "list" && sign === "+") {
		extend(frame, target, old, stmt.value, span);
		return;
	}
	assignTo(frame, target, binary(frame, sign, old, lowerExpr(frame, stmt.value), span), span);
}

const pathIsStable = (expr: SourceExpr): boolean =>
	["name", "string", "number"].includes(expr.kind) || (expr.kind === "subscript" && pathIsStable(expr.of) && pathIsStable(expr.index));

/** `xs.extend(ys)` and `xs += ys`: item by item, in place. */
function extend(frame: Frame, place: SourceExpr, list: Expr, more: SourceExpr, span: Span): void {
	const { expr, item } = asList(frame, lowerIterable(frame, more));
	const grown = growPlace(frame, place, listOf(item), span) ?? list.type;
	const name = `item_${span.line}`;
	const bound = bind(frame, name, item);
	const value = local(bound.ir, bound.type, span);
	const added = op("list.append", NONE, [{ ...list, type: grown }, grown.kind === "list" ? convert(frame, value, grown.of) : value], span);
	frame.block.push({
		kind: "forEach",
		target: { kind: "name", name: bound.ir, type: bound.type },
		iterable: expr,
		body: [{ kind: "expr", value: added, span }],
		span,
	});
}

function lowerExprStmt(frame: Frame, value: SourceExpr, span: Span): void {
	if (value.kind === "string" || value.kind === "literal") return;
	if (value.kind === "call") {
		const outside = isOutsideCall(frame, value);
		if (outside) {
			frame.slice.outside.push({ kind: outside, span, text: dottedPath(value.callee)?.join(".") ?? outside });
			return;
		}
		if (value.callee.kind === "attribute") {
			const { of, name } = value.callee;
			if (["execute", "commit", "rollback", "close"].includes(name)) {
				const connection = connectionOf(frame, of);
				if (connection) {
					lowerConnectionStmt(frame, name, value, connection, span);
					return;
				}
			}
			if (name === "append" || name === "extend" || name === "sort") {
				const list = present(lowerExpr(frame, of));
				if (list.type.kind === "list" || list.type.kind === "any") {
					lowerListStmt(frame, name, of, list, value, span);
					return;
				}
			}
		}
	}
	const expr = lowerExpr(frame, value);
	if (expr.kind !== "local" && expr.kind !== "const") frame.block.push({ kind: "expr", value: expr, span });
}

function lowerListStmt(
	frame: Frame,
	name: string,
	place: SourceExpr,
	list: Expr,
	call: Extract<SourceExpr, { kind: "call" }>,
	span: Span,
): void {
	const [source] = call.args;
	if (name === "sort") {
		const callee: SourceExpr = { kind: "name", name: "sorted", span };
		const sorted = lowerExpr(frame, { kind: "call", callee, args: [place], keywords: call.keywords, span });
		assignTo(frame, place, sorted, span);
		return;
	}
	if (!source) return;
	if (name === "extend") {
		extend(frame, place, list, source, span);
		return;
	}
	const item = lowerExpr(frame, source);
	const grown = growPlace(frame, place, listOf(item.type), span) ?? list.type;
	const value = grown.kind === "list" ? convert(frame, item, grown.of) : item;
	frame.block.push({ kind: "expr", value: op("list.append", NONE, [{ ...list, type: grown }, value], span), span });
}

function lowerConnectionStmt(frame: Frame, name: string, call: Extract<SourceExpr, { kind: "call" }>, connection: Expr, span: Span): void {
	if (name === "close") {
		// Closing a cursor does nothing that can be seen.
		const of = call.callee.kind === "attribute" ? staticOf(frame, call.callee.of) : null;
		if (of?.kind !== "cursor") frame.block.push({ kind: "expr", value: op("db.close", NONE, [connection], span), span });
		return;
	}
	if (name === "commit" || name === "rollback") {
		frame.block.push({ kind: "transaction", action: name, connection, span });
		return;
	}
	const of = call.callee.kind === "attribute" ? call.callee.of : null;
	if (of?.kind === "name" && staticOf(frame, of)?.kind === "cursor") {
		runOnCursor(frame, of.name, call, connection, span);
		return;
	}
	const done = execute(frame, call, connection, "none");
	if (done.kind === "transaction") {
		frame.block.push({
			kind: "transaction",
			action: done.action,
			...(done.action === "begin" ? { mode: done.mode } : {}),
			connection,
			span,
		});
	} else if (!done.select) frame.block.push({ kind: "expr", value: done.expr, span });
}

function lowerIf(frame: Frame, stmt: Extract<SourceStmt, { kind: "if" }>): void {
	const test = lowerTest(frame, stmt.test);
	if (test.kind === "const" && test.value.kind === "bool") {
		lowerBlock(frame, test.value.value ? stmt.then : stmt.otherwise);
		return;
	}
	const side = (body: readonly SourceStmt[], truth: boolean) =>
		within(frame, frame.env, () => {
			narrow(frame, stmt.test, truth);
			lowerBlock(frame, body);
		});
	const then = side(stmt.then, true);
	const otherwise = side(stmt.otherwise, false);
	frame.block.push({ kind: "if", test, then: then.block, otherwise: otherwise.block, span: stmt.span });
	frame.env = mergeEnvs([then.env, otherwise.env]);
}

function lowerWhile(frame: Frame, stmt: Extract<SourceStmt, { kind: "while" }>): void {
	if (stmt.otherwise.length > 0) refuse(frame, "else of a loop", "Use a flag.", stmt.span);
	let test: Expr = none(stmt.span);
	const forever = stmt.test.kind === "literal" && stmt.test.value === true;
	const body = lowerLoop(
		frame,
		() => {
			test = lowerTest(frame, stmt.test);
			narrow(frame, stmt.test, true);
			lowerBlock(frame, stmt.body);
		},
		() => {
			if (forever) frame.env.dead = true;
			else narrow(frame, stmt.test, false);
		},
	);
	frame.block.push({ kind: "while", test, body, span: stmt.span });
}

function lowerFor(frame: Frame, stmt: Extract<SourceStmt, { kind: "for" }>): void {
	const { span, target } = stmt;
	if (stmt.otherwise.length > 0) refuse(frame, "else of a loop", "Use a flag.", span);
	const range = rangeOf(frame, stmt.iterable);
	if (range && target.kind === "name" && !assigns(stmt.body, target.name)) {
		const [first, second, third] = range.map((arg) => asInt(frame, lowerExpr(frame, arg)));
		let name = target.name;
		const body = lowerLoop(frame, () => {
			name = bind(frame, target.name, INT).ir;
			lowerBlock(frame, stmt.body);
		});
		const zero = int(0, span);
		frame.block.push({
			kind: "forRange",
			name,
			from: second && first ? first : zero,
			to: second ?? first ?? zero,
			step: third ?? int(1, span),
			body,
			span,
		});
		return;
	}
	const { expr: iterable, item } = asList(frame, lowerIterable(frame, stmt.iterable));
	const place: { bound: Target } = { bound: { kind: "unpack", items: [] } };
	const body = lowerLoop(frame, () => {
		if (item.kind === "row" && (target.kind === "tuple" || target.kind === "list")) {
			const row = bind(frame, `row_${span.line}`, item);
			place.bound = { kind: "name", name: row.ir, type: row.type };
			spreadRow(frame, target.items, local(row.ir, item, target.span), target.span);
		} else place.bound = bindTarget(frame, target, item);
		lowerBlock(frame, stmt.body);
	});
	const { bound } = place;
	if (bound.kind === "name" && item.kind === "int" && bound.type.kind === "float") {
		refuse(frame, `ints walked over by ${bound.name}, which holds floats elsewhere`, "Give the two values different names.", span);
	}
	frame.block.push({ kind: "forEach", target: bound, iterable, body, span });
}

function rangeOf(frame: Frame, iterable: SourceExpr): SourceExpr[] | null {
	if (iterable.kind !== "call" || iterable.callee.kind !== "name" || iterable.callee.name !== "range") return null;
	const meaning = frame.slice.names.meaningOf(frame.module.name, ["range"]);
	if (meaning.kind !== "external" || iterable.args.length < 1 || iterable.args.length > 3) return null;
	const step = iterable.args[2];
	// A computed step could be 0, which the source answers with an error.
	if (step && !(step.kind === "number" || (step.kind === "unary" && step.of.kind === "number"))) return null;
	return iterable.args;
}

function assigns(body: readonly SourceStmt[], name: string): boolean {
	let found = false;
	const names = (expr: SourceExpr): boolean =>
		expr.kind === "name" ? expr.name === name : expr.kind === "tuple" && expr.items.some(names);
	visitBody(
		body,
		() => {},
		(stmt) => {
			if (stmt.kind === "assign" && stmt.targets.some(names)) found = true;
			if ((stmt.kind === "augment" || stmt.kind === "for") && names(stmt.target)) found = true;
		},
	);
	return found;
}

function lowerRaise(frame: Frame, value: SourceExpr | null, span: Span): void {
	frame.env.dead = true;
	const handler = frame.handlers.at(-1);
	if (!value || (value.kind === "name" && handler?.name === value.name)) {
		if (!handler) refuse(frame, "raise without an exception", "Name the exception.", span);
		frame.block.push({ kind: "reraise", span });
		return;
	}
	const call = value.kind === "call" ? value : null;
	const found = exceptionId(frame, call ? call.callee : value);
	if (!found) {
		refuse(frame, "raise of a computed exception", "Name the class.", span);
		return;
	}
	const args = found.decl
		? raiseArguments(frame, found.decl, call?.args ?? [], call?.keywords ?? [], span)
		: (call?.args ?? []).map((arg) => lowerExpr(frame, arg));
	frame.block.push({ kind: "raise", exception: found.id, args, span });
}
