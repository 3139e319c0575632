import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { RowChange, RowImage } from "../contract/effects.ts";
import { netChanges } from "./net-changes.ts";
import { rivalsOf } from "./rivals.ts";
import { type BoundValue, fromBound, quoteName } from "./sql-value.ts";
import { type StoredTable, storedTables } from "./table-columns.ts";

export type TriggerCapture = {
	/** The net row changes since the last call, as the log's tail would give them for one transaction. */
	take(): RowChange[];
	/** What `act` writes is not noted. */
	unnoticed<Result>(act: () => Result): Result;
};

/**
 * Row changes of one connection, by temporary triggers and tables. Only for a private copy: a trigger runs inside the
 * writer. Covers the tables of this moment; changes of the schema are not followed.
 *
 * A trigger notes a row as it was when it is first touched; what it has become is read from the table by `take`. Rows that
 * a REPLACE pushes out fire no trigger of their own: every row that an insert or update could push out is noted before it.
 */
export function captureByTriggers(database: DatabaseSync): TriggerCapture {
	database.exec(`CREATE TEMP TABLE ${watching} (isOn INTEGER); INSERT INTO ${watching} VALUES (1)`);
	const turn = database.prepare(`UPDATE temp.${watching} SET isOn = ?`);
	const captures = storedTables(database).map((table, index) => captureTable(database, table, quoteName(`phoenix touched ${index}`)));
	return {
		take() {
			return netChanges(captures.flatMap((capture) => capture()));
		},
		unnoticed(act) {
			turn.run(0);
			try {
				return act();
			} finally {
				turn.run(1);
			}
		},
	};
}

const watching = quoteName("phoenix watching");

function captureTable(database: DatabaseSync, table: StoredTable, touched: string): () => RowChange[] {
	const { name, columns, rowid } = table;
	const slots = columns.map((_, index) => `c${index}`);
	const target = `main.${quoteName(name)}`;
	database.exec(`CREATE TEMP TABLE ${touched} (row INTEGER PRIMARY KEY, existed INTEGER, ${slots.join(", ")})`);

	// Not INSERT OR IGNORE: the conflict clause of the writer's own statement would take its place.
	const isNew = (row: string) => `NOT EXISTS (SELECT 1 FROM ${touched} WHERE row = ${row})`;
	const imageOf = (from: string) => columns.map((column) => `${from}.${quoteName(column)}`).join(", ");
	const noteOld = `INSERT INTO ${touched} SELECT OLD.${rowid}, 1, ${imageOf("OLD")} WHERE ${isNew(`OLD.${rowid}`)};`;
	const noteRivals = `INSERT INTO ${touched} SELECT rival.${rowid}, 1, ${imageOf("rival")} FROM ${target} AS rival
		WHERE (${rivalsOf(database, table).conditions.join(" OR ")}) AND ${isNew(`rival.${rowid}`)};`;
	const noteBorn = `INSERT INTO ${touched} (row, existed) SELECT NEW.${rowid}, 0 WHERE ${isNew(`NEW.${rowid}`)};`;
	const triggers: [string, string][] = [
		["BEFORE INSERT", noteRivals],
		["AFTER INSERT", noteBorn],
		["BEFORE UPDATE", noteOld + noteRivals],
		["AFTER UPDATE", noteBorn],
		["BEFORE DELETE", noteOld],
	];
	for (const [event, body] of triggers) {
		database.exec(
			`CREATE TEMP TRIGGER ${quoteName(`phoenix ${event} ${name}`)} ${event} ON ${target} WHEN (SELECT isOn FROM temp.${watching}) BEGIN ${body} END`,
		);
	}

	const nowSlots = columns.map((column, index) => `now.${quoteName(column)} AS n${index}`).join(", ");
	const read = database.prepare(
		`SELECT was.*, now.${rowid} IS NOT NULL AS exists_now, ${nowSlots} FROM temp.${touched} AS was LEFT JOIN ${target} AS now ON now.${rowid} = was.row`,
	);
	read.setReadBigInts(true);
	return createReader(read, database.prepare(`DELETE FROM temp.${touched}`), table);
}

function createReader(read: StatementSync, clear: StatementSync, { name, columns }: StoredTable): () => RowChange[] {
	return () => {
		const rows = read.all() as Record<string, BoundValue>[];
		if (rows.length === 0) return [];
		clear.run();
		return rows.map((row): RowChange => {
			const image = (side: "c" | "n"): RowImage =>
				Object.fromEntries(columns.map((column, index) => [column, fromBound(row[side + index] ?? null)]));
			const before = row.existed === 1n ? image("c") : null;
			const after = row.exists_now === 1n ? image("n") : null;
			return { table: name, key: String(row.row), kind: before === null ? "insert" : after === null ? "delete" : "update", before, after };
		});
	};
}
