import type { RowChange, RowImage, SqlValue } from "../../contract/effects.ts";
import { netChanges } from "../net-changes.ts";
import { unsuitable } from "../unsuitable.ts";
import { type Cell, cellsOf, equalCells, findCell, hasOverflow, overflowPages, type PageView, payloadOf, scanTree } from "./btree.ts";
import { createPageOwners, type LeafMoves } from "./page-owners.ts";
import { type Column, decodeRecord, type TextEncoding, UnreadableText } from "./record.ts";
import { type SchemaRow, type TableShape, tableShapes } from "./table-shapes.ts";
import type { Int64 } from "./varint.ts";

export type RowDiff = {
	/** Takes in one commit: its page numbers, and the database just before and just after it. */
	commit(changed: ReadonlySet<number>, before: PageView, after: PageView): { changes: RowChange[]; schema: SchemaDifference };
	readonly tables: readonly string[];
};

/** Tables whose definition changed, appeared or went, and those that only got another name. */
export type SchemaDifference = { tables: string[]; renamed: { from: string; to: string }[] };

export type RowDiffOptions = { usable: number; encoding: TextEncoding; file: string };

type Cells = Map<Int64, Cell>;
type Touched = { before: Cells; after: Cells };
/** The schema table's own tree number; the others count up from here. */
const schemaTree = 1;
const schemaColumns = ["type", "name", "tbl_name", "rootpage", "sql"].map(
	(name): Column => ({ name, real: false, isKey: false, missing: null }),
);

/**
 * Turns page changes into row changes. `view` is the state to begin with; it is read once as a whole, to learn which
 * pages belong to which table and which rows run over into pages of their own.
 */
