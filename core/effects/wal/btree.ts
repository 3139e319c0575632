import { type Cursor, type Int64, readVarint } from "./varint.ts";

/** The image of a page (1-based number) at one point of the database's history. */
export type PageView = (page: number) => Buffer;

/**
 * One row's cell on a table leaf: its bytes are `page[start, end)`.
 *
 *   | payload size | rowid | first `local` bytes of the payload | overflow page, if `size` > `local` |
 *                          ^ payloadAt
 */
export type Cell = { key: Int64; page: Buffer; start: number; payloadAt: number; local: number; size: number; end: number };

const tableInterior = 5;
const tableLeaf = 13;

/** Page 1 begins with the 100-byte header of the file. */
function headerAt(page: number): number {
	return page === 1 ? 100 : 0;
}

export function isLeaf(image: Buffer, page: number): boolean {
	return image[headerAt(page)] === tableLeaf;
}

export function isInterior(image: Buffer, page: number): boolean {
	return image[headerAt(page)] === tableInterior;
}

/** The children of an interior table page, in key order. */
export function childrenOf(image: Buffer, page: number): number[] {
	const header = headerAt(page);
	const count = image.readUInt16BE(header + 3);
	const children: number[] = [];
	for (let cell = 0; cell < count; cell++) children.push(image.readUInt32BE(image.readUInt16BE(header + 12 + 2 * cell)));
	children.push(image.readUInt32BE(header + 8));
	return children;
}

/** The cells of a table leaf in key order. `usable`: page size less the reserved bytes. */
export function cellsOf(image: Buffer, page: number, usable: number): Cell[] {
	const header = headerAt(page);
	const count = image.readUInt16BE(header + 3);
	const cells: Cell[] = [];
	for (let cell = 0; cell < count; cell++) cells.push(cellAt(image, image.readUInt16BE(header + 8 + 2 * cell), usable));
	return cells;
}

function cellAt(page: Buffer, start: number, usable: number): Cell {
	const cursor: Cursor = { at: start };
	const size = Number(readVarint(page, cursor));
	const key = readVarint(page, cursor);
	const local = localSize(size, usable);
	return { key, page, start, payloadAt: cursor.at, local, size, end: cursor.at + local + (size > local ? 4 : 0) };
}

/** https://www.sqlite.org/fileformat2.html#b_tree_pages (table leaf cells). */
function localSize(size: number, usable: number): number {
	const most = usable - 35;
	if (size <= most) return size;
	const least = Math.floor(((usable - 12) * 32) / 255) - 23;
	const spilled = least + ((size - least) % (usable - 4));
	return spilled <= most ? spilled : least;
}

export function equalCells(a: Cell, b: Cell): boolean {
	const size = a.end - a.start;
	if (b.end - b.start !== size) return false;
	// The usual cell is shorter than a call into native code is long.
	if (size > 200) return a.page.compare(b.page, b.start, b.end, a.start, a.end) === 0;
	for (let at = 0; at < size; at++) if (a.page[a.start + at] !== b.page[b.start + at]) return false;
	return true;
}

export function hasOverflow(cell: Cell): boolean {
	return cell.size > cell.local;
}

/** The overflow pages of a cell, in order. */
export function overflowPages(cell: Cell, view: PageView, usable: number): number[] {
	const pages: number[] = [];
	if (!hasOverflow(cell)) return pages;
	let next = cell.page.readUInt32BE(cell.payloadAt + cell.local);
	for (let rest = cell.size - cell.local; rest > 0; rest -= usable - 4) {
		pages.push(next);
		next = view(next).readUInt32BE(0);
	}
	return pages;
}

export function payloadOf(cell: Cell, view: PageView, usable: number): Buffer {
	const local = cell.page.subarray(cell.payloadAt, cell.payloadAt + cell.local);
	if (!hasOverflow(cell)) return local;
	const parts = [local];
	let rest = cell.size - cell.local;
	for (const page of overflowPages(cell, view, usable)) {
		const part = view(page).subarray(4, 4 + Math.min(rest, usable - 4));
		parts.push(part);
		rest -= part.length;
	}
	return Buffer.concat(parts);
}

/** All cells of the tree below `root`, in key order. */
export function* scanTree(root: number, view: PageView, usable: number): Generator<Cell> {
	const image = view(root);
	if (isLeaf(image, root)) yield* cellsOf(image, root, usable);
	else if (isInterior(image, root)) for (const child of childrenOf(image, root)) yield* scanTree(child, view, usable);
}

export function findCell(root: number, key: Int64, view: PageView, usable: number): Cell | null {
	let page = root;
	let image = view(page);
	while (isInterior(image, page)) {
		page = childFor(image, page, key);
		image = view(page);
	}
	return cellsOf(image, page, usable).find((cell) => cell.key === key) ?? null;
}

function childFor(image: Buffer, page: number, key: Int64): number {
	const header = headerAt(page);
	const count = image.readUInt16BE(header + 3);
	for (let cell = 0; cell < count; cell++) {
		const at = image.readUInt16BE(header + 12 + 2 * cell);
		if (readVarint(image, { at: at + 4 }) >= key) return image.readUInt32BE(at);
	}
	return image.readUInt32BE(header + 8);
}
