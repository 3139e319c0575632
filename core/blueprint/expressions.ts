import type { Clause, Expr, Target } from "../contract/ir.ts";
import { dottedPath, type SourceExpr } from "../graph/index.ts";
import { constantInt } from "./builtins.ts";
import { lowerCall, staticOf, tableOf } from "./calls.ts";
import { asInt, asList, asTest, convert, eitherType, present } from "./convert.ts";
import { execute, executeCall } from "./database.ts";
import { cloneEnv } from "./env.ts";
import { fieldOf, messageOf } from "./exceptions.ts";
import { percentFormat, specHole } from "./formatting.ts";
import { bind, conditionally, type Frame, irName, refuse, typeOfName } from "./frame.ts";
import { fusedCall } from "./library.ts";
import { attribute } from "./methods.ts";
import { narrow, pathKey } from "./narrow.ts";
import { bool, choose, column, float, int, isStable, local, logic, none, not, op, str, template } from "./nodes.ts";
import { binary, compare, negate } from "./operators.ts";
import { ANY, BOOL, dictOf, type Kind, listOf, STR, showType, tupleOf } from "./types.ts";

/** Source expression -> IR, under the frame's environment. Never throws on what it does not know: it refuses by name. */
export function lowerExpr(frame: Frame, expr: SourceExpr): Expr {
	const { span } = expr;
	switch (expr.kind) {
		case "name":
			return lowerName(frame, expr.name, expr);
		case "number":
			return lowerNumber(frame, expr.text, expr);
		case "string":
			return str(expr.value, span);
		case "literal":
			return expr.value === null ? none(span) : bool(expr.value, span);
		case "formatted":
			return lowerFormatted(frame, expr);
		case "list":
			return lowerItems(frame, expr);
		case "tuple": {
			const items = expr.items.map((item) => lowerExpr(frame, item));
			return { kind: "tuple", id: "", type: tupleOf(items.map((item) => item.type)), span, items };
		}
		case "dict":
			return lowerDict(frame, expr);
		case "unary":
			return lowerUnary(frame, expr);
		case "binary":
			return lowerBinary(frame, expr);
		case "logic":
			return lowerLogic(frame, expr);
		case "compare":
			return lowerCompare(frame, expr);
		case "choose": {
			const test = lowerTest(frame, expr.test);
			const side = (source: SourceExpr, truth: boolean) =>
				conditionally(frame, frame.env, () => {
					narrow(frame, expr.test, truth);
					return lowerExpr(frame, source);
				});
			const [then, otherwise] = [side(expr.then, true), side(expr.otherwise, false)];
			const type = eitherType(frame, then.type, otherwise.type, span);
			return choose(test, convert(frame, then, type), convert(frame, otherwise, type), type, span);
		}
		case "attribute":
			return lowerAttribute(frame, expr);
		case "subscript":
			return lowerSubscript(frame, expr);
		case "call":
			return lowerFetch(frame, expr) ?? fusedCall(frame, expr) ?? lowerCall(frame, expr);
		case "comprehension":
			return lowerComprehension(frame, expr);
		case "bytes":
			return refuse(frame, "bytes", "Use text.", span);
		case "set":
			return refuse(frame, "a set", "Use a list, or a dict.", span);
		case "slice":
		case "lambda":
			return refuse(frame, `a ${expr.kind} as a value`, "Use it where it is needed.", span);
		case "star":
			return refuse(frame, `${expr.form} in a display`, "Write the items one by one.", span);
		case "yield":
		case "await":
		case "walrus":
		case "ellipsis":
			return refuse(
				frame,
				expr.kind === "walrus" ? "an assignment inside an expression" : expr.kind,
				"Write it with plain expressions.",
				span,
			);
		case "opaque":
			return refuse(frame, expr.what, "Write it with plain expressions.", span);
	}
}

