import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { childEnvironment, reasonOf } from "../../base/index.ts";
import type { RowChange } from "../../contract/effects.ts";
import { connect } from "../postgres/connection.ts";
import { createRandom } from "../testing/bank-history.ts";
import { type Broker, buildEngine, type EngineOptions, startEngine, startKafka } from "../testing/debezium.ts";
import { createTopic, withAdmin } from "../testing/debezium-legacy.ts";
import { insertLines } from "../testing/debezium-lines.ts";
import { differing, replay, type Tables } from "../testing/follow.ts";
import { postgresLegacy, readRows } from "../testing/postgres-legacy.ts";
import { type PostgresServer, startPostgres } from "../testing/postgres-server.ts";
import { openDebezium } from "./open-debezium.ts";

let server: PostgresServer;
let kafka: Broker;
let dir: string;

beforeAll(async () => {
	buildEngine();
	dir = mkdtempSync(join(tmpdir(), "phoenix-debezium-kill-"));
	server = await startPostgres(["wal_level=logical"]);
	kafka = await startKafka(join(dir, "kafka"));
}, 300_000);
afterAll(async () => {
	await kafka?.stop();
	await server?.stop();
	rmSync(dir, { recursive: true, force: true });
});

test.each([
	{ sink: "kafka", transactions: true, seed: 11 },
	{ sink: "kafka", transactions: false, seed: 12 },
	{ sink: "file", transactions: true, seed: 13 },
])(
	"[D3] [D8] [D9] reader, connector and broker killed at seeded moments ($sink, metadata $transactions): nothing lost, nothing doubled",
	async ({ sink, transactions, seed }) => {
		const name = `killed${seed}`;
		const random = createRandom(seed);
		const legacy = await postgresLegacy(() => server)(name);
		const [events, kept] = [join(dir, `${name}.events`), join(dir, `${name}.kept`)];
		if (sink === "kafka") await createTopic(kafka.address, name);
		const options: EngineOptions = {
			...{ database: server.address(name), dir: join(dir, name), topic: name, schemas: true, transactions },
			sink: sink === "kafka" ? { kafka: kafka.address } : { file: events },
		};
		let engine = await startEngine(options);
		const address = sink === "kafka" ? `kafka://${kafka.address}/${name}` : `debezium:${events}`;
		let keeper = await startKeeper(address, kept);
		const writer = await connect(server.address(name), "queries");
		let isWriting = true;
		let tick = 0;
		const writing = (async () => {
			while (isWriting) {
				tick++;
				await writer.query(`BEGIN; INSERT INTO t (id, a) VALUES (${tick}, 'tick');
				INSERT INTO u (id, code, n_i) VALUES (${tick % 7}, 'c${tick}', ${tick}) ON CONFLICT (id) DO UPDATE SET n_i = ${tick}, code = excluded.code;
				${tick % 5 === 0 ? `DELETE FROM u WHERE id = ${(tick * 3) % 7};` : ""} ${tick % 11 === 0 ? "ROLLBACK" : "COMMIT"}`);
				await sleep(2);
			}
		})();
		const killed = { reader: 0, connector: 0, broker: 0 };
		for (let kill = 0; kill < 12; kill++) {
			await sleep(100 + random() * 500);
			if (kill % 4 === 1) {
				await engine.kill();
				killed.connector++;
				engine = await startEngine(options);
			} else if (kill % 6 === 5 && sink === "kafka") {
				await kafka.kill();
				killed.broker++;
				await kafka.start();
			} else {
				keeper.kill("SIGKILL");
				await once(keeper, "exit");
				killed.reader++;
				keeper = await startKeeper(address, kept);
			}
		}
		isWriting = false;
		await writing;
		// Without metadata the last transaction waits for another one: the mark is it.
		await writer.query("INSERT INTO t (id, a) VALUES (1000000, 'end')");
		await writer.query("SELECT pg_logical_emit_message(true, 'phoenix', 'end')");
		const commits = () => linesOf(kept).map(({ changes }, place) => ({ index: place + 1, since: 0, at: 0, changes }));
		await expect
			.poll(() => keeper.exitCode !== null || commits().some(({ changes }) => changes.some(({ key }) => key === "1000000")), {
				timeout: 120_000,
			})
			.toBe(true);
		expect(keeper.exitCode).toBe(null);
		keeper.kill("SIGKILL");
		await once(keeper, "exit");
		await engine.stop();
		const present = await readRows(writer);
		await writer.end();
		await legacy.close();

		const tables: Tables = new Map();
		const logical = commits().map(legacy.read);
		expect(replay(tables, { commits: logical, schema: [] })).toEqual([]);
		expect(differing(tables, present)).toEqual([]);
		const ticks = logical.flatMap(({ changes }) => changes.filter(({ table }) => table === "t").map(({ key }) => Number(key)));
		expect(ticks).toEqual([...(present.get("t") ?? new Map()).keys()].map(Number).sort((a, b) => a - b));
		process.stdout.write(`${name} (${sink}): ${JSON.stringify(killed)} killed, ${ticks.length} transactions kept\n`);
	},
);

