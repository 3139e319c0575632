import { equals, same } from "./compare.ts";
import { fail } from "./exceptions.ts";
import { characters, PySlice, positionOf, sliceBounds, sliced, sliceText, textLength } from "./indices.ts";
import { iterate } from "./iterate.ts";
import { PyRange } from "./range.ts";
import { PyTuple } from "./tuple.ts";
import { isWhole, PyObject, typeName, type Value } from "./values.ts";

/** len(value) */
export function len(value: Value): bigint {
	if (typeof value === "string") return BigInt(textLength(value));
	if (Array.isArray(value)) return BigInt(value.length);
	if (value instanceof PyRange) return value.count;
	const size = value instanceof PyObject ? value.length?.() : undefined;
	return size === undefined ? fail("TypeError", `object of type '${typeName(value)}' has no len()`) : BigInt(size);
}

/** value[index] */
export function item(value: Value, index: Value): Value {
	if (Array.isArray(value)) {
		if (isWhole(index)) {
			const found = value[positionOf(index, value.length)];
			return found === undefined ? fail("IndexError", "list index out of range") : found;
		}
		if (index instanceof PySlice) return sliced(value, index.from, index.to, index.step);
		return fail("TypeError", `list indices must be integers or slices, not ${typeName(index)}`);
	}
	if (typeof value === "string") {
		if (isWhole(index)) return characterAt(value, index);
		if (index instanceof PySlice) return sliceText(value, index.from, index.to, index.step);
		return fail("TypeError", `string indices must be integers, not '${typeName(index)}'`);
	}
	if (value instanceof PyObject && value.getItem) return value.getItem(index);
	return fail("TypeError", `'${typeName(value)}' object is not subscriptable`);
}

/** The character of a text at an index. */
export function characterAt(text: string, index: bigint | boolean): string {
	const units = characters(text);
	return units[positionOf(index, units.length)] ?? fail("IndexError", "string index out of range");
}

/** value[index] = item */
export function setItem(value: Value, index: Value, given: Value): void {
	if (Array.isArray(value)) {
		if (index instanceof PySlice) {
			setSlice(value, index.from, index.to, index.step, given);
			return;
		}
		if (!isWhole(index)) fail("TypeError", `list indices must be integers or slices, not ${typeName(index)}`);
		const at = positionOf(index, value.length);
		if (at < 0) fail("IndexError", "list assignment index out of range");
		value[at] = given;
	} else if (value instanceof PyObject && value.setItem) value.setItem(index, given);
	else fail("TypeError", `'${typeName(value)}' object does not support item assignment`);
}

/** del value[index] */
export function deleteItem(value: Value, index: Value): void {
	if (Array.isArray(value)) {
		if (index instanceof PySlice) {
			deleteSlice(value, index.from, index.to, index.step);
			return;
		}
		if (!isWhole(index)) fail("TypeError", `list indices must be integers or slices, not ${typeName(index)}`);
		const at = positionOf(index, value.length);
		if (at < 0) fail("IndexError", "list assignment index out of range");
		value.splice(at, 1);
	} else if (value instanceof PyObject && value.deleteItem) value.deleteItem(index);
	else fail("TypeError", `'${typeName(value)}' object doesn't support item deletion`);
}

/** value[from:to:step], a missing bound is None */
export function slice(value: Value, from: Value = null, to: Value = null, step: Value = null): Value {
	if (typeof value === "string") return sliceText(value, from, to, step);
	if (Array.isArray(value)) return sliced(value, from, to, step);
	if (value instanceof PyTuple) return new PyTuple(sliced(value.items, from, to, step));
	return item(value, new PySlice(from, to, step));
}

/** value[from:to:step] = items */
export function setSlice(value: Value, from: Value, to: Value, step: Value, given: Value): void {
	if (!Array.isArray(value)) {
		setItem(value, new PySlice(from, to, step), given);
		return;
	}
	const { start, stop, step: by, count } = sliceBounds(from, to, step, value.length);
	if (by === 1) {
		if (!Array.isArray(given) && typeof given !== "string" && !(given instanceof PyObject && given.iterator))
			fail("TypeError", "can only assign an iterable");
		const items = [...iterate(given)];
		const tail = value.slice(Math.max(start, stop));
		value.length = Math.min(start, value.length);
		for (const one of items) value.push(one);
		for (const one of tail) value.push(one);
		return;
	}
	if (!Array.isArray(given) && typeof given !== "string" && !(given instanceof PyObject && given.iterator))
		fail("TypeError", "must assign iterable to extended slice");
	const items = [...iterate(given)];
	if (items.length !== count) fail("ValueError", `attempt to assign sequence of size ${items.length} to extended slice of size ${count}`);
	for (const [at, one] of items.entries()) value[start + at * by] = one;
}

/** del value[from:to:step] */
export function deleteSlice(value: Value, from: Value, to: Value, step: Value): void {
	if (!Array.isArray(value)) {
		deleteItem(value, new PySlice(from, to, step));
		return;
	}
	const { start, step: by, count } = sliceBounds(from, to, step, value.length);
	const gone = new Set(Array.from({ length: count }, (_, at) => start + at * by));
	const kept = value.filter((_, at) => !gone.has(at));
	value.length = 0;
	for (const one of kept) value.push(one);
}

/** item in container */
export function contains(container: Value, sought: Value): boolean {
	if (typeof container === "string") {
		if (typeof sought === "string") return container.includes(sought);
		return fail("TypeError", `'in <string>' requires string as left operand, not ${typeName(sought)}`);
	}
	if (Array.isArray(container)) {
		for (const one of container) if (same(one, sought)) return true;
		return false;
	}
	if (container instanceof PyObject && container.contains) return container.contains(sought);
	if (!(container instanceof PyObject && container.iterator))
		return fail("TypeError", `argument of type '${typeName(container)}' is not iterable`);
	for (const one of iterate(container)) if (one === sought || equals(one, sought)) return true;
	return false;
}
