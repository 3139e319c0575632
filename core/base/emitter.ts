export type Emitter<T> = {
	emit(value: T): void;
	/** Returns the function that ends the subscription. */
	subscribe(listener: (value: T) => void): () => void;
	readonly size: number;
};

/** A list of listeners, called in the order in which they came. A listener may unsubscribe while it is called. */
export function createEmitter<T>(): Emitter<T> {
	const listeners = new Set<(value: T) => void>();
	return {
		emit(value) {
			for (const listener of [...listeners]) listener(value);
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		get size() {
			return listeners.size;
		},
	};
}