/** An expression as a test, its truthiness explicit; folded where this route decides it. */
export function lowerTest(frame: Frame, expr: SourceExpr): Expr {
	if (expr.kind === "compare" && expr.rest.length === 1) {
		const [only] = expr.rest;
		const isNone = only?.right.kind === "literal" && only.right.value === null;
		const fixed = isNone ? staticOf(frame, expr.first) : null;
		if (fixed && (fixed.kind === "function" || fixed.kind === "none" || fixed.kind === "text")) {
			const absent = fixed.kind === "none";
			return bool(only?.op === "is" || only?.op === "==" ? absent : !absent, expr.span);
		}
		if (only && (only.op === "in" || only.op === "not in") && frame.state.route && tableOf(frame, only.right)) {
			const found = staticOf(frame, { kind: "subscript", of: only.right, index: expr.first, span: expr.span });
			return bool((found !== null) === (only.op === "in"), expr.span);
		}
	}
	if (expr.kind === "name") {
		const fixed = staticOf(frame, expr);
		if (fixed && (fixed.kind === "function" || fixed.kind === "none")) return bool(fixed.kind === "function", expr.span);
	}
	if (expr.kind === "unary" && expr.op === "not") {
		const inner = lowerTest(frame, expr.of);
		return inner.kind === "const" && inner.value.kind === "bool" ? bool(!inner.value.value, expr.span) : not(inner, expr.span);
	}
	const test = asTest(lowerExpr(frame, expr));
	if (frame.state.route && test.kind === "op" && (test.op === "str.eq" || test.op === "str.ne")) {
		const [a, b] = test.args;
		if (a?.kind === "const" && b?.kind === "const" && a.value.kind === "str" && b.value.kind === "str") {
			return bool((a.value.value === b.value.value) === (test.op === "str.eq"), expr.span);
		}
	}
	return test;
}

function lowerName(frame: Frame, name: string, expr: SourceExpr): Expr {
	const { span } = expr;
	const binding = frame.env.names.get(name);
	if (binding === "ambiguous")
		return refuse(frame, `${name}, which holds values of different types here`, "Give the two values different names.", span);
	if (binding) {
		if (binding.fixed?.kind === "text") return str(binding.fixed.value, span);
		if (binding.fixed?.kind === "none") return none(span);
		if (binding.fixed?.kind === "cursor")
			return refuse(frame, `the cursor ${name} as a value`, "Fetch its rows right after execute().", span);
		if (binding.fixed) return refuse(frame, `the function in ${name} as a value`, "Call it by its name.", span);
		if (!binding.sure) return refuse(frame, `${name}, which may be unset here`, "Give it a value before.", span);
		return local(irName(name, binding.version), typeOfName(frame, name, binding), span);
	}
	if (frame.slice.names.localsOf(frame.state.decl).has(name))
		return refuse(frame, `${name} before it has a value`, "Give it a value before.", span);
	return lowerGlobal(frame, [name], expr);
}

function lowerGlobal(frame: Frame, path: string[], expr: SourceExpr): Expr {
	const { span } = expr;
	const meaning = frame.slice.names.meaningOf(frame.module.name, path);
	if (meaning.kind === "value" && meaning.rest.length === 0) {
		const { value } = meaning;
		if (!value.fixed)
			return refuse(frame, `the module's state ${value.id} (${value.why})`, "Keep it in the database, or make it a constant.", span);
		const type = frame.slice.constant(value.id, value.value, value.module);
		return { kind: "global", id: "", type, span, constant: value.id };
	}
	return refuse(frame, `${path.join(".")} as a value`, "Use constants, parameters and locals.", span);
}

function lowerNumber(frame: Frame, raw: string, expr: SourceExpr): Expr {
	const text = raw.replace(/_/g, "");
	if (/^0[xXoObB]/.test(text)) return int(BigInt(text), expr.span);
	if (/^0\d+$/.test(text) && !/^0+$/.test(text)) return refuse(frame, `the octal number ${raw}`, "Write 0o before it.", expr.span);
	if (/^\d+$/.test(text)) return int(BigInt(text), expr.span);
	if (/[jJlL]$/.test(text)) return refuse(frame, `the number ${raw}`, "Use plain integers and floats.", expr.span);
	return float(Number(text), text, expr.span);
}

