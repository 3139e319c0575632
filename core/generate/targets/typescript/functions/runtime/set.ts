import { PyDict, PyDictView } from "./dict.ts";
import { fail } from "./exceptions.ts";
import { iterate } from "./iterate.ts";
import { hashOf, keyOf, keyText } from "./keys.ts";
import { repr, shownOnce } from "./repr.ts";
import { SetTable } from "./set-table.ts";
import { type CompareOp, PyIterator, PyObject, type Value } from "./values.ts";

/** set and frozenset. Walked in CPython's order as long as that is the same in every process, else in the order of insertion. */
export class PySet extends PyObject {
	readonly typeName: "set" | "frozenset";
	private members = new Map<unknown, Value>();
	private table: SetTable | null = new SetTable();
	constructor(typeName: "set" | "frozenset" = "set") {
		super();
		this.typeName = typeName;
	}
	get size(): number {
		return this.members.size;
	}
	has(item: Value): boolean {
		return this.members.has(memberKey(item));
	}
	add(item: Value): void {
		const key = keyOf(item);
		if (this.members.has(key)) return;
		this.members.set(key, item);
		if (!this.table) return;
		const hash = hashOf(item);
		if (hash === null) this.table = null;
		else this.table.add(item, hash);
	}
	/** Whether it was there. */
	remove(item: Value): boolean {
		const key = memberKey(item);
		const own = this.members.get(key);
		if (own === undefined) return false;
		this.members.delete(key);
		const hash = this.table ? hashOf(own) : null;
		if (hash !== null) this.table?.remove(own, hash);
		return true;
	}
	clear(): void {
		this.members.clear();
		this.table = new SetTable();
	}
	pop(): Value {
		if (this.size === 0) return fail("KeyError", "pop from an empty set");
		const item = this.table ? this.table.popped() : [...this.members.values()][0];
		this.remove(item ?? null);
		return item ?? null;
	}
	/** As CPython takes in another set or the keys of a dict: room is made at once. */
	merge(other: PySet | PyDict): void {
		if (other === this || other.length() === 0) return;
		const known = other instanceof PySet ? other.table : this.table;
		if (this.table && known) {
			this.table.reserve(other.length());
			if (other instanceof PySet && this.table.copyFrom(known)) {
				for (const [key, item] of other.members) this.members.set(key, item);
				return;
			}
		}
		for (const item of other) this.add(item);
	}
	shrink(): void {
		this.table?.shrink();
	}
	/** Takes the contents of `other` for its own. */
	become(other: PySet): void {
		this.members = other.members;
		this.table = other.table;
	}
	override repr(): string {
		if (this.size === 0) return `${this.typeName}()`;
		return shownOnce(this, `${this.typeName}(...)`, () => {
			const shown = `{${[...this].map(repr).join(", ")}}`;
			return this.typeName === "set" ? shown : `frozenset(${shown})`;
		});
	}
	override truth(): boolean {
		return this.size > 0;
	}
	override length(): number {
		return this.size;
	}
	override iterator(): Iterator<Value> {
		const size = this.size;
		const { table } = this;
		const inserted = this.members.values();
		let at = 0;
		let done = false;
		return new PyIterator("set_iterator", () => {
			if (done) return undefined;
			if (this.size !== size) {
				done = true;
				return fail("RuntimeError", "Set changed size during iteration");
			}
			if (table && table === this.table) {
				const found = table.nextAt(at);
				at = found + 1;
				done = found < 0;
				return done ? undefined : table.keyAt(found);
			}
			const step = inserted.next();
			done = step.done === true;
			return step.done ? undefined : step.value;
		});
	}
	[Symbol.iterator](): Iterator<Value> {
		return this.iterator();
	}
	override contains(item: Value): boolean {
		return this.has(item);
	}
	override equals(other: Value): boolean | undefined {
		const set = asSet(other);
		return set ? this.size === set.size && isSubset(this, set) : undefined;
	}
	override order(op: CompareOp, other: Value): Value | undefined {
		const set = asSet(other);
		if (!set) return undefined;
		if (op === "==" || op === "!=") return (this.size === set.size && isSubset(this, set)) === (op === "==");
		if (op === "<=" || op === "<") return isSubset(this, set) && (op === "<=" || this.size < set.size);
		return isSubset(set, this) && (op === ">=" || this.size > set.size);
	}
	override binary(op: string, other: Value, reflected: boolean): Value | undefined {
		const set = asSet(other);
		if (!set) return undefined;
		const [left, right] = reflected ? [set, this] : [this, set];
		if (op === "|") return setUnion(left, right);
		if (op === "&") return setIntersection(left, right);
		if (op === "-") return setDifference(left, right);
		return op === "^" ? setSymmetricDifference(left, right) : undefined;
	}
	override inPlace(op: string, other: Value): Value | undefined {
		if (this.typeName === "frozenset" || !asSet(other)) return undefined;
		if (op === "|") setUpdate(this, other);
		else if (op === "&") setIntersectionUpdate(this, other);
		else if (op === "-") setDifferenceUpdate(this, other);
		else if (op === "^") setSymmetricDifferenceUpdate(this, other);
		else return undefined;
		return this;
	}
}

