import type { Client } from "pg";
import { quoteName } from "../sql-value.ts";
import { quotedTable, type TableShape } from "./catalog.ts";
import { quoteText } from "./connection.ts";

/** Slots and publications of this prefix live as long as the source that made them. */
export const passingPrefix = "phoenix_tmp_";
/** First key of the advisory locks by which a publication that lives is known from one left behind: "PHOE" in ASCII. */
const lockClass = 0x50484f45;

/**
 * Names the tables one by one. A publication FOR ALL TABLES would make the writers of a table that comes later without a replica
 * identity fail; this one can break no writer, as every table of it has the identity FULL.
 */
export async function createPublication(client: Client, name: string, tables: readonly TableShape[]): Promise<void> {
	const list = tables.map((table) => `ONLY ${quotedTable(table)}`).join(", ");
	await client.query(`CREATE PUBLICATION ${quoteName(name)}${list === "" ? "" : ` FOR TABLE ${list}`}`);
}

export async function dropPublication(client: Client, name: string): Promise<void> {
	await client.query(`DROP PUBLICATION IF EXISTS ${quoteName(name)}`);
}

/** The oids of the tables of a publication, or null when there is none of that name. */
export async function publishedTables(client: Client, name: string): Promise<Set<number> | null> {
	const { rows } = await client.query<{ oid: string | null }>(
		`SELECT r.prrelid::text AS oid FROM pg_publication p LEFT JOIN pg_publication_rel r ON r.prpubid = p.oid WHERE p.pubname = ${quoteText(name)}`,
	);
	return rows.length === 0 ? null : new Set(rows.flatMap(({ oid }) => (oid === null ? [] : [Number(oid)])));
}

/** Marks a passing publication as alive for as long as the connection lives. */
export async function holdName(client: Client, name: string): Promise<void> {
	await client.query(`SELECT pg_advisory_lock(${lockClass}, hashtext(${quoteText(name)}))`);
}

/** Removes the passing publications whose source was killed. One that this user may not drop stays. */
export async function dropAbandoned(client: Client): Promise<void> {
	const { rows } = await client.query<{ pubname: string }>(
		`SELECT pubname FROM pg_publication WHERE starts_with(pubname, ${quoteText(passingPrefix)}) AND pg_has_role(pubowner, 'USAGE')`,
	);
	for (const { pubname } of rows) {
		const key = `${lockClass}, hashtext(${quoteText(pubname)})`;
		const { rows: answer } = await client.query<{ free: boolean }>(`SELECT pg_try_advisory_lock(${key}) AS free`);
		if (answer[0]?.free !== true) continue;
		await dropPublication(client, pubname);
		await client.query(`SELECT pg_advisory_unlock(${key})`);
	}
}
