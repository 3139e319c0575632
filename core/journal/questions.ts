/** A question that has a name, over the tables and views of the projection. */
export type NamedQuestion = { title: string; about: string; sql: string };

/** What an auditor asks first. */
export const shippedQuestions: readonly NamedQuestion[] = [
	{
		title: "Who decided what",
		about: "Every decision on traffic and patches, newest first.",
		sql: "SELECT seq, datetime(at / 1000, 'unixepoch') AS utc, kind, function, decision, decided_by\nFROM decisions\nORDER BY seq DESC\nLIMIT 200",
	},
	{
		title: "Verdicts per function and version",
		about: "How often each version agreed with legacy.",
		sql: "SELECT function, version, verdict, sum(requests) AS requests\nFROM (SELECT function, version, verdict, 1 AS requests FROM verdicts\n      UNION ALL SELECT function, version, verdict, requests FROM folded WHERE kind = 'compared')\nGROUP BY function, version, verdict\nORDER BY function, version, verdict",
	},
	{
		title: "Mismatches by cause",
		about: "One line for each cause, with the place in the legacy source.",
		sql: "SELECT function, cause, field, place, rows_only, state, request\nFROM mismatches\nORDER BY function, cause",
	},
	{
		title: "Patches and their decisions",
		about: "What each patch changed, what it cost to find, who let it in.",
		sql: "SELECT patch, function, cause, sites, candidates, round(ms) AS ms, decision, decided_by\nFROM patches\nORDER BY seq",
	},
	{
		title: "Canary weights and what they measured",
		about: "Every weight that was in force, with its figures and its end.",
		sql: "SELECT seq, function, weight, requests, errors, round(modern_p95, 1) AS modern_p95, round(legacy_p95, 1) AS legacy_p95, outcome, reason\nFROM canary_steps\nORDER BY seq",
	},
	{
		title: "Stages of each function",
		about: "When each function entered each stage, and why.",
		sql: "SELECT seq, datetime(at / 1000, 'unixepoch') AS utc, function, stage, version, weight, clean, bound, reason\nFROM stages\nORDER BY seq",
	},
	{
		title: "Every change of the routing",
		about: "The plans that the gateway followed.",
		sql: "SELECT seq, datetime(at / 1000, 'unixepoch') AS utc, version, reason\nFROM plans\nORDER BY seq",
	},
	{
		title: "Comparisons a minute",
		about: "How much evidence came in, and how much of it spoke against; of the newest million entries.",
		sql: "SELECT datetime(at / 60000 * 60, 'unixepoch') AS minute, count(*) AS compared,\n       sum(verdict IN ('mismatch', 'failed')) AS against, round(avg(ms), 2) AS ms\nFROM verdicts\nGROUP BY minute\nORDER BY minute",
	},
	{
		title: "Mirrored requests not compared",
		about: "Every request that is no evidence, with the reason.",
		sql: "SELECT reason, sum(count) AS requests\nFROM (SELECT reason, count FROM drops UNION ALL SELECT reason, requests FROM folded WHERE kind = 'dropped')\nGROUP BY reason\nORDER BY requests DESC",
	},
	{
		title: "What the journal holds",
		about: "Entries by kind, first and last.",
		sql: "SELECT kind, sum(entries) AS entries, min(first) AS first, max(last) AS last\nFROM (SELECT kind, 1 AS entries, seq AS first, seq AS last FROM entries\n      UNION ALL SELECT kind, entries, first, last FROM folded)\nGROUP BY kind\nORDER BY entries DESC",
	},
];
