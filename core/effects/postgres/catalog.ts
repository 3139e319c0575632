import type { Client } from "pg";
import { quoteName } from "../sql-value.ts";

export type TableColumn = {
	/** Stays when the column gets another name. */
	number: number;
	name: string;
	/** The oid of its type. */
	type: number;
	/** For a domain, the oid of the type that it is made of; else as `type`. */
	base: number;
};

export type TableShape = {
	oid: number;
	schema: string;
	name: string;
	/** `d` default, `n` nothing, `f` full, `i` index. */
	identity: string;
	isLogged: boolean;
	/** The columns that tell its rows apart: its primary key, else a unique index without NULLs; empty when there is none. */
	key: readonly string[];
	/** Without generated ones: those are not in the log. */
	columns: readonly TableColumn[];
};

/** As it is named in commits: alone in `public`, else with its schema; quoted where a dot would mislead. */
export function tableName({ schema, name }: { schema: string; name: string }): string {
	const part = (text: string) => (text.includes(".") || text.includes('"') ? quoteName(text) : text);
	return schema === "public" ? part(name) : `${part(schema)}.${part(name)}`;
}

/** As a statement names it. */
export function quotedTable({ schema, name }: { schema: string; name: string }): string {
	return `${quoteName(schema)}.${quoteName(name)}`;
}

const userTables = `pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
	WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'`;

/**
 * Changes whenever a table comes, goes, gets another name, identity, number of columns, type of a column or unique key. A column's
 * new name is not in it; the log tells that with the next change. Cheap: no column is read.
 */
export const fingerprint = `(SELECT md5(concat(
	(SELECT string_agg(concat_ws(':', c.oid, c.xmin, c.relname, n.nspname, c.relreplident, c.relpersistence), ',' ORDER BY c.oid) FROM ${userTables}),
	(SELECT string_agg(concat_ws(':', i.indexrelid, i.xmin), ',' ORDER BY i.indexrelid) FROM pg_index i
		WHERE i.indisunique AND i.indrelid IN (SELECT c.oid FROM ${userTables})))))`;

const tablesQuery = `
	WITH RECURSIVE bases (oid, base) AS (
		SELECT oid, oid FROM pg_type WHERE typtype <> 'd'
		UNION ALL SELECT t.oid, b.base FROM pg_type t JOIN bases b ON t.typbasetype = b.oid WHERE t.typtype = 'd'
	), keys AS (
		SELECT DISTINCT ON (i.indrelid) i.indrelid, (
			SELECT json_agg(a.attname ORDER BY k.place) FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (number, place)
			JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number WHERE k.place <= i.indnkeyatts
		) AS names
		FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
		WHERE i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL AND NOT EXISTS (
			SELECT FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (number, place)
			JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
			WHERE k.place <= i.indnkeyatts AND (NOT a.attnotnull OR a.attgenerated <> ''))
		ORDER BY i.indrelid, i.indisprimary DESC, x.relname
	)
	SELECT c.oid::text, n.nspname, c.relname, c.relreplident, c.relpersistence, coalesce(k.names, '[]')::text AS key, (
		SELECT coalesce(json_agg(json_build_object('number', a.attnum, 'name', a.attname, 'type', a.atttypid::int8, 'base', b.base::int8) ORDER BY a.attnum), '[]')::text
		FROM pg_attribute a JOIN bases b ON b.oid = a.atttypid
		WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
	) AS columns
	FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN keys k ON k.indrelid = c.oid
	WHERE c.oid IN (SELECT c.oid FROM ${userTables})
	ORDER BY n.nspname, c.relname`;

/** Every ordinary table outside the system's schemas, partitions one by one; temporary ones belong to their sessions. */
export async function readTables(client: Client): Promise<TableShape[]> {
	const { rows } = await client.query<Record<string, string>>(tablesQuery);
	return rows.map((row) => ({
		oid: Number(row.oid),
		schema: String(row.nspname),
		name: String(row.relname),
		identity: String(row.relreplident),
		isLogged: row.relpersistence === "p",
		key: JSON.parse(String(row.key)) as string[],
		columns: JSON.parse(String(row.columns)) as TableColumn[],
	}));
}
