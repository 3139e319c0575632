/** The first `cap` bytes of a body that flows past, by reference. */
export type BodyTap = { readonly cap: number; size: number; kept: number; chunks: Buffer[] };

export function createBodyTap(cap: number): BodyTap {
	return { cap, size: 0, kept: 0, chunks: [] };
}

export function tapBody(tap: BodyTap, chunk: Buffer): void {
	tap.size += chunk.length;
	if (tap.kept >= tap.cap) return;
	const part = tap.kept + chunk.length > tap.cap ? chunk.subarray(0, tap.cap - tap.kept) : chunk;
	tap.chunks.push(part);
	tap.kept += part.length;
}

export const isTruncated = (tap: BodyTap): boolean => tap.size > tap.kept;
