import { compareSequences, same, sequencesEqual } from "./compare.ts";
import { fail } from "./exceptions.ts";
import { PySlice, positionOf, sliced } from "./indices.ts";
import { iterate } from "./iterate.ts";
import { hashOf, keyText } from "./keys.ts";
import { repr, shownOnce } from "./repr.ts";
import { type CompareOp, isWhole, PyObject, typeName, type Value } from "./values.ts";

export class PyTuple extends PyObject {
	readonly typeName = "tuple";
	readonly items: readonly Value[];
	constructor(items: readonly Value[]) {
		super();
		this.items = items;
	}
	override repr(): string {
		return shownOnce(this, "(...)", () => `(${this.items.map(repr).join(", ")}${this.items.length === 1 ? "," : ""})`);
	}
	override truth(): boolean {
		return this.items.length > 0;
	}
	override equals(other: Value): boolean | undefined {
		return other instanceof PyTuple ? this === other || sequencesEqual(this.items, other.items) : undefined;
	}
	override order(op: CompareOp, other: Value): Value | undefined {
		return other instanceof PyTuple ? compareSequences(op, this.items, other.items) : undefined;
	}
	override length(): number {
		return this.items.length;
	}
	override iterator(): Iterator<Value> {
		return this.items[Symbol.iterator]();
	}
	[Symbol.iterator](): Iterator<Value> {
		return this.items[Symbol.iterator]();
	}
	override contains(item: Value): boolean {
		return this.items.some((own) => same(own, item));
	}
	override getItem(key: Value): Value {
		if (key instanceof PySlice) return new PyTuple(sliced(this.items, key.from, key.to, key.step));
		if (!isWhole(key)) return fail("TypeError", `tuple indices must be integers or slices, not ${typeName(key)}`);
		const item = this.items[positionOf(key, this.items.length)];
		return item === undefined ? fail("IndexError", "tuple index out of range") : item;
	}
	override binary(op: string, other: Value, reflected: boolean): Value | undefined {
		if (op === "+" && other instanceof PyTuple && !reflected) return new PyTuple([...this.items, ...other.items]);
		if (op !== "*" || !isWhole(other)) return undefined;
		return new PyTuple(Array.from({ length: Math.max(0, Number(other)) }, () => this.items).flat());
	}
	override key(): unknown {
		return `\0t(${this.items.map(keyText).join(",")})`;
	}
	/** CPython's tuplehash: xxHash over the hashes of the items. */
	override hash(): bigint | null {
		let sum = 2870177450012600261n;
		for (const item of this.items) {
			const lane = hashOf(item);
			if (lane === null) return null;
			sum = BigInt.asUintN(64, sum + BigInt.asUintN(64, lane) * 14029467366897019727n);
			sum = BigInt.asUintN(64, (sum << 31n) | (sum >> 33n));
			sum = BigInt.asUintN(64, sum * 11400714785074694791n);
		}
		sum = BigInt.asIntN(64, sum + (BigInt(this.items.length) ^ 2870177450012600261n ^ 3527539n));
		return sum === -1n ? 1546275796n : sum;
	}
}

/** A tuple of these items. */
export function tupleOf(...items: Value[]): PyTuple {
	return new PyTuple(items);
}

/** tuple(value) */
export function tuple(value: Value = []): PyTuple {
	return value instanceof PyTuple ? value : new PyTuple([...iterate(value)]);
}