export function createRowDiff(view: PageView, { usable, encoding, file }: RowDiffOptions): RowDiff {
	const owners = createPageOwners();
	/** Overflow page -> its row: SQLite may rewrite such a page in place without touching the row's leaf. */
	const spilled = new Map<number, { tree: number; key: Int64 }>();
	let trees = new Map<number, TableShape>();
	let nextTree = schemaTree + 1;

	owners.plant(schemaTree, 1, view);
	for (const shape of tableShapes(readSchema(view), [], file)) plant(shape, view);

	function plant(shape: TableShape, at: PageView): void {
		const tree = nextTree++;
		trees.set(tree, shape);
		owners.plant(tree, shape.root, at);
		for (const cell of scanTree(shape.root, at, usable)) spill(tree, cell, at);
	}

	function spill(tree: number, cell: Cell, at: PageView): void {
		if (hasOverflow(cell)) for (const page of overflowPages(cell, at, usable)) spilled.set(page, { tree, key: cell.key });
	}

	function readSchema(at: PageView): SchemaRow[] {
		const rows: SchemaRow[] = [];
		for (const cell of scanTree(1, at, usable)) {
			const { type, name, rootpage, sql } = decodeRecord(payloadOf(cell, at, usable), cell.key, schemaColumns, encoding);
			if (text(type) !== "table" || text(name).startsWith("sqlite_") || number(rootpage) === 0) continue;
			rows.push({ name: text(name), root: number(rootpage), sql: text(sql) });
		}
		return rows;
	}

	function imageOf(cell: Cell, at: PageView, shape: TableShape): RowImage {
		try {
			return decodeRecord(payloadOf(cell, at, usable), cell.key, shape.columns, encoding);
		} catch (error) {
			if (!(error instanceof UnreadableText)) throw error;
			throw unsuitable(file, `in table ${shape.name}, row ${cell.key}, ${error.message}`, "Store such bytes as a BLOB.");
		}
	}

	/** A row's cell before and after, where they differ in bytes. */
	function touchedRows(leaves: LeafMoves, before: PageView, after: PageView): Touched {
		const touched: Touched = { before: new Map(), after: new Map() };
		for (const page of leaves.before) {
			const old = cellsOf(before(page), page, usable);
			if (leaves.after.delete(page)) mergeLeaf(old, cellsOf(after(page), page, usable), touched);
			else for (const cell of old) touched.before.set(cell.key, cell);
		}
		for (const page of leaves.after) for (const cell of cellsOf(after(page), page, usable)) touched.after.set(cell.key, cell);
		return touched;
	}

	function addSpilled(changed: ReadonlySet<number>, rows: Map<number, Touched>, before: PageView, after: PageView): void {
		for (const page of changed) {
			const row = spilled.get(page);
			const shape = row && trees.get(row.tree);
			if (row === undefined || shape === undefined) continue;
			const touched = rows.get(row.tree) ?? { before: new Map(), after: new Map() };
			rows.set(row.tree, touched);
			if (touched.before.has(row.key) || touched.after.has(row.key)) continue;
			const old = findCell(shape.root, row.key, before, usable);
			const now = findCell(shape.root, row.key, after, usable);
			if (old !== null) touched.before.set(row.key, old);
			if (now !== null) touched.after.set(row.key, now);
		}
	}

	function rowChanges(rows: Touched, was: TableShape, is: TableShape, before: PageView, after: PageView): RowChange[] {
		const changes: RowChange[] = [];
		for (const [key, cell] of rows.before) {
			const now = rows.after.get(key);
			if (now !== undefined && samePayload(cell, now, before, after)) continue;
			const next = now === undefined ? null : imageOf(now, after, is);
			const kind = next === null ? "delete" : "update";
			changes.push({ table: is.name, key: String(key), kind, before: imageOf(cell, before, was), after: next });
		}
		for (const [key, cell] of rows.after) {
			if (rows.before.has(key)) continue;
			changes.push({ table: is.name, key: String(key), kind: "insert", before: null, after: imageOf(cell, after, is) });
		}
		return changes;
	}

	function samePayload(a: Cell, b: Cell, before: PageView, after: PageView): boolean {
		if (a.size !== b.size) return false;
		return payloadOf(a, before, usable).equals(payloadOf(b, after, usable));
	}

	function unspill(rows: Touched, before: PageView): void {
		for (const cell of rows.before.values()) {
			if (hasOverflow(cell)) for (const page of overflowPages(cell, before, usable)) spilled.delete(page);
		}
	}

	/** A tree that got another root (VACUUM, a table made anew under its name), appeared or went: both sides in key order. */
	function replacedRows(was: TableShape | null, is: TableShape | null, before: PageView, after: PageView): Touched {
		const touched: Touched = { before: new Map(), after: new Map() };
		const olds = was === null ? [].values() : scanTree(was.root, before, usable);
		const news = is === null ? [].values() : scanTree(is.root, after, usable);
		let [old, now] = [olds.next(), news.next()];
		while (!old.done || !now.done) {
			const side = old.done ? 1 : now.done ? -1 : old.value.key === now.value.key ? 0 : old.value.key < now.value.key ? -1 : 1;
			const same = side === 0 && samePayload(old.value as Cell, now.value as Cell, before, after);
			if (side <= 0) {
				const cell = old.value as Cell;
				if (!same) touched.before.set(cell.key, cell);
				old = olds.next();
			}
			if (side >= 0) {
				const cell = now.value as Cell;
				if (!same) touched.after.set(cell.key, cell);
				now = news.next();
			}
		}
		return touched;
	}

	function fell(tree: number): void {
		owners.fell(tree);
		for (const [page, row] of spilled) if (row.tree === tree) spilled.delete(page);
	}

	return {
		get tables() {
			return [...trees.values()].map((shape) => shape.name);
		},
		commit(changed, before, after) {
			const old = trees;
			const plan = hasNewSchema(changed, before, after) ? planSchema(old, tableShapes(readSchema(after), [...old.values()], file)) : null;
			const kept = plan?.kept ?? old;
			const roots = new Map([...kept].map(([tree, shape]) => [tree, shape.root]));
			const moves = owners.follow(changed, roots.set(schemaTree, 1), before, after);
			moves.delete(schemaTree);

			const rows = new Map<number, Touched>();
			for (const [tree, leaves] of moves) rows.set(tree, touchedRows(leaves, before, after));
			trees = new Map(kept);
			addSpilled(changed, rows, before, after);
			const changes: RowChange[] = [];
			for (const [tree, touched] of rows) {
				changes.push(...rowChanges(touched, old.get(tree) as TableShape, kept.get(tree) as TableShape, before, after));
			}
			for (const { was, is } of plan?.replaced ?? []) {
				const touched = replacedRows(was?.shape ?? null, is, before, after);
				changes.push(...rowChanges(touched, (was?.shape ?? is) as TableShape, (is ?? was?.shape) as TableShape, before, after));
			}
			for (const { was } of plan?.replaced ?? []) if (was !== null) fell(was.tree);
			for (const touched of rows.values()) unspill(touched, before);
			for (const [tree, touched] of rows) for (const cell of touched.after.values()) spill(tree, cell, after);
			for (const { is } of plan?.replaced ?? []) if (is !== null) plant(is, after);
			return { changes: netChanges(changes), schema: plan?.difference ?? unchanged };
		},
	};
}