/** A frozenset can be a key: the same for equal ones. */
class PyFrozenSet extends PySet {
	override key(): unknown {
		return `\0f{${[...this].map(keyText).sort().join(",")}}`;
	}
}

const emptyLike = (set: PySet): PySet => (set.typeName === "set" ? new PySet() : new PyFrozenSet("frozenset"));

/** A set is looked up by its contents, as a frozenset would be. */
function memberKey(item: Value): unknown {
	return item instanceof PySet && item.typeName === "set" ? frozenset(item).key() : keyOf(item);
}

/** Sets, and the views of dicts that behave like them. */
function asSet(value: Value): PySet | null {
	if (value instanceof PySet) return value;
	return value instanceof PyDictView && !value.typeName.endsWith("values") ? set(value) : null;
}

function filled(target: PySet, from: Value): PySet {
	if (from instanceof PySet || from instanceof PyDict) target.merge(from);
	else for (const item of iterate(from)) target.add(item);
	return target;
}

/** A set of these items. */
export function setOf(...items: Value[]): PySet {
	return filled(new PySet(), items);
}
/** set(value) */
export function set(value: Value = []): PySet {
	return filled(new PySet(), value);
}
/** frozenset(value) */
export function frozenset(value: Value = []): PyFrozenSet {
	if (value instanceof PyFrozenSet) return value;
	return filled(new PyFrozenSet("frozenset"), value) as PyFrozenSet;
}

function isSubset(small: PySet, large: PySet): boolean {
	if (small.size > large.size) return false;
	for (const item of small) if (!large.has(item)) return false;
	return true;
}

export function setCopy(from: PySet): PySet {
	return from instanceof PyFrozenSet ? from : filled(emptyLike(from), from);
}
export function setUnion(from: PySet, ...others: Value[]): PySet {
	const made = filled(emptyLike(from), from);
	for (const other of others) filled(made, other);
	return made;
}
export function setUpdate(target: PySet, ...others: Value[]): null {
	for (const other of others) filled(target, other);
	return null;
}
export function setIntersection(from: PySet, ...others: Value[]): PySet {
	if (others.length === 0) return setCopy(from);
	return others.reduce((left: PySet, other) => intersection(left, other), from);
}
function intersection(left: PySet, other: Value): PySet {
	const made = emptyLike(left);
	if (left === other) return filled(made, left);
	if (!(other instanceof PySet)) {
		for (const item of iterate(other)) if (left.has(item)) made.add(item);
		return made;
	}
	const [small, large] = other.size > left.size ? [left, other] : [other, left];
	for (const item of small) if (large.has(item)) made.add(item);
	return made;
}
export function setIntersectionUpdate(target: PySet, ...others: Value[]): null {
	target.become(setIntersection(target, ...others));
	return null;
}
export function setDifference(from: PySet, ...others: Value[]): PySet {
	const [first, ...more] = others;
	if (first === undefined) return setCopy(from);
	const made = difference(from, first);
	for (const other of more) removeAll(made, other);
	return made;
}
function difference(from: PySet, other: Value): PySet {
	if (!(other instanceof PySet || other instanceof PyDict) || from.size >> 2 > other.length()) {
		const copied = filled(emptyLike(from), from);
		removeAll(copied, other);
		return copied;
	}
	const made = emptyLike(from);
	for (const item of from) if (!other.contains(item)) made.add(item);
	return made;
}
function removeAll(target: PySet, other: Value): void {
	if (target === other) target.clear();
	else for (const item of iterate(other)) target.remove(item);
	target.shrink();
}
export function setDifferenceUpdate(target: PySet, ...others: Value[]): null {
	for (const other of others) removeAll(target, other);
	return null;
}
export function setSymmetricDifference(left: PySet, right: Value): PySet {
	const made = filled(emptyLike(left), right);
	for (const item of left) if (!made.remove(item)) made.add(item);
	return made;
}
export function setSymmetricDifferenceUpdate(target: PySet, other: Value): null {
	if (target === other) target.clear();
	else
		for (const item of other instanceof PyDict || other instanceof PySet ? other : set(other)) if (!target.remove(item)) target.add(item);
	return null;
}
export function setAdd(target: PySet, item: Value): null {
	target.add(item);
	return null;
}
export function setDiscard(target: PySet, item: Value): null {
	target.remove(item);
	return null;
}
export function setRemove(target: PySet, item: Value): null {
	return target.remove(item) ? null : fail("KeyError", item);
}
export function setPop(target: PySet): Value {
	return target.pop();
}
export function setClear(target: PySet): null {
	target.clear();
	return null;
}
export function setIsdisjoint(left: PySet, right: Value): boolean {
	for (const item of iterate(right)) if (left.has(item)) return false;
	return true;
}
export function setIssubset(left: PySet, right: Value): boolean {
	return isSubset(left, right instanceof PySet ? right : set(right));
}
export function setIssuperset(left: PySet, right: Value): boolean {
	for (const item of iterate(right)) if (!left.has(item)) return false;
	return true;
}
