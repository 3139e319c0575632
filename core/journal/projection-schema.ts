/** `function` is null for entries that belong to no single function. The views read the JSON of `data`. */
export const projectionSchema = `
CREATE TABLE entries (seq INTEGER PRIMARY KEY, at REAL NOT NULL, kind TEXT NOT NULL, function TEXT, data TEXT NOT NULL);
CREATE INDEX entries_by_kind ON entries (kind, seq);
CREATE INDEX entries_by_function ON entries (function, seq);

-- Old entries of the kinds that come with every request, no longer one by one.
CREATE TABLE folded (
  kind TEXT NOT NULL, function TEXT, version INTEGER, verdict TEXT, reason TEXT,
  entries INTEGER NOT NULL, requests INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL
);

CREATE VIEW verdicts AS
SELECT seq, at, function,
       data ->> '$.version' AS version,
       data ->> '$.seq' AS request,
       data ->> '$.verdict' AS verdict,
       data ->> '$.rows' AS rows,
       data ->> '$.ms' AS ms,
       data ->> '$.group' AS mismatch
FROM entries WHERE kind = 'compared';

CREATE VIEW mismatches AS
SELECT seq, at, function,
       data ->> '$.id' AS id,
       data ->> '$.cause' AS cause,
       data ->> '$.field' AS field,
       data ->> '$.where' AS place,
       data ->> '$.rowsOnly' AS rows_only,
       data ->> '$.state' AS state,
       data ->> '$.example.seq' AS request
FROM entries WHERE seq IN (SELECT max(seq) FROM entries WHERE kind = 'mismatch.group' GROUP BY data ->> '$.id');

CREATE VIEW drops AS
SELECT seq, at, function, data ->> '$.count' AS count, data ->> '$.reason' AS reason
FROM entries WHERE kind = 'dropped';

CREATE VIEW stages AS
SELECT seq, at, function,
       data ->> '$.migration.stage' AS stage,
       data ->> '$.migration.version' AS version,
       data ->> '$.migration.evidence.clean' AS clean,
       data ->> '$.migration.evidence.mismatched' AS mismatched,
       data ->> '$.migration.evidence.bound' AS bound,
       data ->> '$.migration.canary.weight' AS weight,
       data ->> '$.migration.reason' AS reason
FROM entries WHERE kind = 'run.state';

CREATE VIEW canary_steps AS
SELECT seq, at, function,
       data ->> '$.weight' AS weight,
       data ->> '$.since' AS since,
       data ->> '$.requests' AS requests,
       data ->> '$.errors' AS errors,
       data ->> '$.modernP95' AS modern_p95,
       data ->> '$.legacyP95' AS legacy_p95,
       data ->> '$.outcome' AS outcome,
       data ->> '$.reason' AS reason
FROM entries WHERE kind = 'canary.step';

CREATE VIEW patches AS
SELECT proposed.seq AS seq, proposed.at AS at, proposed.function AS function,
       proposed.data ->> '$.id' AS patch,
       proposed.data ->> '$.from' AS from_version,
       proposed.data ->> '$.to' AS to_version,
       proposed.data ->> '$.cause' AS cause,
       json_array_length(proposed.data, '$.sites') AS sites,
       proposed.data ->> '$.candidates' AS candidates,
       proposed.data ->> '$.ms' AS ms,
       coalesce(decided.data ->> '$.decision', decided.data ->> '$.state') AS decision,
       decided.data ->> '$.by' AS decided_by,
       decided.at AS decided_at
FROM entries AS proposed
LEFT JOIN entries AS decided ON decided.seq = (
  SELECT max(word.seq) FROM entries AS word
  WHERE word.kind IN ('patch.decided', 'patch.taken-back') AND word.data ->> '$.patch' = proposed.data ->> '$.id'
)
WHERE proposed.kind = 'patch.proposed';

CREATE VIEW plans AS
SELECT seq, at, data ->> '$.version' AS version, data ->> '$.reason' AS reason, data ->> '$.routes' AS routes
FROM entries WHERE kind = 'plan.set';

CREATE VIEW decisions AS
SELECT seq, at, kind, function,
       CASE kind
         WHEN 'patch.decided' THEN data ->> '$.decision'
         WHEN 'patch.taken-back' THEN data ->> '$.state'
         WHEN 'panic' THEN data ->> '$.reason'
         WHEN 'function.promoted' THEN 'version ' || (data ->> '$.version') || ' after ' || (data ->> '$.clean') || ' clean requests'
         WHEN 'run.ended' THEN data ->> '$.outcome'
       END AS decision,
       data ->> '$.by' AS decided_by
FROM entries
WHERE kind IN ('run.started', 'run.ended', 'patch.decided', 'patch.taken-back', 'panic', 'panic.cleared', 'function.promoted', 'legacy.retired', 'capsule.written');
`;
