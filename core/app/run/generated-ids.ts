import type { Blueprint } from "../../contract/blueprint.ts";

/**
 * Numbers that the database gives to new rows, as `ComparePolicy.ids` wants them: of each table with one INTEGER PRIMARY KEY that no
 * insert of the slice sets by itself, that column and the columns declared as references to it. A number that the code chooses is a
 * value like any other.
 */
export function generatedIds({ tables, statements }: Pick<Blueprint, "tables" | "statements">): Record<string, string[]> {
	const inserts = statements.filter(({ kind }) => kind === "insert").map(({ sql }) => insertOf(sql));
	const ids: Record<string, string[]> = {};
	for (const { name, columns } of tables) {
		const keys = columns.filter((column) => column.primaryKey);
		const [key] = keys;
		// Only this very word makes the column the row's number: https://www.sqlite.org/lang_createtable.html#rowid
		if (key === undefined || keys.length > 1 || key.declared.trim().toUpperCase() !== "INTEGER") continue;
		const own = inserts.filter((insert) => insert === null || insert.table === name.toLowerCase());
		if (
			own.length === 0 ||
			own.some((insert) => insert === null || insert.columns.length === 0 || insert.columns.includes(key.name.toLowerCase()))
		)
			continue;
		ids[name] = [`${name}.${key.name}`, ...tables.flatMap((table) => referencesOf(table.name, table.ddl, name))];
	}
	return ids;
}

/** Null: not read. No columns: the statement sets all. */
function insertOf(sql: string): { table: string; columns: string[] } | null {
	const found = /^\s*(?:INSERT|REPLACE)(?:\s+OR\s+\w+)?\s+INTO\s+["[`]?(\w+)["\]`]?\s*(?:\(([^)]*)\))?/i.exec(sql);
	if (found === null) return null;
	const columns = (found[2] ?? "")
		.split(",")
		.map((column) =>
			column
				.trim()
				.replace(/^["[`]|["\]`]$/g, "")
				.toLowerCase(),
		)
		.filter((column) => column !== "");
	return { table: (found[1] as string).toLowerCase(), columns };
}

function referencesOf(table: string, ddl: string, target: string): string[] {
	const body = ddl.slice(ddl.indexOf("(") + 1);
	return body.split(",").flatMap((part) => {
		const found = /^\s*(?:(?:CONSTRAINT\s+\w+\s+)?FOREIGN\s+KEY\s*\(\s*)?["[`]?(\w+)["\]`]?.*?REFERENCES\s+["[`]?(\w+)/is.exec(part);
		return found?.[2]?.toLowerCase() === target.toLowerCase() ? [`${table}.${found[1]}`] : [];
	});
}
