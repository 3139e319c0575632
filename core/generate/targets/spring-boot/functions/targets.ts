import type { FExpr, FTarget, ValueType } from "../../../../contract/function-ir.ts";
import { code, plain, told } from "./code.ts";
import { type Code, call, type Frame, freshName, isBoxed, isUnbound, refuse, spelledName, typeOfName, typeText } from "./context.ts";

export function variableType(frame: Frame, target: Extract<FTarget, { kind: "name" }>): ValueType {
	return target.scope === "module" || isUnbound(frame, target.name) ? "any" : typeOfName(frame, target.name);
}

/** Gives `value` to a target; `declares`: its variables come into being here. */
export function assignLines(frame: Frame, target: FTarget, value: Code, source: FExpr | null, declares = false): string[] {
	switch (target.kind) {
		case "name":
			return [nameLine(frame, target, value, declares)];
		case "index":
			return ordered(value, source, [target.of, target.index], (made) => {
				return `${call("setItem", [plain(frame, target.of), plain(frame, target.index), made]).text};`;
			});
		case "slice": {
			const bounds = [target.from, target.to, target.step];
			return ordered(value, source, [target.of, ...bounds.filter((part) => part !== null)], (made) => {
				const texts = bounds.map((part) => (part ? plain(frame, part) : "null"));
				return `${call("setSlice", [plain(frame, target.of), ...texts, made]).text};`;
			});
		}
		case "attribute":
			return [refuse(frame, `the attribute ${target.name} as a target`, target.of.span).text];
		case "unpack":
			return unpackLines(frame, target, value, declares);
	}

	/** The value comes before the container and its index; a plain call keeps that order where they are names. */
	function ordered(made: Code, from: FExpr | null, parts: readonly FExpr[], write: (made: string) => string): string[] {
		if (from === null || from.kind === "const" || parts.every(isSimple)) return [write(made.text)];
		const held = freshName(frame, "value");
		return [`${typeText(made.type)} ${held} = ${made.text};`, write(held)];
	}
}

function nameLine(frame: Frame, target: Extract<FTarget, { kind: "name" }>, value: Code, declares: boolean): string {
	if (target.scope === "module") return `${frame.unit.names(target.name)} = ${value.text};`;
	const name = spelledName(frame, target.name);
	if (isBoxed(frame, target.name)) {
		if (declares) return `final Cell ${name} = new Cell(${value.text});`;
		return `${name}.value = ${value.text};`;
	}
	const type = variableType(frame, target);
	return `${declares ? `${typeText(type)} ` : ""}${name} = ${told(value, type).text};`;
}

export const isSimple = (expr: FExpr): boolean =>
	expr.kind === "const" ||
	(expr.kind === "name" && !expr.unbound) ||
	(expr.kind === "unary" && isSimple(expr.of)) ||
	(expr.kind === "binary" && expr.type === "int" && isSimple(expr.left) && isSimple(expr.right));

function unpackLines(frame: Frame, target: Extract<FTarget, { kind: "unpack" }>, value: Code, declares: boolean): string[] {
	const { items, star } = target;
	const parts = freshName(frame, "parts");
	const made =
		star === null
			? call("unpack", [value.text, String(items.length)])
			: call("unpackRest", [value.text, String(star), String(items.length - star - 1)]);
	const lines = items.flatMap((item, at) => assignLines(frame, item, code(`${parts}[${at}]`), null, declares));
	return [`Object[] ${parts} = ${made.text};`, ...lines];
}
