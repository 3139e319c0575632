import type { Client } from "pg";
import { unsuitable } from "../unsuitable.ts";
import type { SchemaDifference } from "../wal/row-diff.ts";
import { readTables, type TableShape, tableName } from "./catalog.ts";
import { compareShapes } from "./schema-watch.ts";

/** The tables of the opening, as the catalog shows them now. */
export type FollowedTables = {
	shape(oid: number): TableShape | undefined;
	/** Reads the catalog. Throws DATABASE_UNSUITABLE when it is no longer the same tables with the same keys and full images. */
	refresh(client: Client): Promise<void>;
	readonly names: readonly string[];
};

export function createFollowedTables(
	file: string,
	tables: readonly TableShape[],
	onChange: (difference: SchemaDifference) => void,
): FollowedTables {
	// Of a dropped table the log may still hold rows that were not read yet.
	const shapes = new Map(tables.map((table) => [table.oid, table]));
	const dropped = new Set<number>();
	return {
		shape: (oid) => shapes.get(oid),
		async refresh(client) {
			const now = await readTables(client);
			const present = new Map([...shapes].filter(([oid]) => !dropped.has(oid)));
			const { broken, tables: changed, renamed } = compareShapes(present, now);
			if (broken !== null) throw unsuitable(file, broken);
			const oids = new Set(now.map(({ oid }) => oid));
			for (const oid of present.keys()) if (!oids.has(oid)) dropped.add(oid);
			for (const table of now) shapes.set(table.oid, table);
			if (changed.length + renamed.length > 0) onChange({ tables: changed, renamed });
		},
		names: tables.map(tableName),
	};
}
