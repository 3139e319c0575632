import { Client } from "pg";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { reasonOf } from "../../base/index.ts";
import type { Commit } from "../../contract/effects.ts";
import { type PostgresServer, startPostgres } from "../testing/postgres-server.ts";
import { openPostgres, type PostgresOptions, type PostgresSource } from "./open-postgres.ts";
import { dropSlot } from "./open-session.ts";

// A limit of safety on a busy machine; each waits for what it wants to see.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

let server: PostgresServer;
let database = 0;
let bank = "";
let address = "";
const opened: PostgresSource[] = [];
const clients: Client[] = [];

beforeAll(async () => {
	server = await startPostgres(["wal_level=logical", "max_replication_slots=4"]);
});
afterEach(async () => {
	for (const source of opened.splice(0)) await source.stop();
	for (const client of clients.splice(0)) await client.end();
});
afterAll(() => server?.stop());

async function create(...statements: readonly string[]): Promise<void> {
	bank = `bank${++database}`;
	address = server.address(bank);
	await server.query("postgres", `CREATE DATABASE ${bank}`);
	await run(...statements);
}
const run = (...statements: readonly string[]) => server.query(bank, ...statements);

async function open(options: PostgresOptions = {}) {
	const source = await openPostgres(address, { lookMs: 50, ...options });
	opened.push(source);
	const commits: Commit[] = [];
	const schema: unknown[] = [];
	const lost: string[] = [];
	source.onSchema((change) => schema.push(change));
	source.onLost((fault) => lost.push(reasonOf(fault)));
	const keys = () => commits.map(({ changes }) => changes.map(({ key }) => key).join("+"));
	return { source, commits, schema, lost, keys, subscribe: () => source.subscribe((commit) => commits.push(commit)) };
}

async function connect(): Promise<Client> {
	const client = new Client({ connectionString: address });
	client.on("error", () => {});
	clients.push(client);
	await client.connect();
	return client;
}

