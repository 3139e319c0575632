import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createProduct, type Product } from "../testing/product.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const flags = [
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
];

let browser: Browser;
let product: Product;
let page: Page;
let problems: string[];

beforeAll(async () => {
	browser = await chromium.launch({ executablePath: process.env.PHOENIX_CHROMIUM ?? "/usr/bin/chromium", args: flags });
});
afterAll(() => browser.close());

beforeEach(async () => {
	product = await createProduct();
	problems = [];
	page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
	page.on("pageerror", (error) => problems.push(String(error)));
	page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
});
afterEach(async () => {
	await page.close();
	await product.end();
});

test("from the start of the engine to the interactive map of the sample bank", async () => {
	const started = performance.now();
	await product.start({ wait: false });
	await page.goto(product.url);
	await page.getByRole("heading", { level: 1 }).waitFor();
	const firstScreenMs = performance.now() - started;
	await page.waitForFunction(() => performance.getEntriesByName("map-interactive").length > 0);
	const mapMs = performance.now() - started;
	await page.reload();
	await page.waitForFunction(() => performance.getEntriesByName("map-interactive").length > 0);
	const interactiveMs = await page.evaluate(
		() => performance.getEntriesByName("map-interactive")[0]?.startTime ?? Number.POSITIVE_INFINITY,
	);
	console.log(
		JSON.stringify({
			test: "first screen",
			firstScreenMs: Math.round(firstScreenMs),
			withSeedingMs: Math.round(mapMs),
			mapInteractiveMs: Math.round(interactiveMs),
		}),
	);
	expect(firstScreenMs).toBeLessThan(30_000);
	expect(interactiveMs).toBeLessThan(20_000);
	expect([...problems, ...(await violations())]).toEqual([]);
});

test("an architect isolates a function, reviews the patch, accepts it, and sees the function promoted", async () => {
	await product.start();
	const traffic = product.traffic({ rate: 100 });
	await page.goto(product.url);
	await page.getByRole("navigation", { name: "Places" }).waitFor();
	await page.keyboard.press("/");
	await page.keyboard.type("balance");
	await page.keyboard.press("Enter");
	await page.getByRole("heading", { name: "balance", exact: true }).waitFor();
	await page.keyboard.press("i");
	const dialog = page.getByRole("dialog", { name: /Isolate and modernize balance/ });
	await dialog.getByRole("radio", { name: /demo/i }).check();
	await dialog.getByRole("checkbox").uncheck();
	expect(await violations()).toEqual([]);
	await dialog.getByRole("button", { name: "Isolate and modernize" }).click();
	await product.until("a patch for review", (snapshot) => snapshot.migrations.some((state) => state.stage === "reviewing"), 90_000);
	await page.goto(new URL("#/patches", product.url.split("#")[0]).href);
	await page.waitForSelector(".monaco-diff-editor .line-insert", { timeout: 20_000 });
	expect([...problems, ...(await violations())]).toEqual([]);
	await page.getByRole("button", { name: /^Accept/ }).click();
	await product.until("version 2", (snapshot) => snapshot.migrations.some((state) => state.version >= 2), 60_000);
	for (;;) {
		const snapshot = await product.until(
			"review or promotion",
			({ migrations: [state] }) => state?.stage === "reviewing" || state?.stage === "promoted",
			120_000,
		);
		if (snapshot.migrations[0]?.stage === "promoted") break;
		await page.getByRole("button", { name: /^Accept/ }).click();
		await product.until("the swap", ({ migrations: [state] }) => state?.stage !== "reviewing", 30_000);
	}
	expect((await traffic.stop()).errors).toBe(0);
});

test("the kill switch on the screen: one press, all to legacy, and back", async () => {
	await product.start();
	await page.goto(product.url);
	await page.getByRole("navigation", { name: "Places" }).waitFor();
	await page.getByRole("button", { name: "All to legacy" }).click();
	const { system } = await product.until("the panic", (snapshot) => snapshot.system?.gateway.stats.panic !== null, 5_000);
	expect(system?.gateway.stats.panic?.reason).not.toBe("");
	expect([...problems, ...(await violations())]).toEqual([]);
	await page.getByRole("button", { name: /Clear/ }).click();
	await product.until("the clearing", (snapshot) => snapshot.system?.gateway.stats.panic === null, 5_000);
});

async function violations(): Promise<string[]> {
	await page.evaluate(axe);
	return page.evaluate(async () => {
		type Axe = { run(): Promise<{ violations: { id: string; nodes: { target: unknown[] }[] }[] }> };
		const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run();
		return violations.flatMap((one) => one.nodes.map((node) => `${one.id} ${node.target.join(" ")}`));
	});
}
