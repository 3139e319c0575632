import { readSync } from "node:fs";
import { endianness } from "node:os";

/** The head of the shared-memory index: what is committed, and how much of it the main file already holds. */
export type WalIndex = {
	/** Counts commits; lives on when the log starts again, begins anew after a recovery. */
	change: number;
	/** Last frame of the last commit. Frames after it may exist and mean nothing. */
	lastFrame: number;
	/** Size of the database in pages after that commit. */
	pages: number;
	/** Checksum of the last frame. */
	checksum: Checksum;
	/** Names the generation of the log. */
	salt: string;
	/** Frames up to here are in the main file. */
	backfilled: number;
	/** Frames up to here are being written to it, or are in it. */
	attempted: number;
};

export type Checksum = { a: number; b: number };

/** `pages` is the database size after the commit that ends with this frame, or 0 within a transaction. */
export type Frame = { number: number; page: number; pages: number; image: Buffer };

const walHeaderSize = 32;
export const frameHeaderSize = 24;
// The eight lock bytes from 120 on are left out: reading them would fail on systems with mandatory locks.
const indexBytes = 120;
const attemptedAt = 128;
const native = endianness();

/** Null while a writer is between its two copies of the head, or before the index exists. */
export function readWalIndex(shm: number, scratch: Buffer): WalIndex | null {
	if (readSync(shm, scratch, 0, indexBytes, 0) < indexBytes || readSync(shm, scratch, attemptedAt, 4, attemptedAt) < 4) return null;
	if (scratch.compare(scratch, 48, 96, 0, 48) !== 0 || scratch[12] === 0) return null;
	const u32 = (at: number) => (native === "LE" ? scratch.readUInt32LE(at) : scratch.readUInt32BE(at));
	const sum = sumWords(scratch.subarray(0, 40), { a: 0, b: 0 }, native === "LE");
	if (sum.a !== u32(40) || sum.b !== u32(44)) return null;
	return {
		change: u32(8),
		lastFrame: u32(16),
		pages: u32(20),
		checksum: { a: u32(24), b: u32(28) },
		salt: scratch.toString("hex", 32, 40),
		backfilled: u32(96),
		attempted: u32(attemptedAt),
	};
}

/** The running checksum before the first frame, or null if the log's header is not of this generation. */
export function readWalStart(wal: number, salt: string): Checksum | null {
	const header = Buffer.alloc(walHeaderSize);
	if (readSync(wal, header, 0, walHeaderSize, 0) < walHeaderSize) return null;
	if (header.toString("hex", 16, 24) !== salt) return null;
	const sum = sumWords(header.subarray(0, 24), { a: 0, b: 0 }, isLittle(header));
	return sum.a === header.readUInt32BE(24) && sum.b === header.readUInt32BE(28) ? sum : null;
}

export type FrameReader = {
	/** Frames [from, to], verified against `before`, the checksum of frame from - 1; null where one does not fit. */
	read(from: number, to: number, salt: string, before: Checksum): { frames: Frame[]; checksum: Checksum } | null;
	/** The page image in one frame. */
	image(frame: number): Buffer;
};

export function createFrameReader(wal: number, pageSize: number): FrameReader {
	const frameSize = frameHeaderSize + pageSize;
	const offset = (frame: number) => walHeaderSize + (frame - 1) * frameSize;
	return {
		read(from, to, salt, before) {
			const bytes = Buffer.allocUnsafeSlow((to - from + 1) * frameSize);
			if (readSync(wal, bytes, 0, bytes.length, offset(from)) < bytes.length) return null;
			const magic = Buffer.alloc(4);
			readSync(wal, magic, 0, 4, 0);
			const little = isLittle(magic);
			const frames: Frame[] = [];
			let sum = before;
			for (let at = 0, number = from; at < bytes.length; at += frameSize, number++) {
				if (bytes.toString("hex", at + 8, at + 16) !== salt) return null;
				const image = bytes.subarray(at + frameHeaderSize, at + frameSize);
				sum = sumWords(image, sumWords(bytes.subarray(at, at + 8), sum, little), little);
				if (sum.a !== bytes.readUInt32BE(at + 16) || sum.b !== bytes.readUInt32BE(at + 20)) return null;
				frames.push({ number, page: bytes.readUInt32BE(at), pages: bytes.readUInt32BE(at + 4), image });
			}
			return { frames, checksum: sum };
		},
		image(frame) {
			const image = Buffer.allocUnsafeSlow(pageSize);
			readSync(wal, image, 0, pageSize, offset(frame) + frameHeaderSize);
			return image;
		},
	};
}

/** The magic number's last bit says in which byte order the writer summed. */
function isLittle(header: Buffer): boolean {
	return header.readUInt32BE(0) === 0x377f0682;
}

/** https://www.sqlite.org/fileformat2.html#checksum_algorithm */
function sumWords(bytes: Buffer, start: Checksum, little: boolean): Checksum {
	let { a, b } = start;
	if (little && native === "LE" && bytes.byteOffset % 4 === 0) {
		const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
		for (let at = 0; at < words.length; at += 2) {
			a = (a + (words[at] as number) + b) | 0;
			b = (b + (words[at + 1] as number) + a) | 0;
		}
	} else {
		for (let at = 0; at < bytes.length; at += 8) {
			a = (a + (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)) + b) | 0;
			b = (b + (little ? bytes.readUInt32LE(at + 4) : bytes.readUInt32BE(at + 4)) + a) | 0;
		}
	}
	return { a: a >>> 0, b: b >>> 0 };
}
