import type { Pairing } from "../../../contract/listeners.ts";
import { readTrace } from "./iso8583-type.ts";

/** What a message is by itself: the key it is paired by, null when it has none. `reply`: it says that it answers the other side. */
export type MessageKey = { key: string; isReply: boolean } | null;

/** `head`: bytes of the frame before its content. */
export type ReadKey = (frame: Buffer, head: number, side: "client" | "server") => MessageKey;

export function createKeyReader(pairing: Pairing): ReadKey {
	switch (pairing.kind) {
		case "order":
			return (_frame, _head, side) => ({ key: "", isReply: side === "server" });
		case "field":
			return (frame, head, side) => {
				const from = head + pairing.at;
				if (from + pairing.size > frame.length) return null;
				return { key: frame.toString("latin1", from, from + pairing.size), isReply: side === "server" };
			};
		case "iso8583":
			return (frame, head) => {
				const read = readTrace(frame, head + (pairing.skip ?? 0), pairing.encoding);
				if (read === null) return null;
				const { type, trace } = read;
				const step = Number(type[2]);
				// 0200 and its repeat 0201 are answered by 0210, 0220 by 0230, 0420 by 0430, 0800 by 0810.
				return { key: `${type.slice(0, 2)}${step & ~1} ${trace}`, isReply: (step & 1) === 1 };
			};
	}
}

/** Entries that wait for their answers: by key, the oldest of a key first. */
export type Waiting<T> = {
	add(key: string, entry: T): void;
	take(key: string): T | null;
	/** Only one that still waits. */
	remove(key: string, entry: T): void;
	/** In the order of their coming. */
	oldest(): { key: string; entry: T } | null;
	readonly size: number;
};

export function createWaiting<T>(): Waiting<T> {
	const byKey = new Map<string, Set<T>>();
	const all = new Map<T, string>();
	const remove = (key: string, entry: T) => {
		const same = byKey.get(key);
		if (same?.delete(entry) && same.size === 0) byKey.delete(key);
		all.delete(entry);
	};
	return {
		add(key, entry) {
			const same = byKey.get(key);
			if (same === undefined) byKey.set(key, new Set([entry]));
			else same.add(entry);
			all.set(entry, key);
		},
		take(key) {
			const first = byKey.get(key)?.values().next();
			if (first === undefined || first.done) return null;
			remove(key, first.value);
			return first.value;
		},
		remove,
		oldest() {
			const first = all.entries().next();
			return first.done ? null : { key: first.value[1], entry: first.value[0] };
		},
		get size() {
			return all.size;
		},
	};
}
