export type Ring<T> = {
	push(value: T): void;
	/** Oldest first. */
	values(): T[];
	readonly size: number;
	/** How many values were pushed out since the ring was made. */
	readonly dropped: number;
};

/** The last `capacity` values; what falls out is counted, never silent. */
export function createRing<T>(capacity: number): Ring<T> {
	const slots: T[] = [];
	let next = 0;
	let dropped = 0;
	return {
		push(value) {
			if (slots.length < capacity) slots.push(value);
			else {
				slots[next] = value;
				dropped++;
			}
			next = (next + 1) % capacity;
		},
		values() {
			return slots.length < capacity ? [...slots] : [...slots.slice(next), ...slots.slice(0, next)];
		},
		get size() {
			return slots.length;
		},
		get dropped() {
			return dropped;
		},
	};
}
