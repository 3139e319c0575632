import { createHash, type Hash } from "node:crypto";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { type FileHandle, open, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { BodyDigest } from "../../../contract/traffic.ts";

/** A long body in its file. */
export type StoredBody = { size: number; read(into: Buffer, at: number): Promise<number> };

/** The mirror thread's long bodies: those of requests in files, those of answers as digests. Times and sizes are bounded by whoever adds. */
export type SpillStore = {
	add(spill: number, isStored: boolean, bytes: Buffer): void;
	/** When all that was added is written. null: it could not be, or there is none of this number. */
	stored(spill: number): Promise<StoredBody | null>;
	digest(spill: number): BodyDigest | null;
	forget(spill: number): void;
};

type Body = { path: string; size: number; file: FileHandle | null; writing: Promise<void>; isLost: boolean; isForgotten: boolean };
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

	function lose(body: Body): void {
		body.isLost = true;
		onDisk -= body.size;
		body.size = 0;
	}

	async function write(body: Body, bytes: Buffer, at: number): Promise<void> {
		try {
			if (body.isLost || body.isForgotten) return;
			body.file ??= await open(body.path, "wx+", 0o600);
			for (let from = 0; from < bytes.length; ) from += (await body.file.write(bytes, from, bytes.length - from, at + from)).bytesWritten;
		} catch {
			// A full disk, mostly. The copy is dropped for it, by name.
			if (!body.isLost) lose(body);
		} finally {
			onTaken(bytes.length);
		}
	}

	async function remove(body: Body): Promise<void> {
		await body.writing;
		await body.file?.close().catch(() => {});
		if (body.file !== null) await unlink(body.path).catch(() => {});
	}

	function bodyOf(spill: number): Body {
		const known = bodies.get(spill);
		if (known !== undefined) return known;
		const path = join(dir, `${process.pid}-${spill}.body`);
		const body: Body = { path, size: 0, file: null, writing: Promise.resolve(), isLost: false, isForgotten: false };
		bodies.set(spill, body);
		return body;
	}

	return {
		add(spill, isStored, bytes) {
			if (!isStored) {
				const digest = digests.get(spill) ?? { size: 0, hash: createHash("sha256") };
				digests.set(spill, digest);
				digest.hash.update(bytes);
				digest.size += bytes.length;
				onTaken(bytes.length);
				return;
			}
			const body = bodyOf(spill);
			if (!body.isLost && onDisk + bytes.length > diskBytes) lose(body);
			const at = body.size;
			if (!body.isLost) {
				body.size += bytes.length;
				onDisk += bytes.length;
			}
			body.writing = body.writing.then(() => write(body, bytes, at));
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
