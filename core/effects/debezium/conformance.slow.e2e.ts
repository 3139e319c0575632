import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { type Broker, buildEngine, startKafka } from "../testing/debezium.ts";
import { debeziumLegacy, markOf } from "../testing/debezium-legacy.ts";
import { type PostgresServer, startPostgres } from "../testing/postgres-server.ts";
import { proveColumns } from "../testing/prove-columns.ts";
import { openDebezium } from "./open-debezium.ts";

let server: PostgresServer;
let kafka: Broker;
let dir: string;

beforeAll(async () => {
	buildEngine();
	dir = mkdtempSync(join(tmpdir(), "phoenix-debezium-"));
	server = await startPostgres(["wal_level=logical", "max_replication_slots=40", "max_wal_senders=40"]);
	kafka = await startKafka(join(dir, "kafka"));
}, 300_000);
afterAll(async () => {
	await kafka?.stop();
	await server?.stop();
	rmSync(dir, { recursive: true, force: true });
});

const open = (address: string) => {
	const name = new URL(address).pathname.slice(1);
	return openDebezium(`kafka://${kafka.address}/${name}`, { mark: markOf(server, name), drainMs: 60_000 });
};

// What the connector does not write, no reader of its topic can know.
const cannot = { E11: "not told", E13: "at its first update" };
const common = { open, unwatched: "apart", schema: "followed", zeros: "apart", zeroInText: "no such text", replaced: "", cannot } as const;
const place = (schemas: boolean, transactions: boolean) => () => ({ ...{ server, dir, schemas, transactions }, kafka: kafka.address });

proveColumns([
	{ ...common, name: "Debezium", engine: debeziumLegacy(place(true, true)) },
	{ ...common, name: "without metadata", engine: debeziumLegacy(place(true, false)) },
]);
