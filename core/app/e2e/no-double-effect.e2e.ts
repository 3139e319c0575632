import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { afterEach, expect, test } from "vitest";
import { sampleRoot, seedSample, startSample } from "../sample/bank.ts";
import { createProduct, type Product } from "../testing/product.ts";

const SEED = "42";
const COUNT = 1_500;
/** Columns fed by the bank's clock or by chance; everything else must be equal to the last bit. */
const FREE = new Set(["stamped", "created", "token"]);

let product: Product | null = null;
afterEach(async () => {
	await product?.end();
});

test("the real database after a shadowed run equals the one after the same traffic without Phoenix", async () => {
	const dir = mkdtempSync(join(tmpdir(), "phoenix-plain-"));
	const database = join(dir, "bank.db");
	await seedSample(database);
	const bank = await startSample({ database, port: 0, dir });
	const plain = await runTraffic(bank.port, database);
	await bank.stop();

	product = await createProduct();
	await product.start();
	const routes = (await product.client.project.graph({}))?.routes ?? [];
	await product.client.run.start({ functions: routes.map((route) => route.handler), policy: "default" });
	await product.until(
		"shadow of all",
		(snapshot) => snapshot.migrations.length === 10 && snapshot.migrations.every((state) => state.stage === "shadowing"),
	);
	const shadowed = await runTraffic(product.gatewayPort, join(product.dir, "sample/bank.db"));
	const { totals } = await product.until(
		"the account",
		({ totals: { mirrored, compared, dropped } }) => mirrored > 0 && mirrored === compared + sum(dropped),
		30_000,
	);
	const differing = differences(database, join(product.dir, "sample/bank.db"));
	console.log(JSON.stringify({ test: "no doubled effect", plain, shadowed, totals, differingRows: differing.length }));
	rmSync(dir, { recursive: true, force: true });
	expect(plain.errors + shadowed.errors).toBe(0);
	expect(shadowed.sent).toBe(plain.sent);
	expect(totals.compared).toBeGreaterThan(COUNT * 0.9);
	expect(differing).toEqual([]);
});

async function runTraffic(port: number, database: string): Promise<{ sent: number; errors: number }> {
	const args = [
		"traffic.py",
		"--url",
		`http://127.0.0.1:${port}`,
		"--db",
		database,
		"--seed",
		SEED,
		"--count",
		String(COUNT),
		"--sequential",
	];
	const { stdout } = await promisify(execFile)("python3", args, { cwd: sampleRoot, timeout: 120_000 });
	const { sent, errors } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as { sent: number; errors: number };
	return { sent, errors };
}

function differences(a: string, b: string): string[] {
	const [left, right] = [rowsOf(a), rowsOf(b)];
	return [
		...[...left].filter((row) => !right.has(row)).map((row) => `only plain: ${row}`),
		...[...right].filter((row) => !left.has(row)).map((row) => `only shadowed: ${row}`),
	];
}

function rowsOf(file: string): Set<string> {
	const database = new DatabaseSync(file, { readOnly: true });
	const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all() as {
		name: string;
	}[];
	const rows = tables.flatMap(({ name }) =>
		database
			.prepare(`SELECT rowid AS "rowid", * FROM "${name}"`)
			.all()
			.map((row) => `${name} ${JSON.stringify(Object.entries(row).filter(([column]) => !FREE.has(column)))}`),
	);
	database.close();
	return new Set(rows);
}

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((all, count) => all + count, 0);
