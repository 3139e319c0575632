import type { DatabaseSync } from "node:sqlite";
import { type StoredTable, storedTables } from "../table-columns.ts";
import type { DifferingRows, EqualityLook } from "./messages.ts";
import { compareRange } from "./row-ranges.ts";

/** Where the next look begins: a row of a table; null: the first of the first. `rows`: since the first. */
type Place = { table: string; row: bigint | null; rows: number };

/**
 * Looks at the tables of `main` and the attached `other`, a bounded number of rows at a time and round and round. Each look is one
 * read transaction: what it compares are two states, each of one moment.
 */
export function createTableWalk(database: DatabaseSync): (budgetRows: number) => EqualityLook {
	let place: Place | null = null;
	let schema = { version: "", pairs: [] as { here: StoredTable; there: StoredTable }[], uneven: [] as DifferingRows[] };

	return (budgetRows) => {
		const started = performance.now();
		database.exec("BEGIN");
		try {
			const version = versionOf(database);
			if (version !== schema.version) schema = { version, ...pairsOf(database) };
			const { pairs, uneven } = schema;
			const differing = [...uneven];
			let rows = 0;
			let { table, row, rows: before }: Place = place ?? { table: "", row: null, rows: 0 };
			// A table that is gone meanwhile: the next in the order takes its place.
			let index = pairs.findIndex(({ here }) => here.name >= table);
			if (index >= 0 && pairs[index]?.here.name !== table) row = null;
			while (index >= 0 && index < pairs.length && rows < budgetRows) {
				const { here } = pairs[index] as { here: StoredTable };
				const look = compareRange(database, here, row, budgetRows - rows);
				rows += look.rows;
				if (look.differing) differing.push(look.differing);
				row = look.next;
				table = here.name;
				if (row !== null) {
					// Rows of the other side alone cost as much and are not counted: one range is enough for a look.
					if (look.rows === 0) break;
					continue;
				}
				index++;
				table = pairs[index]?.here.name ?? "";
			}
			const isWhole = index < 0 || index >= pairs.length;
			place = isWhole ? null : { table, row, rows: before + rows };
			before += rows;
			const whole = isWhole ? { tables: pairs.length, rows: before } : null;
			return { rows, ms: performance.now() - started, differing, whole };
		} finally {
			database.exec("COMMIT");
		}
	};
}

function versionOf(database: DatabaseSync): string {
	const of = (schema: string) => database.prepare(`PRAGMA ${schema}.schema_version`).get()?.schema_version;
	return `${of("main")} ${of("other")}`;
}

function pairsOf(database: DatabaseSync): { pairs: { here: StoredTable; there: StoredTable }[]; uneven: DifferingRows[] } {
	const theirs = new Map(storedTables(database, "other").map((table) => [table.name, table]));
	const pairs: { here: StoredTable; there: StoredTable }[] = [];
	const uneven: DifferingRows[] = [];
	const isUneven = (table: string, note: string) => uneven.push({ table, keys: null, count: 1, sample: [note] });
	for (const here of storedTables(database)) {
		const there = theirs.get(here.name);
		theirs.delete(here.name);
		if (there === undefined) isUneven(here.name, "only here");
		else if (here.columns.join("\n") !== there.columns.join("\n"))
			isUneven(here.name, `columns ${here.columns.join(", ")} / ${there.columns.join(", ")}`);
		else pairs.push({ here, there });
	}
	for (const name of theirs.keys()) isUneven(name, "only there");
	return { pairs, uneven };
}
