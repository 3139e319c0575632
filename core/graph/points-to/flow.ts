import { NOTHING, union, type Value, type Values } from "./heap.ts";

/**
 * What is known at one point of a body: its own variables, and the contents of containers that this body alone writes. An assignment
 * replaces; where paths meet, both remain. Null stands for a point that nothing reaches.
 */
export type Flow = { vars: Map<string, Values>; contents: Map<Value, Map<string, Values>> };

export const emptyFlow = (): Flow => ({ vars: new Map(), contents: new Map() });

export function copyFlow(flow: Flow): Flow {
	return { vars: new Map(flow.vars), contents: new Map([...flow.contents].map(([value, keys]) => [value, new Map(keys)])) };
}

export function joinFlows(a: Flow | null, b: Flow | null): Flow | null {
	if (a === null || b === null) return a ?? b;
	const vars = new Map(a.vars);
	for (const [name, values] of b.vars) vars.set(name, union(vars.get(name) ?? NOTHING, values));
	const contents = new Map(a.contents);
	for (const [value, keys] of b.contents) {
		const own = contents.get(value);
		if (!own) contents.set(value, keys);
		else {
			const merged = new Map(own);
			for (const [key, values] of keys) merged.set(key, union(merged.get(key) ?? NOTHING, values));
			contents.set(value, merged);
		}
	}
	return { vars, contents };
}

export function sameFlow(a: Flow, b: Flow): boolean {
	if (a.vars.size !== b.vars.size || a.contents.size !== b.contents.size) return false;
	for (const [name, values] of a.vars) if ((b.vars.get(name) ?? NOTHING).size !== values.size) return false;
	for (const [value, keys] of a.contents) {
		const other = b.contents.get(value);
		if (!other || other.size !== keys.size) return false;
		for (const [key, values] of keys) if ((other.get(key) ?? NOTHING).size !== values.size) return false;
	}
	return true;
}
