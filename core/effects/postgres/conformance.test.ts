import { afterAll, beforeAll, vi } from "vitest";
import { postgresLegacy } from "../testing/postgres-legacy.ts";
import { type PostgresServer, startPostgres } from "../testing/postgres-server.ts";
import { proveColumns } from "../testing/prove-columns.ts";
import { openPostgres } from "./open-postgres.ts";

// A limit of safety on a busy machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

let server: PostgresServer;

beforeAll(async () => {
	server = await startPostgres(["wal_level=logical"]);
});
afterAll(() => server?.stop());

proveColumns([
	{
		name: "PostgreSQL",
		engine: postgresLegacy(() => server),
		open: (address) => openPostgres(address, { lookMs: 50 }),
		unwatched: "apart",
		schema: "followed",
		zeros: "apart",
		zeroInText: "no such text",
		replaced: "the stream of its log ended",
	},
]);
