import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Snapshot } from "../../contract/api.ts";
import type { Migration } from "../../contract/run.ts";
import { createProduct, type Product, phoenix } from "../testing/product.ts";

let product: Product;

beforeEach(async () => {
	product = await createProduct();
	await product.start();
}, 60_000);

afterEach(async () => {
	await product.end();
}, 60_000);

const stateOf = (snapshot: Snapshot, name: string) => snapshot.migrations.find((state) => state.function.endsWith(name)) as Migration;

test("branches that live traffic does not reach are reached by generated requests, on a replica, and what differs is healed", async () => {
	const traffic = product.traffic();
	await product.client.run.start({ functions: ["limits"], policy: "default", autoAccept: true });
	await product.until("evidence", (snapshot) => (stateOf(snapshot, "limits")?.evidence.clean ?? 0) >= 30, 120_000);
	const unreached = async () => (await product.client.run.confidence({ function: "limits" })).branches.filter((branch) => !branch.live);
	expect((await unreached()).length).toBeGreaterThan(5);

	const told = phoenix(["run", "probe", "--functions", "limits", "--json", "--state", product.dir], { timeoutMs: 120_000 });
	expect(told.stderr).toBe("");
	const counts = JSON.parse(told.stdout);
	console.log(JSON.stringify({ ...counts, branches: undefined }));
	expect(counts.reached).toBeGreaterThan(5);
	expect(counts.clean + counts.differing).toBeGreaterThan(100);

	// Every one is on file, under its hash.
	const text = readFileSync(counts.file);
	expect(createHash("sha256").update(text).digest("hex")).toBe(counts.sha256);
	expect(text.toString().trim().split("\n")).toHaveLength(counts.clean + counts.differing);

	const probed = (await unreached()).filter(({ generated }) => (generated?.clean ?? 0) >= 20 && generated?.differing === 0);
	console.log(probed.map(({ words, generated }) => `${words} ${JSON.stringify(generated)}`));

	// What legacy keeps was never asked: its clients saw nothing, and no row of it was made up.
	const final = await traffic.stop();
	expect(final.errors).toBe(0);
	const after = await product.client.state.snapshot({});
	expect(after.alerts).toEqual([]);
});
