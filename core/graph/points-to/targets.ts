import type { SourceExpr } from "../program.ts";
import { store } from "./attributes.ts";
import { readElement, writeElement } from "./containers.ts";
import { type Frame, given, objectOf } from "./engine.ts";
import { NOTHING, union, type Values } from "./heap.ts";
import { writeName } from "./lookup.ts";
import { keyIn, position, special } from "./places.ts";

/** Gives a value to a target: a name, an attribute, an element, or several of these at once. */
export function assignTo(frame: Frame, target: SourceExpr, values: Values): void {
	switch (target.kind) {
		case "name":
			writeName(frame, target.name, values);
			return;
		case "attribute":
			store(frame, frame.engine.evaluate(frame, target.of), target.name, values);
			return;
		case "subscript": {
			const of = frame.engine.evaluate(frame, target.of);
			const index = frame.engine.evaluate(frame, target.index);
			special(frame, of, "__setitem__", "", given(index, values));
			if (target.index.kind === "slice") {
				for (const value of values) writeElement(frame, of, null, readElement(frame, value, null));
				return;
			}
			writeElement(frame, of, keyIn(frame, index), values);
			return;
		}
		case "tuple":
		case "list": {
			const star = target.items.findIndex((item) => item.kind === "star");
			for (const [at, item] of target.items.entries()) {
				if (item.kind === "star") {
					rest(frame, item.of, values, at, target.items.length - at - 1);
					continue;
				}
				const key = star >= 0 && at > star ? `n:-${target.items.length - at}` : `n:${at}`;
				assignTo(frame, item, union(...[...values].map((value) => elementAt(frame, value, key))));
			}
			return;
		}
		case "star":
			assignTo(frame, target.of, values);
			return;
		case "opaque":
			for (const part of target.parts) assignTo(frame, part, NOTHING);
			return;
		default:
			frame.engine.evaluate(frame, target);
	}
}

function elementAt(frame: Frame, value: number, key: string): Values {
	const object = objectOf(frame, value);
	if (object.kind === "external") return new Set([value]);
	return object.kind === "container" ? readElement(frame, value, position(key, object.length)) : NOTHING;
}

/** `*names` takes what the others leave. */
function rest(frame: Frame, target: SourceExpr, values: Values, before: number, after: number): void {
	const made = frame.engine.heap.intern(`container ${frame.body} rest ${target.span.line}:${target.span.column}`, () => ({
		kind: "container",
		type: "list",
		owner: frame.body,
		length: null,
	}));
	frame.flow?.contents.set(made, new Map());
	const into = new Set([made]);
	for (const value of values) {
		const object = objectOf(frame, value);
		if (object.kind !== "container") continue;
		if (object.length === null) writeElement(frame, into, null, readElement(frame, value, null));
		else
			for (let at = before; at < object.length - after; at++)
				writeElement(frame, into, `n:${at - before}`, readElement(frame, value, `n:${at}`));
	}
	writeName(frame, target.kind === "name" ? target.name : "", into);
}
