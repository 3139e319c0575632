/** Lines as the connector of PostgreSQL writes them, for histories that no server can be brought to write at will. */
export type Row = { id: number; name: string };
export type Said = { txId: number; lsn: number; lastCommit?: number; metadata?: { order: number } };

export function changeLine(op: "c" | "u" | "d", row: Row, { txId, lsn, lastCommit, metadata }: Said, before: Row | null = null): string {
	const source = {
		...{ version: "3.6.1.Final", connector: "postgresql", name: "bank", ts_ms: 1_700_000_000_000 + txId, snapshot: "false", db: "bank" },
		...{
			sequence: JSON.stringify([lastCommit === undefined ? null : `${lastCommit}`, `${lsn}`]),
			schema: "public",
			table: "accounts",
			txId,
			lsn,
		},
	};
	const transaction =
		metadata === undefined ? null : { id: `${txId}:${lsn}`, total_order: metadata.order, data_collection_order: metadata.order };
	const value = { before: op === "d" ? row : before, after: op === "d" ? null : row, source, transaction, op, ts_ms: 1 };
	return JSON.stringify({ topic: "bank", key: { id: row.id }, value });
}

export function beginLine(txId: number, lsn: number): string {
	return JSON.stringify({ key: { id: `${txId}:${lsn}` }, value: { status: "BEGIN", id: `${txId}:${lsn}`, event_count: null, ts_ms: 1 } });
}

export function endLine(txId: number, lsn: number, count: number): string {
	return JSON.stringify({ key: { id: `${txId}:${lsn}` }, value: { status: "END", id: `${txId}:${lsn}`, event_count: count, ts_ms: 1 } });
}

/** One whole transaction with metadata that inserts the rows; its log begins at `lsn`. */
export function insertLines(txId: number, lsn: number, ...ids: number[]): string[] {
	const changes = ids.map((id, place) =>
		changeLine("c", { id, name: `row ${id}` }, { txId, lsn: lsn + place, metadata: { order: place + 1 } }),
	);
	return [beginLine(txId, lsn), ...changes, endLine(txId, lsn + ids.length, ids.length)];
}