function lowerFormatted(frame: Frame, expr: Extract<SourceExpr, { kind: "formatted" }>): Expr {
	const parts = expr.parts.map((part): string | Expr => {
		if (typeof part === "string") return part;
		if (part.specHoles.length > 0) return refuse(frame, "a computed format specification", "Write the format as text.", part.value.span);
		const value = lowerExpr(frame, part.value);
		if (value.type.kind === "exception") return messageOf(frame, value, part.value.span);
		return specHole(frame, value, part.conversion, part.spec, part.value.span);
	});
	return template(parts, expr.span);
}

function lowerItems(frame: Frame, expr: Extract<SourceExpr, { kind: "list" }>): Expr {
	const items = expr.items.map((item) => lowerExpr(frame, item));
	let type: Kind = ANY;
	for (const item of items) type = eitherType(frame, type, item.type, item.span);
	return { kind: "list", id: "", type: listOf(type), span: expr.span, items: items.map((item) => convert(frame, item, type)) };
}

/** Values of one type make a dict; text keys with values of several types make a record. */
function lowerDict(frame: Frame, expr: Extract<SourceExpr, { kind: "dict" }>): Expr {
	const entries: { key: Expr; value: Expr }[] = [];
	for (const { key, value } of expr.entries) {
		if (!key) return refuse(frame, "** in a dict", "Write the entries one by one.", value.span);
		entries.push({ key: lowerExpr(frame, key), value: lowerExpr(frame, value) });
	}
	const kinds = new Set(
		entries.map((entry) => (entry.value.type.kind === "int" ? "float" : entry.value.type.kind)).filter((kind) => kind !== "any"),
	);
	const named = entries.every((entry) => entry.key.kind === "const" && entry.key.value.kind === "str");
	if (named && kinds.size > 1) {
		const fields = entries.map((entry) => ({
			name: entry.key.kind === "const" && entry.key.value.kind === "str" ? entry.key.value.value : "",
			type: entry.value.type,
		}));
		return { kind: "dict", id: "", type: { kind: "record", fields }, span: expr.span, entries };
	}
	let key: Kind = ANY;
	let value: Kind = ANY;
	for (const entry of entries) {
		key = eitherType(frame, key, entry.key.type, entry.key.span);
		value = eitherType(frame, value, entry.value.type, entry.value.span);
	}
	const converted = entries.map((entry) => ({ key: convert(frame, entry.key, key), value: convert(frame, entry.value, value) }));
	return { kind: "dict", id: "", type: dictOf(key, value), span: expr.span, entries: converted };
}

function lowerUnary(frame: Frame, expr: Extract<SourceExpr, { kind: "unary" }>): Expr {
	const { span } = expr;
	if (expr.op === "not") return lowerTest(frame, expr);
	if (expr.op === "~") return refuse(frame, "the operator ~", "Use arithmetic.", span);
	if (expr.op === "-" && expr.of.kind === "number") {
		const number = lowerNumber(frame, expr.of.text, expr.of);
		if (number.kind === "const" && number.value.kind === "int") return int(-BigInt(number.value.value), span);
		if (number.kind === "const" && number.value.kind === "float") return float(-Number(number.value.text), `-${number.value.text}`, span);
	}
	const value = lowerExpr(frame, expr.of);
	return expr.op === "+" ? binary(frame, "+", int(0, span), value, span) : negate(frame, value, span);
}

function lowerBinary(frame: Frame, expr: Extract<SourceExpr, { kind: "binary" }>): Expr {
	const { span } = expr;
	const left = lowerExpr(frame, expr.left);
	if (expr.op !== "%" || left.type.kind !== "str") return binary(frame, expr.op, left, lowerExpr(frame, expr.right), span);
	const text = constantOf(frame, left);
	if (text === null) return refuse(frame, "a format that is not constant", "Write the format as text.", span);
	const spoken = (value: Expr): Expr => (value.type.kind === "exception" ? messageOf(frame, value, value.span) : value);
	if (expr.right.kind === "tuple") {
		const values = expr.right.items.map((item) => spoken(lowerExpr(frame, item)));
		return percentFormat(frame, text, values, () => null, span);
	}
	if (expr.right.kind === "dict") {
		const { entries } = expr.right;
		const named = (key: string) => {
			const entry = entries.find((item) => item.key?.kind === "string" && item.key.value === key);
			return entry ? spoken(lowerExpr(frame, entry.value)) : null;
		};
		return percentFormat(frame, text, [], named, span);
	}
	const value = spoken(lowerExpr(frame, expr.right));
	if (value.type.kind === "tuple" || value.type.kind === "dict" || value.type.kind === "record") {
		return refuse(frame, `a format of ${showType(value.type)}`, "Write the values as a tuple after the %.", span);
	}
	return percentFormat(frame, text, [value], () => null, span);
}

