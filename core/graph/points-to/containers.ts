import type { Frame } from "./engine.ts";
import { elementOf, NOTHING, type Obj, union, type Value, type Values } from "./heap.ts";

type ContainerType = Extract<Obj, { kind: "container" }>["type"];

/** The container that a place makes. Made anew by the body it belongs to, it holds nothing. */
export function makeContainer(frame: Frame, place: string, type: ContainerType, length: number | null = null): Value {
	const value = frame.engine.heap.intern(place, () => ({ kind: "container", type, owner: frame.body, length }));
	frame.flow?.contents.set(value, new Map());
	return value;
}

/**
 * What an operation makes of a container: one for each pair of place and source, but one for the place alone when the source was itself
 * derived. Else `rest = rest[1:]` in a loop would make new ones without end.
 */
export function deriveContainer(frame: Frame, place: string, source: Value, type: ContainerType, length: number | null = null): Value {
	const object = frame.engine.heap.object(source);
	const isDerived = object.kind === "container" && object.derived === true;
	const key = isDerived ? place : `${place} of ${source}`;
	const value = frame.engine.heap.intern(key, () => ({
		kind: "container",
		type,
		owner: frame.body,
		length: isDerived ? null : length,
		derived: true,
	}));
	frame.flow?.contents.set(value, new Map());
	return value;
}

/** `key` null: at a place that is not known. */
export function writeElement(frame: Frame, containers: Values, key: string | null, values: Values): void {
	const { heap } = frame.engine;
	for (const value of containers) {
		const object = heap.object(value);
		if (object.kind !== "container") continue;
		const name = key ?? "*";
		heap.addKey(value, name);
		heap.write(elementOf(value, name), values);
		if (object.owner !== frame.body) heap.write(`${value} foreign`, new Set([value]));
		const contents = frame.flow?.contents.get(value);
		if (!contents) continue;
		const strong = containers.size === 1 && key !== null;
		contents.set(name, strong ? values : union(contents.get(name) ?? NOTHING, values));
	}
}

export function readElement(frame: Frame, value: Value, key: string | null): Values {
	const { heap } = frame.engine;
	const contents = frame.flow?.contents.get(value);
	const object = heap.object(value);
	if (contents && object.kind === "container" && object.owner === frame.body && heap.read(`${value} foreign`).size === 0)
		return key === null ? union(...contents.values()) : union(contents.get(key) ?? NOTHING, contents.get("*") ?? NOTHING);
	if (key !== null) return union(heap.read(elementOf(value, key)), heap.read(elementOf(value, "*")));
	return union(...[...heap.keysOf(value)].map((name) => heap.read(elementOf(value, name))));
}

/** All that the containers among these hold. */
export function elementsOf(frame: Frame, values: Values): Values {
	return union(
		...[...values].filter((value) => frame.engine.heap.object(value).kind === "container").map((value) => readElement(frame, value, null)),
	);
}
