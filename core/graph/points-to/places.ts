import type { SourceExpr } from "../program.ts";
import { readElement } from "./containers.ts";
import { type Arguments, type Frame, noArguments, objectOf, only } from "./engine.ts";
import { NOTHING, union, type Value, type Values } from "./heap.ts";

/** The name of what an expression makes, where it stands. */
export function placeOf(frame: Frame, expr: SourceExpr): string {
	const { places } = frame.engine;
	const known = places.get(expr);
	if (known !== undefined) return known;
	const { line, column, endLine, endColumn } = expr.span;
	const made = `container ${frame.body} ${line}:${column}:${endLine}:${endColumn}`;
	places.set(expr, made);
	return made;
}

/** The key that these values are, when they are one constant. */
export function keyIn(frame: Frame, values: Values): string | null {
	const keys = keysIn(frame, values);
	return keys?.length === 1 ? (keys[0] ?? null) : null;
}

function keysIn(frame: Frame, values: Values): string[] | null {
	const keys: string[] = [];
	for (const value of values) {
		const object = objectOf(frame, value);
		if (object.kind !== "constant") return null;
		keys.push(object.key);
	}
	return keys.length > 0 ? keys : null;
}

/** The element at an index, or all when the index may be anything. */
export function readAt(frame: Frame, container: Value, index: Values): Values {
	const object = objectOf(frame, container);
	const length = object.kind === "container" ? object.length : null;
	const keys = keysIn(frame, index);
	return keys ? union(...keys.map((key) => readElement(frame, container, position(key, length)))) : readElement(frame, container, null);
}

/** A negative place counts from the end, where the end is known. */
export function position(key: string | null, length: number | null): string | null {
	if (!key?.startsWith("n:-")) return key;
	return length === null ? null : `n:${length - Number(key.slice(3))}`;
}

/** The methods that an operation stands for, of the classes of the program only. */
export function special(frame: Frame, values: Values, name: string, instead = "", args: Arguments = noArguments): Values {
	const results: Values[] = [];
	for (const value of values) {
		if (objectOf(frame, value).kind !== "instance") continue;
		for (const method of [name, instead]) {
			const found = method === "" ? NOTHING : ofProgram(frame, frame.engine.load(frame, only(value), method));
			if (found.size === 0) continue;
			results.push(frame.engine.call(frame, found, args, method));
			break;
		}
	}
	return union(...results);
}

const ofProgram = (frame: Frame, values: Values): Values => new Set([...values].filter((value) => objectOf(frame, value).kind === "bound"));
