import type { Expr, Span } from "../contract/ir.ts";
import { type ClassDecl, dottedPath, type SourceExpr } from "../graph/index.ts";
import { type ExceptionState, type Frame, grow, refuse } from "./frame.ts";
import { none, str } from "./nodes.ts";
import { binary } from "./operators.ts";
import { ANY } from "./types.ts";

/** How a class of exceptions is built: what each field and the message are, in terms of the constructor's parameters. */
type Shape = {
	params: { name: string; default: SourceExpr | null }[];
	fields: Map<string, SourceExpr>;
	message: SourceExpr | null;
	problem: string | null;
	viaParent: boolean;
};

/** The id of a caught or raised type: a class of the project, or a builtin's name. Null when it is not an exception class. */
export function exceptionId(frame: Frame, type: SourceExpr): { id: string; decl: ClassDecl | null } | null {
	const path = dottedPath(type);
	const meaning = path ? frame.slice.names.meaningOf(frame.module.name, path) : null;
	if (meaning?.kind === "class" && meaning.rest.length === 0) return { id: meaning.decl.id, decl: meaning.decl };
	if (meaning?.kind === "external") return { id: meaning.path.replace(/^builtins\./, ""), decl: null };
	return null;
}

/** Adds a class, and its bases, to the blueprint's exceptions. */
export function exceptionState(frame: Frame, decl: ClassDecl): ExceptionState {
	const known = frame.slice.exceptions.get(decl.id);
	if (known) return known;
	const shape = shapeOf(frame, decl);
	if (shape.problem) refuse(frame, `the constructor of ${decl.id}: ${shape.problem}`, "Let it only store its arguments.", decl.span);
	const fields = [...shape.fields.keys()].map((name) => ({ name, type: ANY }));
	const [base] = decl.bases;
	const path = base ? dottedPath(base) : null;
	const meaning = path ? frame.slice.names.meaningOf(decl.module, path) : null;
	const state: ExceptionState = { id: decl.id, base: "Exception", fields, span: decl.span };
	// Bases first, so that a back end can declare them in this order.
	if (meaning?.kind === "class") state.base = exceptionState(frame, meaning.decl).id;
	else if (meaning?.kind === "external") state.base = meaning.path.replace(/^builtins\./, "");
	frame.slice.exceptions.set(decl.id, state);
	return state;
}

/** One argument for each field of the exception, in order. */
export function raiseArguments(
	frame: Frame,
	decl: ClassDecl,
	args: SourceExpr[],
	keywords: { name: string; value: SourceExpr }[],
	span: Span,
): Expr[] {
	const state = exceptionState(frame, decl);
	if (!frame.slice.raised.has(decl.id)) {
		frame.slice.raised.add(decl.id);
		frame.slice.changed = true;
	}
	const shape = shapeOf(frame, decl);
	const given = new Map<string, Expr>();
	shape.params.forEach((param, at) => {
		const source = args[at] ?? keywords.find((keyword) => keyword.name === param.name)?.value ?? param.default;
		if (source) given.set(param.name, frame.lower(source));
	});
	if (args.length > shape.params.length)
		refuse(frame, `${args.length} arguments for ${decl.name}`, "Give what the constructor takes.", span);
	return state.fields.map((field) => {
		const source = shape.fields.get(field.name);
		const value = source ? substitute(frame, source, given) : none(span);
		field.type = grow(frame, field.type, value.type, `the field ${field.name} of ${decl.name}`, span);
		return value;
	});
}

