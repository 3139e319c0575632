import { type JournalFile, openJournalFile } from "../journal-file.ts";

/** A real file on a disk of `capacity` bytes: the write that does not fit lands in part and fails as a full disk does. */
export type FlakyDisk = {
	capacity: number;
	/** The next so many syncs fail, as a dying disk's do. */
	failingSyncs: number;
	open: (path: string) => Promise<JournalFile>;
};

export function createFlakyDisk(capacity: number): FlakyDisk {
	const disk: FlakyDisk = {
		capacity,
		failingSyncs: 0,
		async open(path) {
			const file = await openJournalFile(path);
			return {
				...file,
				async write(bytes, position) {
					const room = Math.max(0, disk.capacity - position);
					await file.write(bytes.subarray(0, room), position);
					if (room < bytes.length) throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
				},
				async sync() {
					if (disk.failingSyncs > 0) {
						disk.failingSyncs--;
						throw Object.assign(new Error("EIO: i/o error, fsync"), { code: "EIO" });
					}
					await file.sync();
				},
			};
		},
	};
	return disk;
}
