import type { Type } from "../contract/ir.ts";

/**
 * What the lowering knows beyond a type; removed before a blueprint leaves this folder.
 * `mixed`: a float that the source may hold as an int (never printed bare, never told apart).
 * `origin`: a dict that holds the request's parameters or headers. `delta`: a time span, in days (int) or seconds (float).
 */
export type Kind = Type & { mixed?: true; origin?: "params" | "headers"; delta?: true };

export const ANY: Kind = { kind: "any" };
export const INT: Kind = { kind: "int" };
export const FLOAT: Kind = { kind: "float" };
export const MIXED: Kind = { kind: "float", mixed: true };
export const BOOL: Kind = { kind: "bool" };
export const STR: Kind = { kind: "str" };
export const BYTES: Kind = { kind: "bytes" };
export const NONE: Kind = { kind: "none" };
export const DATE: Kind = { kind: "date" };
export const DATETIME: Kind = { kind: "datetime" };
export const CONNECTION: Kind = { kind: "connection" };
export const listOf = (of: Kind): Kind => ({ kind: "list", of });
export const dictOf = (key: Kind, value: Kind): Kind => ({ kind: "dict", key, value });
export const tupleOf = (items: Kind[]): Kind => ({ kind: "tuple", items });
export const optionalOf = (of: Kind): Kind =>
	of.kind === "optional" || of.kind === "none" || of.kind === "any" ? of : { kind: "optional", of };

export const isMixed = (type: Kind): boolean => type.kind === "float" && type.mixed === true;

/** The least type that holds both, or null when there is none. ANY means "not known yet" and yields to everything. */
export function join(a: Kind, b: Kind): Kind | null {
	if (a === b || a.kind === "any") return b;
	if (b.kind === "any") return a;
	if (a.kind === "none") return optionalOf(b);
	if (b.kind === "none") return optionalOf(a);
	if (a.kind === "optional" || b.kind === "optional") {
		const inner = join(a.kind === "optional" ? a.of : a, b.kind === "optional" ? b.of : b);
		return inner && optionalOf(inner);
	}
	if (a.kind === "float" && b.kind === "float") return isMixed(a) ? a : b;
	if (a.delta !== b.delta) return null;
	if ((a.kind === "int" && b.kind === "float") || (a.kind === "float" && b.kind === "int")) return MIXED;
	if (a.kind === "list" && b.kind === "list") {
		const of = join(a.of, b.of);
		return of && listOf(of);
	}
	if (a.kind === "tuple" && b.kind === "tuple") {
		if (a.items.length !== b.items.length) return null;
		const items = joinAll(a.items, b.items);
		return items && tupleOf(items);
	}
	if (a.kind === "dict" && b.kind === "dict") {
		const key = join(a.key, b.key);
		const value = join(a.value, b.value);
		if (!key || !value) return null;
		return a.origin !== undefined && a.origin === b.origin ? { kind: "dict", key, value, origin: a.origin } : dictOf(key, value);
	}
	if (a.kind === "record" && b.kind === "record") {
		const same = a.fields.length === b.fields.length && a.fields.every((field, at) => field.name === b.fields[at]?.name);
		const types = same ? joinAll(fieldTypes(a), fieldTypes(b)) : null;
		return types && { kind: "record", fields: a.fields.map((field, at) => ({ name: field.name, type: types[at] ?? ANY })) };
	}
	if (a.kind === "row" && b.kind === "row") return JSON.stringify(a.columns) === JSON.stringify(b.columns) ? a : null;
	if (a.kind === "exception" && b.kind === "exception") return a.id === b.id ? a : null;
	return a.kind === b.kind ? a : null;
}

const fieldTypes = (type: Extract<Type, { kind: "record" }>): Kind[] => type.fields.map((field) => field.type);

function joinAll(a: Kind[], b: Kind[]): Kind[] | null {
	const joined: Kind[] = [];
	for (const [at, type] of a.entries()) {
		const one = join(type, b[at] ?? ANY);
		if (!one) return null;
		joined.push(one);
	}
	return joined;
}

export function sameKind(a: Kind, b: Kind): boolean {
	return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** True while some part is not known yet. */
export function isOpen(type: Kind): boolean {
	switch (type.kind) {
		case "any":
			return true;
		case "optional":
		case "list":
			return isOpen(type.of);
		case "tuple":
			return type.items.some(isOpen);
		case "dict":
			return isOpen(type.key) || isOpen(type.value);
		case "record":
			return type.fields.some((field) => isOpen(field.type));
		default:
			return false;
	}
}

/** For people: `list of str`. */
export function showType(type: Kind): string {
	switch (type.kind) {
		case "optional":
			return `${showType(type.of)} or None`;
		case "list":
			return `list of ${showType(type.of)}`;
		case "tuple":
			return `tuple of (${type.items.map(showType).join(", ")})`;
		case "dict":
			return `dict of ${showType(type.key)} to ${showType(type.value)}`;
		case "any":
			return "unknown";
		case "float":
			return isMixed(type) ? "int or float" : "float";
		case "exception":
			return type.id;
		default:
			return type.kind;
	}
}

/** Without what only the lowering knows. */
export function plainType(type: Kind): Type {
	switch (type.kind) {
		case "optional":
			return { kind: "optional", of: plainType(type.of) };
		case "list":
			return { kind: "list", of: plainType(type.of) };
		case "tuple":
			return { kind: "tuple", items: type.items.map(plainType) };
		case "dict":
			return { kind: "dict", key: plainType(type.key), value: plainType(type.value) };
		case "record":
			return { kind: "record", fields: type.fields.map((field) => ({ name: field.name, type: plainType(field.type) })) };
		case "row":
			return { kind: "row", columns: type.columns.map((column) => ({ name: column.name, type: plainType(column.type) })) };
		case "exception":
			return { kind: "exception", id: type.id };
		default:
			return { kind: type.kind };
	}
}