test("[D9] [D10] a topic of two partitions is refused, one that has lost records or was made anew ends the promise", async () => {
	await createTopic(kafka.address, "split", {}, 2);
	await expect(openDebezium(`kafka://${kafka.address}/split`)).rejects.toMatchObject({
		data: { reason: expect.stringContaining("2 partitions"), remedy: expect.stringContaining("RegexRouter") },
	});
	await expect(openDebezium(`kafka://${kafka.address}/absent`)).rejects.toMatchObject({ data: { reason: "there is no such topic" } });

	await createTopic(kafka.address, "lossy");
	await produce("lossy", insertLines(10, 100, 1));
	const first = await openDebezium(`kafka://${kafka.address}/lossy`);
	const position = first.position;
	await first.stop();
	expect(position).toMatch(/^3@/);
	await produce("lossy", insertLines(11, 200, 2));
	const next = await openDebezium(`kafka://${kafka.address}/lossy`, { after: position });
	await expect.poll(() => next.index, { timeout: 30_000 }).toBe(1);
	await next.stop();

	await withAdmin(kafka.address, (admin) =>
		admin.deleteRecords({ topics: [{ name: "lossy", partitions: [{ partition: 0, offset: 5n }] }] }),
	);
	const late = await openDebezium(`kafka://${kafka.address}/lossy`, { after: position });
	await expect(late.drain()).rejects.toMatchObject({
		data: { reason: "the records from 3 up to 5 are gone from the topic (compacted or expired)" },
	});
	await late.stop();

	const living = await openDebezium(`kafka://${kafka.address}/lossy`);
	const lost = new Promise<string>((resolve) => living.onLost((fault) => resolve(reasonOf(fault))));
	await withAdmin(kafka.address, (admin) => admin.deleteTopics({ topics: ["lossy"] }));
	await createTopicAnew("lossy");
	expect(await lost).toMatch(/the topic was deleted/);
	await living.stop();
	await expect(openDebezium(`kafka://${kafka.address}/lossy`, { after: position })).rejects.toMatchObject({
		data: { reason: expect.stringContaining("another log") },
	});
});

async function createTopicAnew(topic: string): Promise<void> {
	await expect
		.poll(
			() =>
				createTopic(kafka.address, topic)
					.then(() => true)
					.catch(() => false),
			{ timeout: 30_000 },
		)
		.toBe(true);
}

async function produce(topic: string, lines: readonly string[]): Promise<void> {
	const { Producer } = await import("@platformatic/kafka");
	const producer = new Producer({ clientId: "phoenix-test", bootstrapBrokers: [kafka.address] });
	for (const line of lines) {
		const { key, value } = JSON.parse(line);
		await producer.send({ messages: [{ topic, key: Buffer.from(JSON.stringify(key)), value: Buffer.from(JSON.stringify(value)) }] });
	}
	await producer.close();
}

function linesOf(file: string): { changes: RowChange[] }[] {
	if (!existsSync(file)) return [];
	const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
	return lines.map((line) => JSON.parse(line)).filter(({ changes }) => changes.length > 0);
}

async function startKeeper(address: string, file: string): Promise<ChildProcess> {
	const program = fileURLToPath(new URL("../testing/debezium-keeper.ts", import.meta.url));
	// Its broker may be away for a moment.
	for (let attempt = 0; ; attempt++) {
		const child = spawn(process.execPath, [program, address, file], {
			...{ cwd: "/", env: childEnvironment(process.env) },
			stdio: ["ignore", "pipe", "inherit"],
		});
		const isReady = await Promise.race([
			once(child.stdout as NodeJS.ReadableStream, "data").then(() => true),
			once(child, "exit").then(() => false),
		]);
		if (isReady) return child;
		if (attempt > 20) throw new Error("the keeper does not start");
		await sleep(500);
	}
}
