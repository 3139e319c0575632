import type { MapBlock, MapBox, MapSpot } from "../../contract/layout.ts";
import { roundedBox } from "./boxes.ts";
import { COLUMN_GAP, MANY_SHARE, ONE_COLUMN, PICTURE_ASPECT, ROUTE_R, rounded, TABLE_R } from "./sizes.ts";
import { compare, type LaidNode, type MapTree } from "./tree.ts";

type Side = { kind: "route" | "table"; nodes: readonly LaidNode[]; at: Map<string, MapSpot>; core: MapBox; tree: MapTree };
type Entry = { id: string; y: number; home: string };

const MOST_COLUMNS = 6;
/** One row of a column and the room of a name beside a mark, in radii. */
const ROW = 2.9;
const CELL = 11;

/** Doors to the left of the code or stores to the right, each near the height of what it touches. */
export function column(side: Side): MapBlock[] {
	const { kind, nodes, at, core } = side;
	if (nodes.length === 0) return [];
	const entries = entriesOf(side);
	const base = kind === "route" ? ROUTE_R : TABLE_R;
	if (nodes.length > ONE_COLUMN) return blocks(side, entries, base);
	// Beside a large map a mark of the usual size would be a speck.
	const r = rounded(Math.max(base, Math.min((core.bottom - core.top) / nodes.length / 6, (core.bottom - core.top) / 60)));
	const x = kind === "route" ? core.left - COLUMN_GAP - r : core.right + COLUMN_GAP + r;
	const height = Math.max((core.bottom - core.top) * 0.94, nodes.length * r * ROW);
	const top = (core.top + core.bottom) / 2 - height / 2;
	const ordered = [...entries].sort((a, b) => a.y - b.y || compare(a.id, b.id));
	for (const [index, { id }] of ordered.entries()) at.set(id, [rounded(x), rounded(top + (height * (index + 0.5)) / ordered.length), r]);
	return [];
}

/** Groups by package, one under the other in order of height; each fills rows of as many columns as it takes to fit. */
function blocks({ kind, at, core, tree }: Side, entries: readonly Entry[], base: number): MapBlock[] {
	const homes = new Map<string, Entry[]>();
	for (const entry of entries) homes.set(entry.home, [...(homes.get(entry.home) ?? []), entry]);
	const groups = [...homes]
		.map(([home, members]) => ({ home, members, y: mean(members.map((member) => member.y)) }))
		.sort((a, b) => a.y - b.y || compare(a.home, b.home));
	const height = core.bottom - core.top;
	const rowsAt = (columns: number) => groups.reduce((sum, group) => sum + Math.ceil(group.members.length / columns) + 1, 0);
	// As large as the height allows, in as many columns as the width does.
	let columns = 1;
	let row = base * 2.4;
	for (let tried = 1; tried <= MOST_COLUMNS; tried++) {
		const high = height / rowsAt(tried);
		if (high <= row || (tried > 1 && (tried * high * CELL) / ROW > height * PICTURE_ASPECT * MANY_SHARE)) continue;
		columns = tried;
		row = high;
	}
	const r = rounded(row / ROW);
	const width = r * CELL;
	const left = kind === "route" ? core.left - COLUMN_GAP - columns * width : core.right + COLUMN_GAP;
	let top = (core.top + core.bottom) / 2 - (row * rowsAt(columns)) / 2;
	const names = new Map(tree.packages.map((one) => [one.id, one.name]));
	return groups.map(({ home, members }) => {
		const ordered = [...members].sort((a, b) => compare(a.id, b.id));
		// Marks stand on the side of their names' ends: routes to the right of theirs, tables to the left.
		const inset = kind === "route" ? width - r * 1.6 : r * 1.6;
		const used = Math.min(columns, ordered.length);
		const start = kind === "route" ? left + (columns - used) * width : left;
		for (const [index, { id }] of ordered.entries()) {
			const [cell, line] = [index % used, Math.floor(index / used)];
			at.set(id, [rounded(start + cell * width + inset), rounded(top + row * (line + 1.1)), r]);
		}
		const lines = Math.ceil(ordered.length / used);
		const box = roundedBox({ left: start, top: top + row * 0.35, right: start + used * width, bottom: top + row * (lines + 0.75) });
		top += row * (lines + 1);
		return { id: `block:${kind}:${home}`, kind, name: names.get(home) ?? home, members: ordered.map(({ id }) => id), box };
	});
}

function entriesOf({ nodes, tree, at }: Side): Entry[] {
	const touched = new Map<string, string[]>(nodes.map((node) => [node.id, []]));
	for (const edge of tree.edges) {
		touched.get(edge.from)?.push(edge.to);
		touched.get(edge.to)?.push(edge.from);
	}
	return nodes.map(({ id }) => {
		const others = touched.get(id) ?? [];
		const ys = others.flatMap((other) => at.get(other)?.[1] ?? []);
		return { id, y: ys.length === 0 ? 0 : mean(ys), home: homeOf(others, tree) };
	});
}

/** The package that touches it most. */
function homeOf(others: readonly string[], { parents }: MapTree): string {
	const counts = new Map<string, number>();
	for (const other of others) {
		const home = parents.get(parents.get(other) ?? other) ?? "package:";
		counts.set(home, (counts.get(home) ?? 0) + 1);
	}
	return [...counts].sort((a, b) => b[1] - a[1] || compare(a[0], b[0]))[0]?.[0] ?? "package:";
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
