import type { FaultData } from "../../../core/base/index.ts";
import type { QueryAnswer } from "../../../core/contract/api.ts";
import type { Question } from "../../../core/contract/history.ts";
import type { Context } from "../../app/commands/index.ts";
import { faultFrom } from "../../app/trouble.ts";

/** What a question came to. */
export type Outcome = { kind: "answer"; answer: QueryAnswer } | { kind: "fault"; fault: FaultData };

/** A question that SQLite does not understand is answered where it was asked, not by a card. */
export async function askJournal(app: Context, sql: string): Promise<Outcome> {
	try {
		const client = app.client();
		if (client === null) throw new Error("no core");
		return { kind: "answer", answer: await client.journal.query({ sql }) };
	} catch (error) {
		return { kind: "fault", fault: faultFrom(error) };
	}
}

export const entrySql = (seq: string) =>
	`SELECT seq, datetime(at / 1000, 'unixepoch') AS utc, kind, function, data\nFROM entries\nWHERE seq = ${Number.parseInt(seq, 10) || 0}`;

/** Tables and views with their columns, asked of SQLite itself. */
export const schemaSql = `SELECT m.type, m.name AS "table", c.name AS "column", c.type AS affinity
FROM sqlite_master AS m, pragma_table_info(m.name) AS c
WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite_%'
ORDER BY m.type, m.name, c.cid`;

export type Schema = { name: string; columns: string[] }[];

export function schemaOf({ rows }: QueryAnswer): Schema {
	const tables = new Map<string, string[]>();
	for (const [, table, column] of rows) tables.set(String(table), [...(tables.get(String(table)) ?? []), String(column)]);
	return [...tables].map(([name, columns]) => ({ name, columns }));
}

/** The question that a text is, whatever its blanks. */
export function questionOf(sql: string, questions: readonly Question[]): Question | null {
	const plain = (text: string) => text.replace(/\s+/g, " ").trim();
	return questions.find((question) => plain(question.sql) === plain(sql)) ?? null;
}