async function ask(sql: string): Promise<unknown[]> {
	const { rows } = await (await connect()).query({ text: sql, rowMode: "array" });
	return rows.map((row) => row[0]);
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
	const deadline = Date.now() + 60_000;
	while (!(await holds())) {
		if (Date.now() > deadline) throw new Error("it did not come");
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
}

const refusal = (options: PostgresOptions = {}) =>
	openPostgres(address, options).then(
		(source) => source.stop().then(() => ({ code: "none", data: {} as Record<string, string> })),
		(fault: { code: string; data: Record<string, string> }) => fault,
	);

test("[P1] what keeps rows from being whole is refused by the table's name, and the remedy is a statement that helps", async () => {
	await create(
		"CREATE SCHEMA s",
		'CREATE TABLE s."Konto" (id int PRIMARY KEY)',
		"CREATE TABLE b (id int PRIMARY KEY)",
		"CREATE TEMP TABLE passing (x int)",
	);
	const identity = await refusal();
	expect(identity.data.reason).toContain("of table b, table s.Konto as they were");
	expect(identity.data.remedy).toBe('Run: ALTER TABLE "public"."b" REPLICA IDENTITY FULL; ALTER TABLE "s"."Konto" REPLICA IDENTITY FULL;');
	await run((identity.data.remedy ?? "").slice("Run: ".length));
	expect((await refusal()).code).toBe("none");

	await run("CREATE UNLOGGED TABLE fast (id int PRIMARY KEY)");
	const unlogged = await refusal();
	expect(unlogged.data.reason).toContain("table fast is not in its log");
	await run(
		(unlogged.data.remedy ?? "").slice("Run: ".length),
		"ALTER TABLE fast REPLICA IDENTITY FULL",
		"CREATE TABLE log (line text UNIQUE)",
	);
	expect((await refusal()).data.reason).toContain("table log apart");
	await run("ALTER TABLE log ALTER line SET NOT NULL", "ALTER TABLE log REPLICA IDENTITY FULL");
	expect((await refusal()).code).toBe("none");
});

test("[P1] a server whose log is not logical, a wrong user, an unknown database and a server that is not there are told apart", async () => {
	const minimal = await startPostgres(["wal_level=replica"]);
	try {
		const fault = await openPostgres(minimal.address("postgres")).catch((error) => error);
		expect([fault.code, fault.data.reason, fault.data.remedy]).toEqual([
			"DATABASE_UNSUITABLE",
			expect.stringContaining("wal_level is replica"),
			expect.stringContaining("ALTER SYSTEM SET wal_level = 'logical'"),
		]);
	} finally {
		await minimal.stop();
	}
	await expect(openPostgres(minimal.address("postgres"))).rejects.toMatchObject({ code: "SOURCE_UNREADABLE" });
	await create("CREATE ROLE teller LOGIN PASSWORD 't'");
	await expect(openPostgres(server.address("nowhere"))).rejects.toMatchObject({
		code: "SOURCE_UNREADABLE",
		data: { reason: expect.stringContaining("nowhere") },
	});
	address = address.replace("postgres:teller-secret", "teller:wrong");
	expect(await refusal()).toMatchObject({
		code: "SOURCE_UNREADABLE",
		data: { reason: expect.stringContaining("password authentication failed") },
	});
	address = address.replace("teller:wrong", "teller:t");
	expect((await refusal()).data).toMatchObject({
		reason: expect.stringContaining("refuses it to this user"),
		remedy: expect.stringContaining("REPLICATION"),
	});
	expect(await server.query(bank, "DROP ROLE teller")).toBeUndefined();
});

test("[P1] no superuser is needed: the owner of the tables with REPLICATION and CREATE in the database can follow, by password", async () => {
	await create("CREATE ROLE owner LOGIN REPLICATION PASSWORD 'o:w@n/er'", `GRANT CREATE ON DATABASE bank${database + 1} TO owner`);
	await run(
		"GRANT CREATE ON SCHEMA public TO owner",
		"SET ROLE owner",
		"CREATE TABLE t (id int PRIMARY KEY)",
		"ALTER TABLE t REPLICA IDENTITY FULL",
	);
	address = address.replace("postgres:teller-secret", `owner:${encodeURIComponent("o:w@n/er")}`);
	const { source, keys, subscribe } = await open({ slot: "owned" });
	subscribe();
	await run("INSERT INTO t VALUES (1)");
	await source.drain();
	expect(keys()).toEqual(["1"]);
	await source.stop();
	expect(await dropSlot(address, "owned")).toBe(true);
	expect((await refusal()).code).toBe("none");
});

test("[P1] an open transaction keeps a slot from being made: told as locked within the limit, and nothing of ours stays", async () => {
	await create("CREATE TABLE t (id int PRIMARY KEY)", "ALTER TABLE t REPLICA IDENTITY FULL");
	const writer = await connect();
	await writer.query("BEGIN; INSERT INTO t VALUES (1)");
	expect((await refusal({ lockTimeoutMs: 200 })).code).toBe("DATABASE_LOCKED");
	await writer.query("COMMIT");
	await until(async () => (await ask(`SELECT slot_name FROM pg_replication_slots WHERE database = '${bank}'`)).length === 0);
	expect(await ask("SELECT pubname FROM pg_publication")).toEqual([]);
});

test("[P3] the types of a bank arrive exactly, whatever the server's settings print them as", async () => {
	await create(
		"CREATE DOMAIN cents AS bigint CHECK (VALUE >= 0)",
		"CREATE DOMAIN fee AS cents",
		"CREATE TYPE mood AS ENUM ('calm')",
		`CREATE TABLE t (id int PRIMARY KEY, n numeric, f float8, r real, b boolean, d date, ts timestamptz, i interval, y bytea,
			j jsonb, a int[], u uuid, c char(3), fee fee, m mood, m2 money, doubled int GENERATED ALWAYS AS (id * 2) STORED)`,
		"ALTER TABLE t REPLICA IDENTITY FULL",
		`ALTER DATABASE ${"bank"}${database} SET datestyle = 'German'`,
		`ALTER DATABASE ${"bank"}${database} SET extra_float_digits = 0`,
		`ALTER DATABASE ${"bank"}${database} SET timezone = 'Asia/Tokyo'`,
		`ALTER DATABASE ${"bank"}${database} SET bytea_output = 'escape'`,
	).catch((error) => {
		throw error;
	});
	const { source, commits, subscribe } = await open();
	subscribe();
	await run(`INSERT INTO t VALUES (1, 0.0500100, 0.1::float8 + 0.2, 16777217, true, '2026-02-28', '2026-11-23 16:00:00.5+01', '1 day 02:03', '\\x00ff',
		'{"b": 1, "a": 2}', '{1,NULL}', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'x', 7, 'calm', '1234.5')`);
	await source.drain();
	expect(commits[0]?.changes[0]?.after).toEqual({
		...{ id: { i: "1" }, n: { t: "0.0500100" }, f: { r: 0.30000000000000004 }, r: { r: 16777216 }, b: { i: "1" } },
		...{ d: { t: "2026-02-28" }, ts: { t: "2026-11-23 15:00:00.5+00" }, i: { t: "1 day 02:03:00" }, y: { b: "AP8=" } },
		...{ j: { t: '{"a": 2, "b": 1}' }, a: { t: "{1,NULL}" }, u: { t: "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11" } },
		...{ c: { t: "x  " }, fee: { i: "7" }, m: { t: "calm" }, m2: { t: "$1,234.50" } },
	});
});

test("[P7] tables and columns that change while it runs are told; TRUNCATE and a new table end the promise by name", async () => {
	await create("CREATE TABLE t (id int PRIMARY KEY, a text)", "CREATE TABLE u (id int PRIMARY KEY)");
	await run("ALTER TABLE t REPLICA IDENTITY FULL", "ALTER TABLE u REPLICA IDENTITY FULL", "INSERT INTO t VALUES (1, 'x'), (2, 'y')");
	const { source, commits, schema, lost, subscribe } = await open();
	subscribe();
	await run("ALTER TABLE t ADD COLUMN n numeric DEFAULT 1.50", "ALTER TABLE t RENAME COLUMN id TO no");
	await run("UPDATE t SET a = 'z' WHERE no = 1", "ALTER TABLE t RENAME TO konto", "DELETE FROM konto WHERE no = 2", "DROP TABLE u");
	await source.drain();
	expect(commits.map(({ changes }) => changes.map(({ table, kind, key, after }) => [table, kind, key, after]))).toEqual([
		[["t", "update", "1", { no: { i: "1" }, a: { t: "z" }, n: { t: "1.50" } }]],
		[["konto", "delete", "2", null]],
	]);
	expect(JSON.stringify(schema)).toContain('"from":"t","to":"konto"');
	expect(JSON.stringify(schema)).toContain('"tables":["u"]');
	await run("TRUNCATE konto");
	await expect(source.drain()).rejects.toMatchObject({ code: "DATABASE_UNSUITABLE" });
	expect(lost).toEqual([expect.stringContaining("TRUNCATE has emptied konto")]);

	const next = await open();
	await run("CREATE TABLE later (id int PRIMARY KEY)");
	await until(() => next.lost.length === 1);
	expect(next.lost).toEqual([expect.stringContaining("table later has come")]);
});

test("[P7] a writer of a table that comes later is never broken by the publication", async () => {
	await create("CREATE TABLE t (id int PRIMARY KEY)", "ALTER TABLE t REPLICA IDENTITY FULL");
	await open({ lookMs: 3_600_000 });
	await run("CREATE TABLE keyless (n int)", "INSERT INTO keyless VALUES (1)", "UPDATE keyless SET n = 2", "DELETE FROM keyless");
});

test("[P9] drain waits for commits that the server has not yet written to its disk", async () => {
	await create("CREATE TABLE t (id int PRIMARY KEY)", "ALTER TABLE t REPLICA IDENTITY FULL");
	const { source, keys, subscribe } = await open();
	subscribe();
	const writer = await connect();
	await writer.query("SET synchronous_commit TO off");
	for (let id = 1; id <= 20; id++) {
		await writer.query(`INSERT INTO t VALUES (${id})`);
		await source.drain();
		expect(keys().at(-1)).toBe(String(id));
	}
	const open2 = await connect();
	await open2.query("BEGIN; INSERT INTO t VALUES (100)");
	await source.drain();
	expect(keys()).toHaveLength(20);
	await open2.query("COMMIT");
	await Promise.all([source.drain(), source.drain()]);
	expect(keys().at(-1)).toBe("100");
});

test("[P12] a connection that is cut is made again with a slot, and ends the source without one", async () => {
	await create("CREATE TABLE t (id int PRIMARY KEY)", "ALTER TABLE t REPLICA IDENTITY FULL");
	const kept = await open({ slot: "cut" });
	const passing = await open();
	kept.subscribe();
	passing.subscribe();
	const others = `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '${bank}' AND pid <> pg_backend_pid()`;
	for (let id = 1; id <= 3; id++) {
		await run(`INSERT INTO t VALUES (${id})`, others, `INSERT INTO t VALUES (${id + 10})`);
		await kept.source.drain();
	}
	expect(kept.keys()).toEqual(["1", "11", "2", "12", "3", "13"]);
	expect(kept.lost).toEqual([]);
	await until(() => passing.lost.length === 1);
	await expect(passing.source.drain()).rejects.toMatchObject({ code: "DATABASE_UNSUITABLE" });
	await kept.source.stop();
	await dropSlot(address, "cut");
});

test("[P10] slot and publication go with the source; those of a killed one go at the next opening", async () => {
	await create("CREATE TABLE t (id int PRIMARY KEY)", "ALTER TABLE t REPLICA IDENTITY FULL");
	await run("CREATE PUBLICATION phoenix_tmp_dead FOR TABLE t", "CREATE PUBLICATION another FOR TABLE t");
	const { source } = await open();
	const [alive, ...rest] = (await ask("SELECT pubname FROM pg_publication WHERE pubname <> 'another'")) as string[];
	expect([alive, rest]).toEqual([expect.stringMatching(/^phoenix_tmp_[0-9a-f]{12}$/), []]);
	const second = await open();
	expect(await ask("SELECT count(*)::int FROM pg_publication")).toEqual([3]);
	await source.stop();
	await second.source.stop();
	expect(await ask("SELECT pubname FROM pg_publication")).toEqual(["another"]);
	await until(async () => (await ask(`SELECT slot_name FROM pg_replication_slots WHERE database = '${bank}'`)).length === 0);
});

test("[P12] a slot that was kept goes on where it was confirmed; `after` keeps what the caller has from coming twice", async () => {
	await create("CREATE TABLE t (id int PRIMARY KEY)", "ALTER TABLE t REPLICA IDENTITY FULL");
	const first = await open({ slot: "run" });
	const positions: string[] = [];
	first.source.subscribe(() => positions.push(first.source.position));
	await run("INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)", "INSERT INTO t VALUES (3)");
	await first.source.drain();
	first.source.confirm(positions[0] as string);
	await first.source.stop();
	await run("INSERT INTO t VALUES (4)");
	const again = await open({ slot: "run" });
	again.subscribe();
	await again.source.drain();
	expect(again.keys()).toEqual(["2", "3", "4"]);
	await again.source.stop();
	const after = await open({ slot: "run", after: positions[1] as string });
	after.subscribe();
	await after.source.drain();
	expect(after.keys()).toEqual(["3", "4"]);
	expect((await refusal({ slot: "run", lockTimeoutMs: 100 })).code).toBe("DATABASE_LOCKED");
	await expect(dropSlot(address, "run")).rejects.toMatchObject({ code: "DATABASE_LOCKED" });
	await after.source.stop();
	expect(await dropSlot(address, "run")).toBe(true);
	expect(await dropSlot(address, "run")).toBe(false);
	expect((await refusal({ slot: "run", after: positions[1] as string })).data.reason).toContain("slot phoenix_run is gone");
	expect((await refusal({ slot: "tmp_x" })).code).toBe("INPUT_INVALID");
	expect((await refusal({ slot: "run", after: "12" })).code).toBe("INPUT_INVALID");
});

test("[P12] a table that came while nobody followed, and a slot that is dropped under the source, are told", async () => {
	await create("CREATE TABLE t (id int PRIMARY KEY)", "ALTER TABLE t REPLICA IDENTITY FULL");
	const first = await open({ slot: "gap" });
	await first.source.stop();
	await run("CREATE TABLE later (id int PRIMARY KEY)", "ALTER TABLE later REPLICA IDENTITY FULL");
	expect((await refusal({ slot: "gap" })).data.reason).toContain("table later has come");
	await run("DROP TABLE later");
	const { lost } = await open({ slot: "gap" });
	const killer = await connect();
	// The source calls the server again: the slot has to go in the moment in which it is free.
	await killer.query(`DO $$ BEGIN FOR n IN 1..5000 LOOP
		BEGIN
			PERFORM pg_drop_replication_slot('phoenix_gap');
			EXIT;
		EXCEPTION WHEN object_in_use THEN
			PERFORM pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = 'phoenix_gap';
			PERFORM pg_sleep(0.001);
		END;
		END LOOP; END $$`);
	await until(() => lost.length === 1);
	expect(lost).toEqual([expect.stringContaining("replication slot phoenix_gap is gone")]);
});

test("[P13] a transaction larger than the limit, and more log kept for us than the limit, end the promise by name", async () => {
	await create("CREATE TABLE t (id int PRIMARY KEY, a text)", "ALTER TABLE t REPLICA IDENTITY FULL");
	const small = await open({ maxTransactionBytes: 1_048_576 });
	small.subscribe();
	await run("INSERT INTO t SELECT n, repeat('x', 900) FROM generate_series(1, 1000) n");
	await small.source.drain();
	expect(small.commits[0]?.changes).toHaveLength(1000);
	await run("UPDATE t SET a = repeat('y', 900)");
	await expect(small.source.drain()).rejects.toMatchObject({ data: { reason: expect.stringContaining("more than 1 MB") } });

	// Nobody subscribes: what was committed waits at the server, and the log grows.
	const idle = await open({ maxRetainedBytes: 2_000_000 });
	await run("INSERT INTO t SELECT n, repeat('z', 900) FROM generate_series(1001, 4000) n");
	await until(() => idle.lost.length === 1);
	expect(idle.lost).toEqual([expect.stringContaining("MB of log")]);
});
