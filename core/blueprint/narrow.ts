import type { SourceExpr } from "../graph/index.ts";
import { type Frame, typeOfName } from "./frame.ts";
import type { Kind } from "./types.ts";

/** `x`, `x["a"]`, `x[0]`: a place whose type can be narrowed by a test. Null for everything else. */
export function pathKey(expr: SourceExpr): string | null {
	if (expr.kind === "name") return expr.name;
	if (expr.kind !== "subscript") return null;
	const of = pathKey(expr.of);
	if (of === null) return null;
	if (expr.index.kind === "string") return `${of}[${JSON.stringify(expr.index.value)}]`;
	return expr.index.kind === "number" ? `${of}[${expr.index.text}]` : null;
}

/** Writes into the current environment what follows from a test being true or false. */
export function narrow(frame: Frame, test: SourceExpr, truth: boolean): void {
	switch (test.kind) {
		case "unary":
			if (test.op === "not") narrow(frame, test.of, !truth);
			return;
		case "logic":
			// Both sides are known only when `and` is true or `or` is false.
			if ((test.op === "and") === truth) {
				narrow(frame, test.left, truth);
				narrow(frame, test.right, truth);
			}
			return;
		case "compare": {
			const [only] = test.rest;
			if (!only || test.rest.length > 1) return;
			const isNone = (expr: SourceExpr) => expr.kind === "literal" && expr.value === null;
			const place = isNone(only.right) ? test.first : isNone(test.first) ? only.right : null;
			if (!place) {
				// Equal to a value that is not None: not None itself.
				if (only.op === "==" && truth && only.right.kind !== "name") present(frame, test.first);
				return;
			}
			if (only.op === "is" || only.op === "==") {
				if (!truth) present(frame, place);
			} else if ((only.op === "is not" || only.op === "!=") && truth) present(frame, place);
			return;
		}
		case "name":
		case "subscript":
			if (truth) present(frame, test);
			return;
		default:
	}
}

function present(frame: Frame, place: SourceExpr): void {
	const key = pathKey(place);
	if (key === null) return;
	if (place.kind === "name") {
		const binding = frame.env.names.get(place.name);
		if (!binding || binding === "ambiguous" || binding.fixed) return;
		const type = typeOfName(frame, place.name, binding);
		if (type.kind === "optional") frame.env.names.set(place.name, { ...binding, narrowed: type.of });
		return;
	}
	const type: Kind = frame.lower(place).type;
	if (type.kind === "optional") frame.env.paths.set(key, type.of);
}