/** str(e). */
export function messageOf(frame: Frame, exception: Expr, span: Span): Expr {
	const id = exception.type.kind === "exception" ? exception.type.id : "";
	const decl = frame.slice.names.class(id);
	const shape = decl ? shapeOf(frame, decl) : null;
	// What is caught may be of a class below, whose message may be another one.
	const below = frame.slice.program.modules
		.flatMap((module) => module.classes)
		.filter((other) => other.id !== id && frame.slice.names.lineage(other.id).classes.some((item) => item.id === id));
	const differing = below.find(
		(other) => other.methods.some((item) => item.name === "__init__" || item.name === "__str__") && !shapeOf(frame, other).viaParent,
	);
	if (differing)
		return refuse(
			frame,
			`the text of ${id}, which ${differing.id} makes differently`,
			"Store the text in a field of the exception and use that.",
			span,
		);
	if (!shape?.message)
		return refuse(frame, `the text of ${id || "an exception"}`, "Store the text in a field of the exception and use that.", span);
	const given = new Map<string, Expr>();
	for (const [name, source] of shape.fields) {
		if (source.kind === "name") given.set(source.name, fieldOf(frame, exception, name, span) ?? none(span));
	}
	return substitute(frame, shape.message, given);
}

/** `e.code`, or null when there is no such field. */
export function fieldOf(frame: Frame, exception: Expr, name: string, span: Span): Expr | null {
	const id = exception.type.kind === "exception" ? exception.type.id : "";
	const field = frame.slice.exceptions.get(id)?.fields.find((item) => item.name === name);
	return field ? { kind: "exceptionField", id: "", type: field.type, span, exception, name } : null;
}

function substitute(frame: Frame, source: SourceExpr, given: ReadonlyMap<string, Expr>): Expr {
	if (source.kind === "name") {
		const value = given.get(source.name);
		if (value) return value;
	}
	if (source.kind === "string") return str(source.value, source.span);
	if (source.kind === "number" || source.kind === "literal") return frame.lower(source);
	if (source.kind === "binary")
		return binary(frame, source.op, substitute(frame, source.left, given), substitute(frame, source.right, given), source.span);
	return refuse(frame, "a computed field of an exception", "Let the constructor only store its arguments.", source.span);
}

function shapeOf(frame: Frame, decl: ClassDecl): Shape {
	const init = frame.slice.names.method(decl.id, "__init__");
	const { classes } = frame.slice.names.lineage(decl.id);
	const fields = new Map<string, SourceExpr>();
	for (const owner of [...classes].reverse()) for (const attribute of owner.attributes) fields.set(attribute.name, attribute.value);
	const span = decl.span;
	if (!init) {
		const message: SourceExpr = { kind: "name", name: "message", span };
		fields.set("message", message);
		return { params: [{ name: "message", default: { kind: "string", value: "", span } }], fields, message, problem: null, viaParent: true };
	}
	const params = init.params.slice(1).map((param) => ({ name: param.name, default: param.default }));
	const self = init.params[0]?.name ?? "self";
	let message: SourceExpr | null = null;
	let problem: string | null = null;
	let viaParent = false;
	for (const stmt of init.body) {
		if (stmt.kind === "pass" || (stmt.kind === "expr" && stmt.value.kind === "string")) continue;
		const [target] = stmt.kind === "assign" ? stmt.targets : [];
		if (stmt.kind === "assign" && target?.kind === "attribute" && target.of.kind === "name" && target.of.name === self) {
			fields.set(target.name, stmt.value);
			continue;
		}
		const call = stmt.kind === "expr" && stmt.value.kind === "call" ? stmt.value : null;
		if (call?.callee.kind !== "attribute" || call.callee.name !== "__init__") {
			problem = `line ${stmt.span.line} does more than store a value`;
			continue;
		}
		const viaSuper = call.callee.of.kind === "call";
		const args = viaSuper ? call.args : call.args.slice(1);
		const parent = classes[1];
		if (!parent || !frame.slice.names.method(parent.id, "__init__")) {
			message = args.length === 1 ? (args[0] ?? null) : null;
			continue;
		}
		viaParent = true;
		const inherited = shapeOf(frame, parent);
		const given = new Map(inherited.params.map((param, at) => [param.name, args[at] ?? param.default]));
		const put = (source: SourceExpr): SourceExpr => {
			if (source.kind === "name") return given.get(source.name) ?? source;
			return source.kind === "binary" ? { ...source, left: put(source.left), right: put(source.right) } : source;
		};
		for (const [name, source] of inherited.fields) fields.set(name, put(source));
		message = inherited.message && put(inherited.message);
		problem ??= inherited.problem;
	}
	return { params, fields, message, problem, viaParent };
}
