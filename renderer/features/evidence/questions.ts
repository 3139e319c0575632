/** Questions an auditor asks first, over the tables and views of the journal's projection. */
export const questions: readonly { title: string; sql: string }[] = [
	{
		title: "Who decided what",
		sql: "SELECT seq, datetime(at / 1000, 'unixepoch') AS utc, kind, function, decision, decided_by\nFROM decisions\nORDER BY seq DESC\nLIMIT 200",
	},
	{
		title: "Verdicts per function and version",
		sql: "SELECT function, version, verdict, count(*) AS requests\nFROM verdicts\nGROUP BY function, version, verdict\nORDER BY function, version, verdict",
	},
	{
		title: "Mismatches by cause",
		sql: "SELECT function, cause, field, place, rows_only, request\nFROM mismatches\nORDER BY function, cause",
	},
	{
		title: "Patches and their decisions",
		sql: "SELECT patch, function, cause, sites, candidates, round(ms) AS ms, decision, decided_by\nFROM patches\nORDER BY seq",
	},
	{
		title: "Every change of the routing",
		sql: "SELECT seq, datetime(at / 1000, 'unixepoch') AS utc, version, reason\nFROM plans\nORDER BY seq",
	},
	{
		title: "Mirrored requests not compared",
		sql: "SELECT reason, sum(count) AS requests\nFROM drops\nGROUP BY reason\nORDER BY requests DESC",
	},
];
