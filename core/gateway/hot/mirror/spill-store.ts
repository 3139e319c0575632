import { createHash, type Hash } from "node:crypto";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { type FileHandle, open, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { BodyDigest } from "../../../contract/traffic.ts";

/** A long body in its file. */
export type StoredBody = { size: number; read(into: Buffer, at: number): Promise<number> };

/** The mirror thread's long bodies: those of requests in files, those of answers as digests. */
export type SpillStore = {
	add(spill: number, isStored: boolean, bytes: Buffer): void;
	/** When all that was added is written. null: it could not be, or there is none of this number. */
	stored(spill: number): Promise<StoredBody | null>;
	/** Of all that was added, which is forgotten by that; null: nothing was. */
	digest(spill: number): BodyDigest | null;
	forget(spill: number): void;
};

type Body = {
	readonly path: string;
	/** Of all that was added; `waiting` is not written yet. */
	size: number;
	waiting: Buffer[];
	written: number;
	isWriting: boolean;
	/** Settled when nothing waits. */
	writing: Promise<void>;
	file: FileHandle | null;
	isLost: boolean;
	isForgotten: boolean;
};

type Digest = { size: number; hash: Hash };

type Deps = {
	dir: string;
	/** Of all files at once, in bytes. */
	diskBytes: number;
	/** So many bytes are off the hands of whoever added them. */
	onTaken(bytes: number): void;
};

export function createSpillStore({ dir, diskBytes, onTaken }: Deps): SpillStore {
	const bodies = new Map<number, Body>();
	const digests = new Map<number, Digest>();
	let onDisk = 0;
	removeLeftovers(dir);

	/** The copy is dropped for it, by name. */
	function lose(body: Body): void {
		if (body.isLost) return;
		body.isLost = true;
		onDisk -= body.size;
		body.size = 0;
	}

	/** All that has come by now in one go, and then what has come meanwhile. */
	async function write(body: Body): Promise<void> {
		body.isWriting = true;
		while (body.waiting.length > 0) {
			const parts = body.waiting;
			const size = sizeOf(parts);
			body.waiting = [];
			if (!body.isLost && !body.isForgotten) {
				try {
					body.file ??= await open(body.path, "wx+", 0o600);
					await writeAll(body.file, parts, body.written);
					body.written += size;
				} catch {
					lose(body);
				}
			}
			onTaken(size);
		}
		body.isWriting = false;
	}

	async function remove(body: Body): Promise<void> {
		await body.writing;
		if (body.file === null) return;
		// Nothing more can be done about it now; the next start looks for what is left.
		await body.file.close().catch(() => {});
		await unlink(body.path).catch(() => {});
	}

	function bodyOf(spill: number): Body {
		const known = bodies.get(spill);
		if (known !== undefined) return known;
		const body: Body = {
			path: join(dir, `${process.pid}-${spill}.body`),
			size: 0,
			waiting: [],
			written: 0,
			isWriting: false,
			writing: Promise.resolve(),
			file: null,
			isLost: false,
			isForgotten: false,
		};
		bodies.set(spill, body);
		return body;
	}

	function addToDigest(spill: number, bytes: Buffer): void {
		const digest = digests.get(spill) ?? { size: 0, hash: createHash("sha256") };
		digests.set(spill, digest);
		digest.hash.update(bytes);
		digest.size += bytes.length;
		onTaken(bytes.length);
	}

	return {
		add(spill, isStored, bytes) {
			if (!isStored) {
				addToDigest(spill, bytes);
				return;
			}
			const body = bodyOf(spill);
			if (onDisk + bytes.length > diskBytes) lose(body);
			if (!body.isLost) {
				body.size += bytes.length;
				onDisk += bytes.length;
			}
			body.waiting.push(bytes);
			if (!body.isWriting) body.writing = write(body);
		},
		async stored(spill) {
			const body = bodies.get(spill);
			await body?.writing;
			const file = body?.file;
			if (!body || !file || body.isLost || body.isForgotten) return null;
			return { size: body.size, read: async (into, at) => (await file.read(into, 0, into.length, at)).bytesRead };
		},
		digest(spill) {
			const found = digests.get(spill);
			digests.delete(spill);
			return found === undefined ? null : { size: found.size, sha256: found.hash.digest("hex") };
		},
		forget(spill) {
			digests.delete(spill);
			const body = bodies.get(spill);
			if (body === undefined) return;
			bodies.delete(spill);
			body.isForgotten = true;
			onDisk -= body.size;
			void remove(body);
		},
	};
}

const sizeOf = (parts: readonly Buffer[]): number => parts.reduce((sum, { length }) => sum + length, 0);

async function writeAll(file: FileHandle, parts: readonly Buffer[], at: number): Promise<void> {
	const { bytesWritten } = await file.writev(parts, at);
	if (bytesWritten === sizeOf(parts)) return;
	const rest = Buffer.concat(parts).subarray(bytesWritten);
	for (let from = 0; from < rest.length; ) {
		const more = await file.write(rest, from, rest.length - from, at + bytesWritten + from);
		from += more.bytesWritten;
	}
}

/** Files of threads that ended without a word: of this process, and of processes that are gone. */
function removeLeftovers(dir: string): void {
	mkdirSync(dir, { recursive: true, mode: 0o700 });
	for (const name of readdirSync(dir)) {
		const pid = Number(/^(\d+)-\d+\.body$/.exec(name)?.[1] ?? 0);
		if (pid > 0 && (pid === process.pid || !isAlive(pid))) rmSync(join(dir, name), { force: true });
	}
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === "EPERM";
	}
}
