import type { Database } from "sql.js";

/**
 * Counts the entries after `from` up to `to` (sequence numbers) that come with every request, and takes them out of `entries`. Their
 * lines stay in the journal's file. Decisions, groups of mismatches, stages and all other kinds are kept one by one.
 */
export function fold(database: Database, from: number, to: number): void {
	const range = [from, to];
	database.run(
		`INSERT INTO folded
		 SELECT kind, function, version, verdict, reason, count(*), sum(requests), min(seq), max(seq) FROM (
		   SELECT seq, kind, function, data ->> '$.version' AS version, data ->> '$.verdict' AS verdict, data ->> '$.reason' AS reason,
		          coalesce(data ->> '$.count', 1) AS requests
		   FROM entries WHERE seq > ? AND seq <= ? AND kind IN ('compared', 'dropped', 'run.event'))
		 GROUP BY kind, function, version, verdict, reason`,
		range,
	);
	database.run("DELETE FROM entries WHERE seq > ? AND seq <= ? AND kind IN ('compared', 'dropped', 'run.event')", range);
}
