import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createProduct, type Product } from "../testing/product.ts";

let product: Product;
beforeEach(async () => {
	product = await createProduct();
	await product.start();
});
afterEach(() => product.end());

const weightOf = async () => (await product.client.state.snapshot({})).migrations[0]?.canary?.weight ?? 0;
const next = async (gate: RegExp) => {
	await product.until(`the gate ${gate}`, ({ demo }) => gate.test(demo?.gate ?? ""), 120_000);
	await product.client.demo.next({});
};

test("a guided demo waits at its gates, stands still when it is paused while traffic goes on, and leaves everything on legacy when it is cancelled; the next one begins on a fresh bank", async () => {
	const { client, dir } = product;
	await client.demo.start({ guided: true, functions: ["login"], rate: 60 });
	await expect(client.demo.start({})).rejects.toMatchObject({ code: "RUN_STATE" });
	await next(/requests a second begin/);
	const mirrored = await product.until("the mirror's end", ({ demo }) => demo?.index === 1 && demo.gate !== null, 120_000);
	expect(mirrored.migrations[0]).toMatchObject({ paused: true, stage: "shadowing" });
	expect(mirrored.demo?.chapters[1]?.facts.find(({ name }) => name === "Client errors")?.value).toBe(0);
	await client.demo.next({});
	await next(/clients move to the new services/);
	await product.until("a canary", ({ migrations }) => (migrations[0]?.canary?.weight ?? 0) >= 1, 60_000);
	await client.demo.pause({});
	// A step that was already on its way may still come into force.
	await sleep(1_000);
	const [weight, { requests }] = [await weightOf(), (await client.state.snapshot({})).totals];
	await sleep(6_000);
	const paused = await client.state.snapshot({});
	expect([paused.demo?.state, paused.migrations[0]?.paused, await weightOf()]).toEqual(["paused", true, weight]);
	expect(paused.totals.requests).toBeGreaterThan(requests + 200);
	await client.demo.resume({});
	await product.until("the way on", ({ demo }) => demo?.state === "running" || demo?.gate !== null, 10_000);

	await client.demo.cancel({});
	const over = await product.until("the end", ({ demo }) => demo?.state === "cancelled", 60_000);
	expect(over.services).toEqual([]);
	expect(over.migrations.map(({ stage }) => stage)).toEqual(["cancelled"]);
	expect(over.totals.clientErrors).toBe(0);
	const before = (await client.state.snapshot({})).system?.gateway.stats.byArm.modern ?? 0;
	for (let count = 0; count < 20; count++) expect((await fetch(`http://127.0.0.1:${product.gatewayPort}/balance`)).ok).toBe(true);
	await sleep(300);
	expect((await client.state.snapshot({})).system?.gateway.stats.byArm.modern).toBe(before);

	await client.demo.start({ guided: true, functions: ["login"], rate: 60 });
	const again = await product.until("the second demo", ({ demo }) => demo?.round === 2 && demo.gate !== null, 60_000);
	expect(again).toMatchObject({ migrations: [], groups: [], totals: { compared: 0, requests: 0 }, demo: { index: 0 } });
	expect(existsSync(join(dir, "sample-2/bank.db"))).toBe(true);
	expect((await client.journal.query({ sql: "SELECT count(*) FROM entries WHERE kind = 'compared'" })).rows[0]?.[0]).toBeGreaterThan(0);
	await client.demo.cancel({});
	await product.until("its end", ({ demo }) => demo?.state === "cancelled", 30_000);
});
