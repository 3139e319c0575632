import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type PostgresServer, startPostgres } from "../testing/postgres-server.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const started: ChildProcess[] = [];
let server: PostgresServer;

beforeAll(async () => {
	server = await startPostgres(["wal_level=logical"]);
});
afterEach(async () => {
	for (const child of started.splice(0)) {
		if (child.exitCode !== null || child.signalCode !== null) continue;
		child.kill("SIGKILL");
		await once(child, "close");
	}
});
afterAll(() => server?.stop());

function phoenix(...args: string[]) {
	const child = spawn(process.execPath, ["core/cli.ts", ...args], { cwd: root, env: process.env, stdio: "pipe" });
	started.push(child);
	const said = { out: "", err: "" };
	child.stdout.setEncoding("utf8").on("data", (text: string) => {
		said.out += text;
	});
	child.stderr.setEncoding("utf8").on("data", (text: string) => {
		said.err += text;
	});
	const ended = once(child, "close").then(([code]) => ({ code: code as number | null, ...said }));
	const lines = () => said.out.split("\n").slice(0, -1);
	const next = async (count: number) => {
		const deadline = Date.now() + 60_000;
		while (lines().length < count) {
			if (Date.now() > deadline || child.exitCode !== null) throw new Error(`${count} lines did not come: ${said.err}`);
			await new Promise((resolve) => setTimeout(resolve, 10));
		}
		return lines().map((line) => JSON.parse(line));
	};
	return { child, ended, next };
}

test("phoenix effects postgres://... refuses with the statement that helps, then prints commits until Ctrl+C", async () => {
	await server.query("postgres", "CREATE DATABASE bank");
	await server.query("bank", "CREATE TABLE accounts (id int PRIMARY KEY, owner text, balance numeric(12,2))");
	const address = server.address("bank");
	const refused = await phoenix("effects", address).ended;
	expect(refused.code).toBe(1);
	const statement = /ALTER TABLE "public"\."accounts" REPLICA IDENTITY FULL;/.exec(refused.err)?.[0];
	expect(statement).toBeDefined();
	expect(refused.err).not.toContain("secret");

	await server.query("bank", statement ?? "");
	const run = phoenix("effects", address);
	await run.next(1);
	await server.query("bank", "INSERT INTO accounts VALUES (1, 'Ada', 12.50)", "UPDATE accounts SET balance = balance - 0.30");
	expect(await run.next(3)).toMatchObject([
		{ kind: "source", method: "logical", tables: ["accounts"] },
		{ kind: "commit", index: 1, changes: [{ kind: "insert", key: "1" }] },
		{ kind: "commit", index: 2, changes: [{ before: { balance: { t: "12.50" } }, after: { balance: { t: "12.20" } } }] },
	]);
	run.child.kill("SIGINT");
	expect((await run.ended).code).toBe(0);
});

test("[P12] --slot goes on after the position that was kept; `effects drop` ends the slot", async () => {
	await server.query("postgres", "CREATE DATABASE kept");
	await server.query("kept", "CREATE TABLE t (id int PRIMARY KEY)", "ALTER TABLE t REPLICA IDENTITY FULL");
	const address = server.address("kept");
	const first = phoenix("effects", address, "--slot", "cli");
	await first.next(1);
	await server.query("kept", "INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)");
	const [, one] = await first.next(3);
	first.child.kill("SIGKILL");
	await first.ended;
	await server.query("kept", "INSERT INTO t VALUES (3)");
	const second = phoenix("effects", address, "--slot", "cli", "--after", one.position);
	expect((await second.next(3)).slice(1)).toMatchObject([{ changes: [{ key: "2" }] }, { changes: [{ key: "3" }] }]);
	second.child.kill("SIGINT");
	expect((await second.ended).code).toBe(0);
	expect(JSON.parse((await phoenix("effects", "drop", address, "--slot", "cli", "--json").ended).out)).toEqual({
		slot: "cli",
		dropped: true,
	});
	const gone = await phoenix("effects", address, "--slot", "cli", "--after", one.position).ended;
	expect([gone.code, gone.err]).toEqual([1, expect.stringContaining("its replication slot phoenix_cli is gone")]);
});
