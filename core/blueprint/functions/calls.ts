import type { FArg, FExpr, ValueType } from "../../contract/function-ir.ts";
import type { SourceExpr } from "../../graph/index.ts";
import { type Frame, meaningOf } from "./draft.ts";
import { attribute, checkMember, NONE } from "./parts.ts";

type SourceCall = Extract<SourceExpr, { kind: "call" }>;

/** A call of a function of the unit, a builtin, a library function, a method, or of whatever a value is when it runs. */
export function lowerCall(frame: Frame, call: SourceCall): FExpr {
	const { span, callee } = call;
	const type: ValueType = "any";
	const meaning = meaningOf(frame, callee);
	const args = [...call.args.map((arg) => lowerArg(frame, arg)), ...call.keywords.map((keyword) => named(frame, keyword))];
	const method = (of: FExpr, name: string): FExpr => {
		checkMember(frame, of, name, "method", span);
		return { kind: "method", type, span, of, name, args };
	};
	if (meaning === null) {
		if (callee.kind === "attribute") return method(frame.lower(frame, callee.of), callee.name);
		return { kind: "call", type, span, callee: frame.lower(frame, callee), args };
	}
	const { found, rest } = meaning;
	const name = rest.at(-1);
	if (found.kind === "foreign" || found.kind === "unknown") {
		frame.lower(frame, callee);
		return NONE(span);
	}
	if (name === undefined) {
		if (found.kind === "builtin") return { kind: "builtin", type, span, name: found.name, args };
		if (found.kind === "library") return { kind: "library", type, span, name: found.name, args };
		return { kind: "call", type, span, callee: frame.lower(frame, callee), args };
	}
	const base: FExpr =
		found.kind === "builtin"
			? { kind: "builtinValue", type, span, name: found.name }
			: found.kind === "library"
				? { kind: "libraryValue", type, span, name: found.name }
				: { kind: "name", type, span, name: found.name, scope: found.scope, unbound: false };
	let of: FExpr = base;
	for (const part of rest.slice(0, -1)) of = attribute(frame, of, part, span);
	return method(of, name);
}

function lowerArg(frame: Frame, arg: SourceExpr): FArg {
	if (arg.kind === "star") return { form: arg.form, name: "", value: frame.lower(frame, arg.of) };
	return { form: "plain", name: "", value: frame.lower(frame, arg) };
}

const named = (frame: Frame, keyword: { name: string; value: SourceExpr }): FArg => ({
	form: "keyword",
	name: keyword.name,
	value: frame.lower(frame, keyword.value),
});
