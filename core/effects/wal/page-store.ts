import { readSync } from "node:fs";
import type { PageView } from "./btree.ts";
import type { Frame, FrameReader } from "./wal-file.ts";

/** The database as of the last commit that was taken in: each page from its newest frame, else from the main file. */
export type PageStore = {
	view: PageView;
	/** Takes a commit's frames in; from now on they are the state. */
	put(frames: Iterable<Frame>): void;
	/** The main file holds everything that was taken in: no frame is needed, and none may be read any more. */
	settle(): void;
};

const cachedPages = 4096;

/** The caller guarantees, by its pins, that the main file holds nothing newer than what was taken in. */
export function createPageStore(main: number, frames: FrameReader, pageSize: number): PageStore {
	const newest = new Map<number, number>();
	const cache = new Map<number, Buffer>();
	const keep = (page: number, image: Buffer) => {
		cache.delete(page);
		cache.set(page, image);
		if (cache.size > cachedPages) cache.delete(cache.keys().next().value as number);
	};
	return {
		view(page) {
			const cached = cache.get(page);
			if (cached !== undefined) return cached;
			const frame = newest.get(page);
			const image = frame === undefined ? readPage(main, page, pageSize) : frames.image(frame);
			keep(page, image);
			return image;
		},
		put(committed) {
			for (const { page, number, image } of committed) {
				newest.set(page, number);
				// A copy: the frame is a window on a larger read that would stay in memory with it.
				keep(page, Buffer.from(image));
			}
		},
		settle() {
			newest.clear();
		},
	};
}

function readPage(main: number, page: number, pageSize: number): Buffer {
	const image = Buffer.allocUnsafeSlow(pageSize);
	const read = readSync(main, image, 0, pageSize, (page - 1) * pageSize);
	return read < pageSize ? image.fill(0, read) : image;
}
