/** Keeps the first `cap` bytes of a body that flows past. */
export type BodyTap = { push(chunk: Buffer): void; bytes(): Buffer; readonly cap: number; readonly size: number; readonly truncated: boolean };

export function createBodyTap(cap: number): BodyTap {
	const chunks: Buffer[] = [];
	let kept = 0;
	let size = 0;
	return {
		push(chunk) {
			size += chunk.length;
			if (kept >= cap) return;
			const part = kept + chunk.length > cap ? chunk.subarray(0, cap - kept) : chunk;
			chunks.push(part);
			kept += part.length;
		},
		bytes: () => (chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)),
		cap,
		get size() {
			return size;
		},
		get truncated() {
			return size > kept;
		},
	};
}