/** Every change of the schema, and every VACUUM, counts the cookie in page 1 up. */
function hasNewSchema(changed: ReadonlySet<number>, before: PageView, after: PageView): boolean {
	return changed.has(1) && before(1).readUInt32BE(40) !== after(1).readUInt32BE(40);
}

type SchemaPlan = {
	/** Trees that live on under their root, with their new shape. */
	kept: Map<number, TableShape>;
	/** Trees that got another root, appeared (`was` null) or went (`is` null). */
	replaced: { was: { tree: number; shape: TableShape } | null; is: TableShape | null }[];
	difference: SchemaDifference;
};

const unchanged: SchemaDifference = { tables: [], renamed: [] };

/** A table is the same table if its name is; failing that (renamed), if its root is. */
function planSchema(old: ReadonlyMap<number, TableShape>, shapes: readonly TableShape[]): SchemaPlan {
	const plan: SchemaPlan = { kept: new Map(), replaced: [], difference: { tables: [], renamed: [] } };
	const left = new Map(old);
	const take = (matches: (shape: TableShape) => boolean) => {
		for (const [tree, shape] of left) if (matches(shape)) return left.delete(tree) ? { tree, shape } : null;
		return null;
	};
	const byName = shapes.map((is) => ({ is, was: take((shape) => shape.name === is.name) }));
	for (const { is, was: named } of byName) {
		const was = named ?? take((shape) => shape.root === is.root);
		if (was?.shape.root === is.root) plan.kept.set(was.tree, is);
		else plan.replaced.push({ was, is });
		if (was?.shape.sql !== is.sql) plan.difference.tables.push(is.name);
		if (was !== null && was.shape.name !== is.name) plan.difference.renamed.push({ from: was.shape.name, to: is.name });
	}
	for (const [tree, shape] of left) {
		plan.replaced.push({ was: { tree, shape }, is: null });
		plan.difference.tables.push(shape.name);
	}
	return plan;
}

/** Merges two images of one leaf, both in key order; equal cells drop out. */
function mergeLeaf(old: readonly Cell[], now: readonly Cell[], touched: Touched): void {
	let [o, n] = [0, 0];
	while (o < old.length || n < now.length) {
		const [a, b] = [old[o], now[n]];
		if (a !== undefined && b !== undefined && a.key === b.key) {
			if (!equalCells(a, b)) {
				touched.before.set(a.key, a);
				touched.after.set(b.key, b);
			}
			o++;
			n++;
		} else if (b === undefined || (a !== undefined && a.key < b.key)) {
			touched.before.set((a as Cell).key, a as Cell);
			o++;
		} else {
			touched.after.set(b.key, b);
			n++;
		}
	}
}

function text(value: SqlValue | undefined): string {
	return value && "t" in value ? value.t : "";
}

function number(value: SqlValue | undefined): number {
	return value && "i" in value ? Number(value.i) : 0;
}
