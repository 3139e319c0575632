/**
 * The first `cap` bytes of a body that flows past, by reference. Who needs all of a longer one gives a sink, which names what it has by
 * `spill`; `isStored`: to be sent once more, not only to be compared.
 */
export type BodyTap = {
	readonly cap: number;
	size: number;
	kept: number;
	chunks: Buffer[];
	readonly sink: SpillSink | null;
	readonly isStored: boolean;
	spill: number;
};

export type SpillSink = {
	/** The next bytes of a body that is longer than its tap keeps; before the first ones come those in `tap.chunks`. */
	add(tap: BodyTap, bytes: Buffer): void;
};

export function createBodyTap(cap: number, sink: SpillSink | null = null, isStored = false): BodyTap {
	return { cap, size: 0, kept: 0, chunks: [], sink, isStored, spill: 0 };
}

export function tapBody(tap: BodyTap, chunk: Buffer): void {
	tap.size += chunk.length;
	if (tap.sink !== null && tap.size > tap.cap) tap.sink.add(tap, chunk);
	if (tap.kept >= tap.cap) return;
	const part = tap.kept + chunk.length > tap.cap ? chunk.subarray(0, tap.cap - tap.kept) : chunk;
	tap.chunks.push(part);
	tap.kept += part.length;
}

export const isTruncated = (tap: BodyTap): boolean => tap.size > tap.kept;
