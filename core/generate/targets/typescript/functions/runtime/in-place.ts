import { add, bitAnd, bitOr, bitXor, multiply, subtract } from "./arithmetic.ts";
import { listExtend } from "./list.ts";
import { isWhole, PyObject, type Value } from "./values.ts";

/** target += value: a list takes the items in, and stays the same list. */
export function addTo(target: Value, value: Value): Value {
	if (!Array.isArray(target)) return changed("+", target, value, add);
	listExtend(target, value);
	return target;
}
/** target *= value */
export function multiplyTo(target: Value, value: Value): Value {
	if (!Array.isArray(target) || !isWhole(value)) return changed("*", target, value, multiply);
	const items = target.slice();
	if (BigInt(value) <= 0n) target.length = 0;
	for (let round = 1n; round < BigInt(value); round += 1n) for (const item of items) target.push(item);
	return target;
}
/** target -= value, for what may change in place */
export const subtractFrom = (target: Value, value: Value): Value => changed("-", target, value, subtract);
export const andWith = (target: Value, value: Value): Value => changed("&", target, value, bitAnd);
export const orWith = (target: Value, value: Value): Value => changed("|", target, value, bitOr);
export const xorWith = (target: Value, value: Value): Value => changed("^", target, value, bitXor);

type Operator = (left: Value, right: Value, op?: string) => Value;

/** Any other operator in place: a value that can, changes itself. */
export function changed(op: string, target: Value, value: Value, otherwise: Operator): Value {
	const told = target instanceof PyObject ? target.inPlace?.(op, value) : undefined;
	return told === undefined ? otherwise(target, value, `${op}=`) : told;
}
