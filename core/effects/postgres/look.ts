import type { Client } from "pg";
import { systemClock } from "../../base/index.ts";
import { fingerprint } from "./catalog.ts";
import { quoteText } from "./connection.ts";

export type Look = {
	/** Changes with the tables; see `fingerprint`. */
	schema: string;
	askedAt: number;
	/** The server's clock, in milliseconds since 1970. */
	serverMs: number;
	/** How much log the server keeps because of the slot, in bytes; null when there is no such slot. */
	retainedBytes: number | null;
};

/**
 * One question for all that changes outside the log. With `mark` it also writes that text into the log, as a transaction of its own:
 * whoever reads it there has read everything that was committed before.
 */
export async function look(client: Client, slot: string, mark: { prefix: string; text: string } | null): Promise<Look> {
	const askedAt = systemClock.now();
	const writing = mark === null ? "NULL" : `pg_logical_emit_message(true, ${quoteText(mark.prefix)}, ${quoteText(mark.text)})`;
	const { rows } = await client.query<{ schema: string; ms: string; retained: string | null }>(
		`SELECT ${writing}, ${fingerprint} AS schema, (extract(epoch FROM clock_timestamp()) * 1000)::text AS ms,
			(SELECT pg_current_wal_lsn() - restart_lsn FROM pg_replication_slots WHERE slot_name = ${quoteText(slot)})::text AS retained`,
	);
	const row = rows[0];
	const retained = row?.retained ?? null;
	return {
		schema: row?.schema ?? "",
		askedAt,
		serverMs: Number(row?.ms),
		retainedBytes: retained === null ? null : Number(retained),
	};
}
