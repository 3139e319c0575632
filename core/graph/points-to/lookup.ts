import { builtinNames } from "./builtin-names.ts";
import type { Frame } from "./engine.ts";
import { builtin, only } from "./engine.ts";
import { fieldOf, NOTHING, type Scope, type Values } from "./heap.ts";

/** The cell of a name; a class's names are its attributes. */
export function variable(scope: Scope, name: string): string {
	const known = scope.keys.get(name);
	if (known !== undefined) return known;
	const made = scope.classValue === null ? `${scope.id}|${name}` : fieldOf(scope.classValue, name);
	scope.keys.set(name, made);
	return made;
}

/** The scope that a name belongs to where it is written. */
export function ownerOf(scope: Scope, name: string): Scope | null {
	for (let at: Scope | null = scope; at; at = at.parent) {
		if (at.kind === "class" && at !== scope) continue;
		const outer = at.outer.get(name);
		if (outer === "global") return moduleOf(at);
		if (outer === "nonlocal") continue;
		if (at.bound.has(name) || at.kind === "module") return at;
	}
	return null;
}

function moduleOf(scope: Scope): Scope {
	let at = scope;
	while (at.parent) at = at.parent;
	return at;
}

export function readName(frame: Frame, name: string): Values {
	const { engine } = frame;
	const owner = ownerOf(frame.scope, name);
	if (owner?.bound.has(name)) {
		const isShared = engine.shared.get(owner.id)?.has(name) ?? false;
		if (owner === frame.scope && !isShared) {
			const values = frame.flow?.vars.get(name);
			if (values) return values;
			if (owner.kind === "module") return builtinNames.has(name) ? only(builtin(engine.heap, name)) : NOTHING;
			if (owner.kind === "class" && owner.parent) return readName({ ...frame, scope: owner.parent, flow: null }, name);
		}
		return engine.heap.read(variable(owner, name));
	}
	const starred = owner ? engine.heap.read(variable(owner, `*${name}`)) : NOTHING;
	if (starred.size > 0) return starred;
	return builtinNames.has(name) ? only(builtin(engine.heap, name)) : NOTHING;
}

export function writeName(frame: Frame, name: string, values: Values): void {
	const owner = ownerOf(frame.scope, name) ?? frame.scope;
	frame.engine.heap.write(variable(owner, name), values);
	if (owner === frame.scope) frame.flow?.vars.set(name, values);
}