/** The text of a literal or of a fixed module constant. */
function constantOf(frame: Frame, expr: Expr): string | null {
	if (expr.kind === "const" && expr.value.kind === "str") return expr.value.value;
	if (expr.kind !== "global") return null;
	const value = frame.slice.constants.get(expr.constant)?.value;
	return value?.kind === "const" && value.value.kind === "str" ? value.value.value : null;
}

function lowerLogic(frame: Frame, expr: Extract<SourceExpr, { kind: "logic" }>): Expr {
	const left = lowerExpr(frame, expr.left);
	const right = conditionally(frame, frame.env, () => {
		narrow(frame, expr.left, expr.op === "and");
		return lowerExpr(frame, expr.right);
	});
	if (left.type.kind === "bool" && right.type.kind === "bool") return logic(expr.op, left, right, BOOL, expr.span);
	// `x or y` gives x only when x is true, so not when it is None.
	const first: Kind = expr.op === "or" && left.type.kind === "optional" ? left.type.of : left.type;
	const bothTests = left.type.kind === "bool" || right.type.kind === "bool";
	if (bothTests && left.type.kind !== "any" && right.type.kind !== "any")
		return logic(expr.op, asTest(left), asTest(right), BOOL, expr.span);
	const type = eitherType(frame, first, right.type, expr.span);
	return logic(expr.op, left, convert(frame, right, type), type, expr.span);
}

function lowerCompare(frame: Frame, expr: Extract<SourceExpr, { kind: "compare" }>): Expr {
	let left = lowerExpr(frame, expr.first);
	let all: Expr | null = null;
	for (const [at, item] of expr.rest.entries()) {
		const right = lowerExpr(frame, item.right);
		if (at < expr.rest.length - 1 && !isStable(right))
			return refuse(frame, "a chain of comparisons with a computed middle", "Give the middle a name.", item.right.span);
		const one = compare(frame, item.op, left, right, expr.span);
		all = all ? logic("and", all, one, BOOL, expr.span) : one;
		left = right;
	}
	return all ?? bool(true, expr.span);
}

function lowerAttribute(frame: Frame, expr: Extract<SourceExpr, { kind: "attribute" }>): Expr {
	const path = dottedPath(expr);
	const head = path?.[0] ?? "";
	if (path && !frame.env.names.has(head) && !frame.slice.names.localsOf(frame.state.decl).has(head)) {
		const meaning = frame.slice.names.meaningOf(frame.module.name, path);
		if (meaning.kind !== "value" || meaning.rest.length === 0) return lowerGlobal(frame, path, expr);
	}
	const cursor = expr.of.kind === "name" ? staticOf(frame, expr.of) : null;
	if (cursor?.kind === "cursor") {
		const name = expr.name === "lastrowid" ? cursor.rowId : expr.name === "rowcount" ? cursor.rowCount : null;
		if (name) return local(name, { kind: "int" }, expr.span);
	}
	const raw = lowerExpr(frame, expr.of);
	const self = raw.type.kind === "optional" ? op("optional.get", raw.type.of, [raw], raw.span, { spec: "AttributeError" }) : raw;
	if (self.type.kind === "any") return { ...self, type: ANY };
	if (self.type.kind === "exception") {
		const field = fieldOf(frame, self, expr.name, expr.span);
		if (field) return field;
	}
	return (
		attribute(self, expr.name, expr.span) ??
		refuse(frame, `the attribute ${expr.name} of ${showType(self.type)}`, "Use plain values.", expr.span)
	);
}

