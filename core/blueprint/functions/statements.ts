import type { BinaryOp, FFunction, FStmt } from "../../contract/function-ir.ts";
import type { ClassDecl, FunctionDecl, SourceStmt } from "../../graph/index.ts";
import { type Frame, refuse } from "./draft.ts";
import { lower } from "./expressions.ts";
import { localsOf, lowerParams } from "./parts.ts";
import { functionScope, yields } from "./scopes.ts";
import { lowerTarget, nameTarget } from "./targets.ts";

export function lowerBody(frame: Frame, body: readonly SourceStmt[]): FStmt[] {
	return body.flatMap((stmt) => lowerStatement(frame, stmt));
}

function lowerStatement(frame: Frame, stmt: SourceStmt): FStmt[] {
	const { span } = stmt;
	const block = (inner: readonly SourceStmt[]) => lowerBody(frame, inner);
	const refused = (construct: string, why: string, instead: string): FStmt[] => {
		refuse(frame, construct, why, instead, span);
		return [];
	};
	switch (stmt.kind) {
		case "assign": {
			const value = lower(frame, stmt.value);
			return [{ kind: "assign", targets: stmt.targets.map((target) => lowerTarget(frame, target)), value, span }];
		}
		case "augment": {
			if (stmt.op === "@") return refused("the operator @=", "only foreign classes know it", "Write the calculation.");
			const target = lowerTarget(frame, stmt.target);
			return [{ kind: "augment", target, op: stmt.op as BinaryOp, value: lower(frame, stmt.value), span }];
		}
		case "expr":
			if (stmt.value.kind === "string" || stmt.value.kind === "ellipsis") return [];
			return [{ kind: "expr", value: lower(frame, stmt.value), span }];
		case "if":
			return [{ kind: "if", test: lower(frame, stmt.test), then: block(stmt.then), otherwise: block(stmt.otherwise), span }];
		case "while":
			return [{ kind: "while", test: lower(frame, stmt.test), body: block(stmt.body), otherwise: block(stmt.otherwise), span }];
		case "for": {
			const iterable = lower(frame, stmt.iterable);
			const target = lowerTarget(frame, stmt.target);
			return [{ kind: "forEach", target, iterable, body: block(stmt.body), otherwise: block(stmt.otherwise), span }];
		}
		case "try": {
			const handlers = stmt.handlers.map((handler) => ({
				types: handler.types.map((type) => lower(frame, type)),
				name: handler.name === null ? null : nameTarget(frame, handler.name).name,
				body: block(handler.body),
				span: handler.span,
			}));
			return [{ kind: "try", body: block(stmt.body), handlers, otherwise: block(stmt.otherwise), finally: block(stmt.finally), span }];
		}
		case "return":
			return [{ kind: "return", value: stmt.value && lower(frame, stmt.value), span }];
		case "raise":
			return [{ kind: "raise", value: stmt.value && lower(frame, stmt.value), cause: stmt.cause && lower(frame, stmt.cause), span }];
		case "assert":
			return [{ kind: "assert", test: lower(frame, stmt.test), message: stmt.message && lower(frame, stmt.message), span }];
		case "delete":
			return stmt.targets.map((target): FStmt => ({ kind: "delete", target: lowerTarget(frame, target), span }));
		case "function":
			return lowerFunction(frame, stmt.decl);
		case "class":
			return lowerClass(frame, stmt.decl);
		case "break":
		case "continue":
			return [{ kind: stmt.kind, span }];
		case "with":
			return refused("with", "what it opens is outside of a function's values", "Open it outside, and pass what is read.");
		case "opaque":
			return refused(stmt.what, "it is not modelled", "Write it with plain statements.");
		case "global":
		case "nonlocal":
		case "import":
		case "pass":
			return [];
	}
}

/** A decorator is a call of what it names with the function, from the inside out. */
function lowerFunction(frame: Frame, decl: FunctionDecl): FStmt[] {
	const { span } = decl;
	const target = nameTarget(frame, decl.name);
	const decorators = decl.decorators.map((decorator) => lower(frame, decorator));
	const made: FStmt[] = [{ kind: "function", fn: { ...functionOf(frame, decl), name: target.name }, span }];
	const own = { kind: "name", type: "any", span, name: target.name, scope: target.scope, unbound: false } as const;
	for (const callee of decorators.reverse()) {
		const value = { kind: "call", type: "any", span, callee, args: [{ form: "plain", name: "", value: own }] } as const;
		made.push({ kind: "assign", targets: [target], value: { ...value, args: [...value.args] }, span });
	}
	return made;
}

export function functionOf(frame: Frame, decl: FunctionDecl): FFunction {
	if (decl.async)
		refuse(frame, `the coroutine ${decl.name}`, "the event loop is not part of a function", "Make it synchronous.", decl.span);
	const scope = functionScope(frame.scope, decl.params, decl.body, null);
	const inner: Frame = { ...frame, scope };
	const params = lowerParams(frame, decl.params);
	const body = lowerBody(inner, decl.body);
	return { name: decl.name, params, locals: localsOf(scope), isGenerator: yields(decl), body, comment: decl.comment, span: decl.span };
}

function lowerClass(frame: Frame, decl: ClassDecl): FStmt[] {
	const { span } = decl;
	const refused = (construct: string) =>
		refuse(frame, `${construct} of the class ${decl.name}`, "it changes how the class is made", "Use plain methods and attributes.", span);
	if (decl.decorators.length > 0) refused("a decorator");
	if (decl.keywords.length > 0) refused("a keyword");
	if (frame.scope.kind !== "module") refused("the nesting");
	const methods: FFunction[] = [];
	const attributes: { name: string; value: ReturnType<typeof lower> }[] = [];
	for (const stmt of decl.body) {
		if (stmt.kind === "function") {
			if (stmt.decl.decorators.length > 0) refused(`a decorated method`);
			methods.push(functionOf(frame, stmt.decl));
		} else if (stmt.kind === "assign" && stmt.targets.every((target) => target.kind === "name")) {
			const value = lower(frame, stmt.value);
			for (const target of stmt.targets) if (target.kind === "name") attributes.push({ name: target.name, value });
		} else if (stmt.kind !== "pass" && !(stmt.kind === "expr" && (stmt.value.kind === "string" || stmt.value.kind === "ellipsis")))
			refused(`a statement (${stmt.kind})`);
	}
	const bases = decl.bases.map((base) => lower(frame, base));
	return [{ kind: "class", name: nameTarget(frame, decl.name).name, bases, attributes, methods, span }];
}
