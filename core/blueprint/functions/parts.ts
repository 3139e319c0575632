import type { FExpr, FLocal, FParam } from "../../contract/function-ir.ts";
import type { Constant, Span } from "../../contract/ir.ts";
import { pythonMethods } from "../../contract/python-library.ts";
import type { Parameter, SourceExpr } from "../../graph/index.ts";
import { type Frame, refuse } from "./draft.ts";
import type { Scope } from "./scopes.ts";

const methods = new Set(Object.values(pythonMethods).flatMap((names) => [...names]));
/** Data attributes of the values in the vocabulary. */
const attributes = new Set("args real imag numerator denominator start stop step maxlen default_factory maps pattern string".split(" "));

export const constant = (value: Constant, span: Span): FExpr => ({ kind: "const", type: value.kind, span, value });
export const NONE = (span: Span): FExpr => constant({ kind: "none" }, span);

export function attribute(frame: Frame, of: FExpr, name: string, span: Span): FExpr {
	if (!attributes.has(name)) checkMember(frame, of, name, "attribute", span);
	return { kind: "attribute", type: "any", span, of, name };
}

/** A name that no value could have is refused; whether the very value has it is found when it runs. */
export function checkMember(frame: Frame, of: FExpr, name: string, what: "method" | "attribute", span: Span): void {
	// None stands where something was refused already.
	if (methods.has(name) || frame.draft.members.has(name) || (of.kind === "const" && of.value.kind === "none")) return;
	refuse(frame, `the ${what} ${name}`, "no value of the vocabulary has it", "Pass what it gives as a parameter.", span);
}

export function localsOf(scope: Scope): FLocal[] {
	return scope.kind === "module" ? [] : [...scope.locals.values()];
}

export function lowerSlice(frame: Frame, slice: Extract<SourceExpr, { kind: "slice" }>) {
	const bound = (part: SourceExpr | null) => part && frame.lower(frame, part);
	return { from: bound(slice.from), to: bound(slice.to), step: bound(slice.step) };
}

/** Defaults belong to the frame around the function and are evaluated once. */
export function lowerParams(outer: Frame, params: readonly Parameter[]): FParam[] {
	return params.map((param) => ({ name: param.name, form: param.form, default: param.default && outer.lower(outer, param.default) }));
}