function lowerSubscript(frame: Frame, expr: Extract<SourceExpr, { kind: "subscript" }>): Expr {
	const { span } = expr;
	const fused = fusedCall(frame, expr);
	if (fused) return fused;
	if (frame.state.route && expr.of.kind === "name" && frame.state.requests.has(expr.of.name) && expr.index.kind === "string") {
		if (expr.index.value === "method") return str(frame.state.route.method, span);
		if (expr.index.value === "path") return str(frame.state.route.path, span);
	}
	const self = present(lowerExpr(frame, expr.of));
	const result = item(frame, self, expr);
	const key = pathKey(expr);
	const narrowed = key === null ? undefined : frame.env.paths.get(key);
	return narrowed ? { ...result, type: narrowed } : result;
}

function item(frame: Frame, self: Expr, expr: Extract<SourceExpr, { kind: "subscript" }>): Expr {
	const { span, index } = expr;
	const type: Kind = self.type;
	const at = constantInt(frame, index);
	if (index.kind === "slice") {
		if (index.step) return refuse(frame, "a slice with a step", "Use reversed(), or a loop.", index.span);
		const bound = (source: SourceExpr | null): Expr => (source ? asInt(frame, lowerExpr(frame, source)) : none(span));
		const args = [self, bound(index.from), bound(index.to)];
		if (type.kind === "str") return op("str.slice", STR, args, span);
		if (type.kind === "list") return op("list.slice", type, args, span);
		if (type.kind === "any") return self;
		return refuse(frame, `a slice of ${showType(type)}`, "Slice text or a list.", span);
	}
	switch (type.kind) {
		case "any":
			lowerExpr(frame, index);
			return { ...self, type: ANY };
		case "row": {
			const name =
				index.kind === "string" ? index.value : at !== null ? (type.columns[at < 0 ? at + type.columns.length : at]?.name ?? null) : null;
			// sqlite3.Row compares names without regard to case.
			const found = type.columns.find((item) => item.name.toLowerCase() === name?.toLowerCase());
			if (!found) return refuse(frame, `the column ${name ?? "(computed)"} of a row without it`, "Name a column of the SELECT.", span);
			if (found.type.kind === "any")
				return refuse(
					frame,
					`the column ${found.name}, whose type the schema does not tell`,
					"Name the columns in the SELECT, or add CAST.",
					span,
				);
			return column(self, found.name, found.type, span);
		}
		case "record": {
			const field = index.kind === "string" ? type.fields.find((item) => item.name === index.value) : undefined;
			if (!field) return refuse(frame, "a computed or unknown key of a record", "Use a constant key that the record has.", span);
			return { kind: "field", id: "", type: field.type, span, record: self, name: field.name };
		}
		case "dict": {
			const key = lowerExpr(frame, index);
			if (key.type.kind !== type.key.kind && key.type.kind !== "any" && type.key.kind !== "any") {
				return refuse(frame, `a key of type ${showType(key.type)} in ${showType(type)}`, "Use keys of one type.", span);
			}
			return op("dict.at", type.value, [self, key], span);
		}
		case "tuple": {
			const place = at !== null && at < 0 ? at + type.items.length : at;
			const of = place === null ? undefined : type.items[place];
			if (of && place !== null) return op("tuple.at", of, [self, int(place, index.span)], span);
			const list = asList(frame, self);
			return op("list.at", list.item, [list.expr, asInt(frame, lowerExpr(frame, index))], span);
		}
		case "list":
			return op("list.at", type.of, [self, asInt(frame, lowerExpr(frame, index))], span);
		case "str":
			return op("str.at", STR, [self, asInt(frame, lowerExpr(frame, index))], span);
		default:
			return refuse(frame, `an item of ${showType(type)}`, "Take items of lists, dicts, rows and text.", span);
	}
}

