import type { Value } from "./values.ts";

/** A slot of CPython's hash table: never used, in use, or left behind by a removal. */
type Slot = { key: Value; hash: bigint } | "removed" | undefined;

/**
 * The hash table of CPython's setobject.c, kept for one reason: its order is the order in which a set is walked. Only hashes that are the
 * same in every process can stand in it.
 */
export class SetTable {
	private slots: Slot[] = new Array(8);
	private fill = 0;
	private used = 0;
	private finger = 0;

	private get mask(): number {
		return this.slots.length - 1;
	}

	/** The positions that a hash may take, in order: runs of up to ten, then a jump that depends on the higher bits. */
	private *probes(hash: bigint): Generator<number, never> {
		const mask = BigInt(this.mask);
		let perturb = BigInt.asUintN(64, hash);
		let at = perturb & mask;
		for (;;) {
			const run = at + 9n <= mask ? 9n : 0n;
			for (let next = 0n; next <= run; next++) yield Number(at + next);
			perturb >>= 5n;
			at = (at * 5n + 1n + perturb) & mask;
		}
	}

	/** `key` is known not to be in the set. */
	add(key: Value, hash: bigint): void {
		let free = -1;
		for (const at of this.probes(hash)) {
			const slot = this.slots[at];
			if (slot === "removed") free = at;
			if (slot !== undefined) continue;
			this.used++;
			this.slots[free < 0 ? at : free] = { key, hash };
			if (free >= 0) return;
			break;
		}
		this.fill++;
		if (this.fill * 5 >= this.mask * 3) this.resize(this.used > 50000 ? this.used * 2 : this.used * 4);
	}

	remove(key: Value, hash: bigint): void {
		for (const at of this.probes(hash)) {
			const slot = this.slots[at];
			if (slot === undefined) return;
			if (slot === "removed" || slot.key !== key) continue;
			this.slots[at] = "removed";
			this.used--;
			return;
		}
	}

	private resize(minimum: number): void {
		let size = 8;
		while (size <= minimum) size *= 2;
		const old = this.keys();
		this.slots = new Array(size);
		this.fill = this.used = old.length;
		for (const slot of old) this.place(slot);
	}

	private place(slot: { key: Value; hash: bigint }): void {
		for (const at of this.probes(slot.hash)) {
			if (this.slots[at] !== undefined) continue;
			this.slots[at] = slot;
			return;
		}
	}

	/** Before many keys are added. */
	reserve(more: number, base = this.used): void {
		if ((this.fill + more) * 5 >= this.mask * 3) this.resize((base + more) * 2);
	}

	/** Takes over all of another table into this empty one; false when this one is not empty. */
	copyFrom(other: SetTable): boolean {
		if (this.fill > 0) return false;
		if (this.mask === other.mask && other.fill === other.used) this.slots = other.slots.slice();
		else for (const slot of other.keys()) this.place(slot);
		this.fill = this.used = other.used;
		return true;
	}

	/** After many removals. */
	shrink(): void {
		if (this.fill - this.used > Math.floor(this.mask / 5)) this.resize(this.used > 50000 ? this.used * 2 : this.used * 4);
	}

	/** The position of the next key at or after `from`, or -1. */
	nextAt(from: number): number {
		for (let at = from; at < this.slots.length; at++) if (typeof this.slots[at] === "object") return at;
		return -1;
	}

	keyAt(at: number): Value {
		const slot = this.slots[at];
		return typeof slot === "object" ? slot.key : null;
	}

	/** What `pop` takes: the next key behind the one that was taken last. */
	popped(): Value {
		let at = this.nextAt(this.finger & this.mask);
		if (at < 0) at = this.nextAt(0);
		this.finger = at + 1;
		return this.keyAt(at);
	}

	keys(): { key: Value; hash: bigint }[] {
		return this.slots.filter((slot) => typeof slot === "object");
	}
}
