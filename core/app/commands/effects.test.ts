import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const started: ChildProcess[] = [];
let dir: string;
let file: string;
let legacy: DatabaseSync;

beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), "phoenix-effects-command-"));
	file = join(dir, "legacy.db");
	legacy = new DatabaseSync(file);
	legacy.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, a)");
});
afterEach(async () => {
	for (const child of started.splice(0)) {
		if (child.exitCode === null && child.signalCode === null) {
			child.kill("SIGKILL");
			await once(child, "close");
		}
	}
	legacy.close();
	rmSync(dir, { recursive: true, force: true });
});

function phoenix(...args: string[]) {
	const child = spawn(process.execPath, ["core/cli.ts", ...args], { cwd: root, env: process.env, stdio: "pipe" });
	started.push(child);
	let [out, err] = ["", ""];
	child.stdout.setEncoding("utf8").on("data", (text: string) => {
		out += text;
	});
	child.stderr.setEncoding("utf8").on("data", (text: string) => {
		err += text;
	});
	const ended = once(child, "close").then(([code]) => ({ code: code as number | null, out, err }));
	const lines = () =>
		out
			.split("\n")
			.slice(0, -1)
			.map((line) => JSON.parse(line));
	return { child, ended, lines };
}

async function until(holds: () => boolean): Promise<void> {
	const deadline = Date.now() + 60_000;
	while (!holds()) {
		if (Date.now() > deadline) throw new Error("it did not come");
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
}

test("[O1] a rollback journal is refused with the command that switches it; then the log is followed until Ctrl+C", async () => {
	const refused = await phoenix("effects", file).ended;
	expect(refused.code).toBe(1);
	expect(refused.err).toContain(`phoenix effects switch "${file}"`);
	expect(refused.err).toContain("--triggers");
	expect(refused.err).toContain("--snapshot");

	const switched = await phoenix("effects", "switch", file, "--json").ended;
	expect(JSON.parse(switched.out)).toEqual({ file, before: "delete", after: "wal" });
	const run = phoenix("effects", `sqlite:${file}`);
	await until(() => run.lines().length === 1);
	legacy.exec("INSERT INTO t VALUES (1, 'x'); BEGIN; UPDATE t SET a = 'y'; INSERT INTO t VALUES (2, NULL); COMMIT");
	await until(() => run.lines().length === 3);
	run.child.kill("SIGINT");
	expect((await run.ended).code).toBe(0);
	expect(run.lines()).toMatchObject([
		{ kind: "source", method: "wal", tables: ["t"] },
		{ kind: "commit", index: 1, changes: [{ kind: "insert", key: "1" }] },
		{ kind: "commit", index: 2, changes: [{ kind: "update" }, { kind: "insert" }] },
	]);
}, 120_000);

test("--triggers follows the rollback journal, takes its triggers away, and clean does what a killed one could not", async () => {
	// Opening and end are write transactions: who reads meanwhile waits for them.
	legacy.exec("PRAGMA busy_timeout = 5000");
	const objects = () => legacy.prepare("SELECT count(*) AS n FROM sqlite_schema").get();
	const run = phoenix("effects", file, "--triggers");
	await until(() => run.lines().length === 1);
	legacy.exec("BEGIN; INSERT INTO t VALUES (1, 'x'); UPDATE t SET a = 'y'; INSERT INTO t VALUES (2, NULL); COMMIT");
	await until(() => run.lines().length === 2);
	run.child.kill("SIGINT");
	expect((await run.ended).code).toBe(0);
	expect(run.lines()).toMatchObject([
		{ kind: "source", method: "triggers", tables: ["t"], about: expect.stringContaining("merged") },
		{ kind: "commit", index: 1, changes: [{ kind: "insert", key: "1", after: { a: { t: "y" } } }, { kind: "insert" }] },
	]);
	expect(objects()).toEqual({ n: 1 });

	const both = await phoenix("effects", file, "--triggers", "--snapshot").ended;
	expect(both.code).not.toBe(0);
	// The engine's process dies: its collector takes the triggers away.
	const killed = phoenix("effects", file, "--triggers");
	await until(() => killed.lines().length === 1);
	killed.child.kill("SIGKILL");
	await until(() => objects()?.n === 1);
	const clean = await phoenix("effects", "clean", file, "--json").ended;
	expect(JSON.parse(clean.out)).toEqual({ file, removed: false });
}, 120_000);

test("--snapshot follows the rollback journal, says that it merges, and tells by a coded fault when it is lost", async () => {
	const run = phoenix("effects", file, "--snapshot", "--poll", "20");
	await until(() => run.lines().length === 1);
	expect(run.lines()[0].about).toContain("merged");
	legacy.exec("INSERT INTO t VALUES (1, 'x')");
	await until(() => run.lines().length === 2);
	legacy.exec("ALTER TABLE t ADD COLUMN late");
	const { code, err } = await run.ended;
	expect([code, err]).toEqual([1, expect.stringMatching(/^DATABASE_UNSUITABLE: .*its tables or their columns have changed/)]);
}, 120_000);

test("[O3] what cannot be followed is refused by name before anything starts, and no password is repeated", async () => {
	const system = (database: string) => [
		...["serve", "sample-monolith", "--legacy", "127.0.0.1:9", "--database", database],
		...["--gateway-port", "17461", "--state", join(dir, "state"), "--no-http"],
	];
	const postgres = "postgres://teller:secret@127.0.0.1:9/bank";
	for (const [words, code, reason] of [
		[["effects", "mysql://teller:secret@127.0.0.1/bank"], "DATABASE_UNSUITABLE", "mysql is not followed, only SQLite and PostgreSQL are"],
		[["effects", postgres], "SOURCE_UNREADABLE", "postgres://127.0.0.1:9/bank could not be read"],
		[["effects", "switch", postgres], "DATABASE_UNSUITABLE", "none follows PostgreSQL in lockstep yet"],
		[system(postgres), "DATABASE_UNSUITABLE", "none follows PostgreSQL in lockstep yet"],
	] as const) {
		const ended = await phoenix(...words).ended;
		expect(ended.code, words[0]).toBe(1);
		expect(ended.err).toContain(code);
		expect(ended.err).toContain(reason);
		expect(ended.err).not.toContain("secret");
	}
}, 60_000);

test("[O2] a switch during a writer's transaction is refused as locked, and changes nothing", async () => {
	legacy.exec("BEGIN IMMEDIATE; INSERT INTO t VALUES (1, 'x')");
	const { code, err } = await phoenix("effects", "switch", file).ended;
	expect([code, err]).toEqual([1, expect.stringContaining("DATABASE_LOCKED")]);
	legacy.exec("COMMIT");
	expect(legacy.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "delete" });
	expect(legacy.prepare("SELECT count(*) AS n FROM t").get()).toEqual({ n: 1 });
}, 60_000);