/** `con.execute(...).fetchone()`, `.fetchall()`, and fetches on a cursor that was named before. */
export function lowerFetch(frame: Frame, expr: SourceExpr): Expr | null {
	if (expr.kind !== "call" || expr.callee.kind !== "attribute") return null;
	const { name, of } = expr.callee;
	const fetch = name === "fetchone" ? "one" : name === "fetchall" ? "all" : null;
	if (!fetch) return null;
	const call = executeCall(of);
	if (call?.callee.kind === "attribute") {
		const connection = connectionOf(frame, call.callee.of);
		if (!connection) return null;
		const done = execute(frame, call, connection, fetch);
		return done.kind === "value"
			? { ...done.expr, span: done.expr.span }
			: refuse(frame, "a fetch from BEGIN, COMMIT or ROLLBACK", "Run it as a statement.", expr.span);
	}
	const fixed = staticOf(frame, of);
	if (fixed?.kind !== "cursor") return null;
	if (!fixed.rows) return refuse(frame, `a ${name}() without a SELECT before it`, "Fetch right after execute().", expr.span);
	const binding = frame.env.names.get(fixed.rows);
	const type = binding && binding !== "ambiguous" ? typeOfName(frame, fixed.rows, binding) : ANY;
	return local(fixed.rows, type, expr.span);
}

/** The connection behind a receiver of `execute`: itself, or the one of its cursor. */
export function connectionOf(frame: Frame, source: SourceExpr): Expr | null {
	const fixed = staticOf(frame, source);
	if (fixed?.kind === "cursor") return fixed.connection;
	const expr = present(lowerExpr(frame, source));
	return expr.type.kind === "connection" || expr.type.kind === "any" ? expr : null;
}

/** Rows of an `execute` that is walked over directly. */
export function lowerIterable(frame: Frame, source: SourceExpr): Expr {
	const call = executeCall(source);
	if (call?.callee.kind === "attribute") {
		const connection = connectionOf(frame, call.callee.of);
		const done = connection ? execute(frame, call, connection, "all") : null;
		if (done?.kind === "value") return done.expr;
	}
	const fixed = staticOf(frame, source);
	if (fixed?.kind === "cursor" && fixed.rows) {
		const binding = frame.env.names.get(fixed.rows);
		if (binding && binding !== "ambiguous") return local(fixed.rows, typeOfName(frame, fixed.rows, binding), source.span);
	}
	return lowerExpr(frame, source);
}

function lowerComprehension(frame: Frame, expr: Extract<SourceExpr, { kind: "comprehension" }>): Expr {
	if (expr.form === "set") return refuse(frame, "a set comprehension", "Use a list.", expr.span);
	const { form } = expr;
	return conditionally(frame, cloneEnv(frame.env), () => {
		const clauses: Clause[] = [];
		for (const clause of expr.clauses) {
			const { expr: iterable, item: of } = asList(frame, lowerIterable(frame, clause.iterable));
			const target = bindTarget(frame, clause.target, of);
			const tests: Expr[] = [];
			for (const test of clause.tests) {
				tests.push(lowerTest(frame, test));
				narrow(frame, test, true);
			}
			clauses.push({ target, iterable, tests });
		}
		const element = lowerExpr(frame, expr.element);
		const key = expr.key ? lowerExpr(frame, expr.key) : undefined;
		const type = key ? dictOf(key.type, element.type) : listOf(element.type);
		return { kind: "comprehension", id: "", type, span: expr.span, form, element, clauses, ...(key ? { key } : {}) };
	});
}

/** Binds the names of a loop's or assignment's target to the parts of a type. */
export function bindTarget(frame: Frame, target: SourceExpr, type: Kind): Target {
	if (target.kind === "name") {
		const bound = bind(frame, target.name, type);
		return { kind: "name", name: bound.ir, type: bound.type };
	}
	if (target.kind === "tuple" || target.kind === "list") {
		const parts: (Kind | null)[] = target.items.map((_, at) =>
			type.kind === "tuple" && type.items.length === target.items.length ? (type.items[at] ?? ANY) : type.kind === "any" ? ANY : null,
		);
		if (parts.includes(null))
			refuse(
				frame,
				`${target.items.length} names for ${showType(type)}`,
				"Unpack a tuple of that size, or take the items one by one.",
				target.span,
			);
		return { kind: "unpack", items: target.items.map((item, at) => bindTarget(frame, item, parts[at] ?? ANY)) };
	}
	refuse(frame, `an assignment to ${target.kind}`, "Assign to names.", target.span);
	return { kind: "name", name: "_", type: ANY };
}
