import { elementsOf, readElement, writeElement } from "./containers.ts";
import { type Frame, objectOf, only, plain } from "./engine.ts";
import { union, type Value, type Values } from "./heap.ts";
import { special } from "./places.ts";

export function copyElements(frame: Frame, from: Value, to: Values): void {
	if (objectOf(frame, from).kind !== "container") return;
	for (const key of frame.engine.heap.keysOf(from))
		writeElement(frame, to, key === "*" ? null : key, readElement(frame, from, key === "*" ? null : key));
}

/** What iterating over these gives, by their own protocol where the program has one. */
export function iterate(frame: Frame, values: Values): Values {
	const { heap } = frame.engine;
	const results: Values[] = [elementsOf(frame, new Set([...values].filter((value) => !isDict(frame, value))))];
	for (const value of values) {
		const object = heap.object(value);
		if (object.kind === "external") results.push(only(value));
		if (object.kind === "plain" || object.kind === "constant") results.push(only(plain(heap, object.type === "str" ? "str" : "int")));
		if (object.kind === "container" && object.type === "dict") results.push(only(plain(heap, "str")));
		if (object.kind !== "instance") continue;
		const iterators = special(frame, only(value), "__iter__");
		results.push(special(frame, iterators, "__next__", "next"), elementsOf(frame, iterators));
		if (iterators.size === 0) results.push(special(frame, only(value), "__getitem__"));
	}
	return union(...results);
}

const isDict = (frame: Frame, value: Value): boolean => {
	const object = objectOf(frame, value);
	return object.kind === "container" && object.type === "dict";
};
