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
});
afterAll(async () => {
	await server?.stop();
	rmSync(dir, { recursive: true, force: true });
});

test.each([11, 12, 13])(
	"[P12] 40 kills of the collector and 8 crashes of the server lose nothing and double nothing (seed %d)",
	async (seed) => {
		const survived = await killKeeper(server, { seed, keeperKills: 40, serverCrashes: 8, dir });
		process.stdout.write(`seed ${seed}: ${survived.committed} numbered transactions, ${survived.kept} commits kept\n`);
		expect(survived.committed).toBeGreaterThan(500);
		expect(survived.ticks.kept).toEqual(survived.ticks.written);
		expect(survived.wrong).toEqual([]);
		expect(survived.differing).toEqual([]);
	},
);
