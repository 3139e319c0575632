const K = new Uint32Array(64);
const H = new Uint32Array(8);
let found = 0;
for (let n = 2; found < 64; n++) {
	let prime = true;
	for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
	if (!prime) continue;
	// FIPS 180-4: the first 32 bits of the fractional parts of square and cube roots of the first primes.
	if (found < 8) H[found] = (n ** 0.5 * 2 ** 32) >>> 0;
	K[found++] = fraction(Math.cbrt(n));
}

function fraction(root: number): number {
	return Math.floor((root - Math.floor(root)) * 2 ** 32) >>> 0;
}

const rotate = (x: number, n: number) => (x >>> n) | (x << (32 - n));

/** SHA-256 of the text's UTF-8 bytes, in hex. For code that may not use Node; with Node, `node:crypto` is faster. */
export function sha256(text: string): string {
	const bytes = new TextEncoder().encode(text);
	const size = ((bytes.length + 8) >> 6) + 1;
	const padded = new Uint8Array(size * 64);
	padded.set(bytes);
	padded[bytes.length] = 0x80;
	const view = new DataView(padded.buffer);
	view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29));
	view.setUint32(padded.length - 4, (bytes.length << 3) >>> 0);
	const hash = Uint32Array.from(H);
	const w = new Uint32Array(64);
	for (let block = 0; block < padded.length; block += 64) {
		for (let t = 0; t < 16; t++) w[t] = view.getUint32(block + t * 4);
		for (let t = 16; t < 64; t++) {
			const a = w[t - 15] as number;
			const b = w[t - 2] as number;
			w[t] =
				((rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10)) +
					(w[t - 7] as number) +
					(rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3)) +
					(w[t - 16] as number)) >>>
				0;
		}
		let [a, b, c, d, e, f, g, h] = hash as unknown as [number, number, number, number, number, number, number, number];
		for (let t = 0; t < 64; t++) {
			const one = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + (K[t] as number) + (w[t] as number)) >>> 0;
			const two = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) >>> 0;
			[h, g, f, e, d, c, b, a] = [g, f, e, (d + one) >>> 0, c, b, a, (one + two) >>> 0];
		}
		[a, b, c, d, e, f, g, h].forEach((word, at) => {
			hash[at] = ((hash[at] as number) + word) >>> 0;
		});
	}
	return [...hash].map((word) => word.toString(16).padStart(8, "0")).join("");
}
