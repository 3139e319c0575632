import type { FExpr, FTarget, ValueType } from "../../../../contract/function-ir.ts";
import { code, plain, told } from "./code.ts";
import { type Code, type Frame, freshName, helper, typeOfName, typeText } from "./context.ts";
import { bindings, mentionedNames } from "./declarations.ts";

export function variableType(frame: Frame, target: Extract<FTarget, { kind: "name" }>): ValueType {
	if (target.scope !== "module") return typeOfName(frame, target.name);
	let at = frame;
	while (at.parent) at = at.parent;
	return at.types.get(target.name) ?? "any";
}

/** Gives `value` to a target. */
export function assignLines(frame: Frame, target: FTarget, value: Code, source: FExpr | null, declares = false): string[] {
	switch (target.kind) {
		case "name":
			return [`${frame.unit.names(target.name)} = ${told(frame, value, variableType(frame, target)).text};`];
		case "index":
			// The value comes before the container and its index; a plain helper call keeps that order where they are names.
			return ordered(frame, value, source, [target.of, target.index], (made) => {
				return `${helper(frame, "setItem")}(${plain(frame, target.of)}, ${plain(frame, target.index)}, ${made});`;
			});
		case "slice": {
			const bounds = [target.from, target.to, target.step];
			return ordered(frame, value, source, [target.of, ...bounds.filter((part) => part !== null)], (made) => {
				const texts = bounds.map((part) => (part ? plain(frame, part) : "null"));
				return `${helper(frame, "setSlice")}(${plain(frame, target.of)}, ${texts.join(", ")}, ${made});`;
			});
		}
		case "attribute":
			return ordered(frame, value, source, [target.of], (made) => {
				return `${helper(frame, "setAttribute")}(${plain(frame, target.of)}, ${JSON.stringify(target.name)}, ${made});`;
			});
		case "unpack":
			return unpackLines(frame, target, value, declares);
	}
}

export const isSimple = (expr: FExpr): boolean =>
	expr.kind === "const" ||
	(expr.kind === "name" && !expr.unbound) ||
	(expr.kind === "unary" && isSimple(expr.of)) ||
	(expr.kind === "binary" && expr.type === "int" && isSimple(expr.left) && isSimple(expr.right));

function ordered(frame: Frame, value: Code, source: FExpr | null, parts: readonly FExpr[], make: (made: string) => string): string[] {
	const isHeld = source === null || source.kind === "const";
	if (isHeld || parts.every(isSimple)) return [make(value.text)];
	const held = freshName(frame, "value");
	return [`const ${held}: ${typeText(frame, value.type)} = ${value.text};`, make(held)];
}

function unpackLines(frame: Frame, target: Extract<FTarget, { kind: "unpack" }>, value: Code, declares: boolean): string[] {
	const { items, star } = target;
	if (star !== null) {
		const parts = freshName(frame, "parts");
		const after = items.length - star - 1;
		const lines = items.flatMap((item, at) => {
			const text = at < star ? `${parts}.first[${at}] ?? null` : at === star ? `${parts}.rest` : `${parts}.last[${at - star - 1}] ?? null`;
			return assignLines(frame, item, code(text, at === star ? 18 : 3, at === star ? "list" : "any"), null);
		});
		return [`const ${parts} = ${helper(frame, "unpackRest")}(${value.text}, ${star}, ${after});`, ...lines];
	}
	const unpacked = `${helper(frame, "unpack")}(${value.text}, ${items.length})`;
	if (items.every((item) => item.kind === "name")) {
		const types = items.map((item) => typeText(frame, item.kind === "name" ? variableType(frame, item) : "any")).join(", ");
		const names = items.map((item) => (item.kind === "name" ? frame.unit.names(item.name) : "")).join(", ");
		if (!declares) return [`[${names}] = ${unpacked} as [${types}];`];
		const own = bindings(frame.fn?.body ?? []);
		const keyword = items.some((item) => item.kind === "name" && (own.get(item.name) ?? 0) > 1) ? "let" : "const";
		return [`${keyword} [${names}] = ${unpacked} as [${types}];`];
	}
	const held = items.map(() => freshName(frame, "value"));
	const types = items.map(() => typeText(frame, "any")).join(", ");
	const lines = items.flatMap((item, at) => assignLines(frame, item, code(held[at] ?? ""), null));
	return [`const [${held.join(", ")}] = ${unpacked} as [${types}];`, ...lines];
}

/** The head of a loop, and the lines at the start of each round that bind the target. */
export function loopHead(
	frame: Frame,
	target: FTarget,
	iterable: string,
	declares: boolean,
	source: FExpr,
	keyword = "const",
): { line: string; first: string[] } {
	if (target.kind === "name" && declares) return { line: `for (${keyword} ${frame.unit.names(target.name)} of ${iterable}) {`, first: [] };
	const held = freshName(frame, "item");
	const type: ValueType = source.type === "range" ? "int" : source.type === "str" ? "str" : "any";
	const value = code(held, 18, type);
	if (target.kind === "unpack" && declares && target.star === null && target.items.every((item) => item.kind === "name")) {
		const names = target.items.map((item) => (item.kind === "name" ? frame.unit.names(item.name) : "")).join(", ");
		const types = target.items.map((item) => typeText(frame, item.kind === "name" ? variableType(frame, item) : "any")).join(", ");
		const unpacked = `${helper(frame, "unpack")}(${held}, ${target.items.length})`;
		return { line: `for (const ${held} of ${iterable}) {`, first: [`${keyword} [${names}] = ${unpacked} as [${types}];`] };
	}
	const declared = declares
		? [...mentionedNames(target)].map((name) => `let ${frame.unit.names(name)}: ${typeText(frame, typeOfName(frame, name))};`)
		: [];
	return { line: `for (const ${held} of ${iterable}) {`, first: [...declared, ...assignLines(frame, target, value, null)] };
}
