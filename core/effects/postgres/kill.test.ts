import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { killKeeper } from "../testing/kill-keeper.ts";
import { type PostgresServer, startPostgres } from "../testing/postgres-server.ts";

let server: PostgresServer;
let dir: string;

beforeAll(async () => {
	dir = mkdtempSync(join(tmpdir(), "phoenix-kill-"));
	server = await startPostgres(["wal_level=logical"]);
}, 120_000);
afterAll(async () => {
	await server?.stop();
	rmSync(dir, { recursive: true, force: true });
});

test("[P12] a collector killed at seeded moments, and a server that crashes, lose nothing and double nothing", async () => {
	const survived = await killKeeper(server, { seed: 7, keeperKills: 3, serverCrashes: 1, dir });
	expect(survived.committed).toBeGreaterThan(20);
	expect(survived.ticks.kept).toEqual(survived.ticks.written);
	expect(survived.wrong).toEqual([]);
	expect(survived.differing).toEqual([]);
}, 120_000);
