import type { SchemaDifference } from "../wal/row-diff.ts";
import { type TableShape, tableName } from "./catalog.ts";
import type { Relation } from "./pgoutput.ts";

export type ShapeDifference = SchemaDifference & {
	/** Why the tables can no longer all be followed, or null. */
	broken: string | null;
};

/** What has changed from the tables that are followed to those that there are now. */
export function compareShapes(followed: ReadonlyMap<number, TableShape>, now: readonly TableShape[]): ShapeDifference {
	const difference: ShapeDifference = { tables: [], renamed: [], broken: null };
	const present = new Map(now.map((table) => [table.oid, table]));
	for (const table of now) {
		const before = followed.get(table.oid);
		const [name, former] = [tableName(table), before && tableName(before)];
		if (before === undefined) difference.broken ??= `table ${name} has come, and the publication does not hold it`;
		else if (table.identity !== "f") difference.broken ??= `the replica identity of table ${name} is no longer FULL`;
		else if (!table.isLogged) difference.broken ??= `table ${name} is no longer in the log (UNLOGGED)`;
		else if (table.key.length === 0) difference.broken ??= `table ${name} has lost the key that tells its rows apart`;
		else if (keyOf(before) !== keyOf(table)) difference.broken ??= `the key of table ${name} has changed`;
		if (former !== undefined && former !== name) difference.renamed.push({ from: former, to: name });
		else if (before !== undefined && !sameColumns(before, table)) difference.tables.push(name);
	}
	for (const table of followed.values()) if (!present.has(table.oid)) difference.tables.push(tableName(table));
	return difference;
}

/** The log describes the table as the catalog did. */
export function isAsKnown(relation: Relation, shape: TableShape | undefined): shape is TableShape {
	return shape !== undefined && tableName(shape) === tableName(relation) && sameColumns(shape, relation);
}

/** By the numbers of its columns: those may get other names. */
function keyOf({ key, columns }: TableShape): string {
	return key.map((name) => columns.find((column) => column.name === name)?.number).join(",");
}

type Columns = { columns: readonly { name: string; type: number }[] };

function sameColumns(a: Columns, b: Columns): boolean {
	const print = ({ columns }: Columns) => JSON.stringify(columns.map(({ name, type }) => [name, type]));
	return print(a) === print(b);
}
