import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Snapshot } from "../../contract/api.ts";
import { type SampleBank, sampleSource, seedSample, startSample, startTraffic } from "../sample/bank.ts";
import { type Client, freePort, phoenix, startServer } from "../testing/product.ts";

let dir: string;
let database: string;
let bank: SampleBank;

beforeEach(async () => {
	dir = mkdtempSync(join(tmpdir(), "phoenix-rollback-"));
	database = join(dir, "bank.db");
	await seedSample(database, { accounts: 600 });
	const seeded = new DatabaseSync(database);
	seeded.exec("PRAGMA journal_mode = DELETE");
	seeded.close();
	bank = await startSample({ database, port: await freePort(), dir });
}, 60_000);
afterEach(async () => {
	await bank.stop();
	rmSync(dir, { recursive: true, force: true });
});

async function serve(...more: string[]) {
	const state = join(dir, "state");
	const gatewayPort = await freePort();
	const legacy = ["--legacy", `127.0.0.1:${bank.port}`, "--database", database];
	const args = [
		"serve",
		sampleSource,
		"--json",
		"--port",
		"0",
		...legacy,
		"--gateway-port",
		String(gatewayPort),
		"--state",
		state,
		...more,
	];
	const started = await startServer(args);
	const traffic = startTraffic({ url: `http://127.0.0.1:${gatewayPort}`, database, rate: 40, seed: 5, dir });
	return {
		client: started.client,
		traffic,
		async stop() {
			const report = await traffic.stop();
			await started.stop();
			expect(phoenix(["serve", "--end", "--json", "--state", state]).stdout).toContain('"ended":true');
			return report;
		},
	};
}

async function until(client: Client, isTrue: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
	for (let waited = 0; waited < 90_000; waited += 100) {
		const snapshot = await client.state.snapshot({});
		if (isTrue(snapshot)) return snapshot;
		await sleep(100);
	}
	const { migrations, alerts, totals } = await client.state.snapshot({});
	throw new Error(JSON.stringify({ migrations, alerts, totals }));
}

function objects(): string[] {
	const reader = new DatabaseSync(database, { timeout: 5000 });
	const names = reader.prepare("SELECT name FROM sqlite_schema").all();
	reader.close();
	return names.map(({ name }) => String(name));
}

test("[O1] [O4] a run over a rollback journal is held with three ways; the switch of the screen lets it go on at once", async () => {
	const { client, stop } = await serve();
	await client.run.start({ functions: ["balance"], policy: "demo" });
	const held = await until(client, (snapshot) => snapshot.migrations[0]?.stage === "held");
	const alert = held.alerts.find((one) => one.code === "DATABASE_WITHOUT_LOG");
	expect(alert?.todo).toMatch(/effects switch .*--triggers.*--snapshot/);
	expect(await client.system.switchLog({})).toEqual({ file: database, before: "delete" });
	expect((await client.state.snapshot({})).alerts).toEqual([]);
	await client.run.retry({});
	const on = await until(client, (snapshot) => snapshot.totals.compared > 20);
	expect(on.totals.clientErrors).toBe(0);
	const report = await stop();
	expect(report.errors).toBe(0);
});

test("[O5] with --triggers a run compares over a rollback journal, gives no client an error, and leaves nothing in the database", async () => {
	const before = objects();
	const { client, stop } = await serve("--triggers");
	await client.run.start({ functions: ["transfer", "balance"], policy: "demo", autoAccept: true });
	const on = await until(client, (snapshot) => snapshot.migrations.every(({ totals }) => totals.compared > 60));
	expect(objects().filter((name) => name.startsWith("_phoenix_changes")).length).toBeGreaterThan(3);
	process.stdout.write(
		`${JSON.stringify({ compared: on.totals.compared, dropped: on.totals.dropped, causes: on.groups.map((one) => one.cause) })}\n`,
	);
	expect(on.alerts.filter((one) => one.code === "SHADOW_LOST")).toEqual([]);
	// Whole tables are not read under legacy's feet, and the state says so.
	expect(on.system?.shadow.tables?.failure).toContain("rollback journal");
	// What differs is what the draft does otherwise, the same as over a log; never a row that the shadow lacks.
	for (const group of on.groups) expect(["rounding", "integer division", "integer precision", "validation"]).toContain(group.cause);
	const report = await stop();
	expect(report.errors).toBe(0);
	expect(objects()).toEqual(before);
});
