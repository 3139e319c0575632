import { setTimeout as sleep } from "node:timers/promises";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Snapshot } from "../../contract/api.ts";
import type { SampleTraffic } from "../sample/bank.ts";
import { createProduct, type Product } from "../testing/product.ts";

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"];

/** Twelve things that must be perfect, in the order of one day, over the real engine under load; no pointer is ever moved. */
describe("by keyboard alone", () => {
	let browser: Browser;
	let product: Product;
	let traffic: SampleTraffic;
	let page: Page;

	beforeAll(async () => {
		browser = await chromium.launch({ executablePath: process.env.PHOENIX_CHROMIUM ?? "/usr/bin/chromium", args: flags });
		product = await createProduct();
		await product.start({ sample: false });
		page = await open();
	});
	afterAll(async () => {
		await browser?.close();
		await product?.end();
	});

	async function open(): Promise<Page> {
		const opened = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
		await opened.goto(product.url);
		await opened.getByRole("heading", { level: 1 }).first().waitFor();
		return opened;
	}
	async function press(...keys: string[]): Promise<void> {
		for (const key of keys) {
			await page.keyboard.press(key);
			await sleep(80);
		}
	}
	async function find(name: string): Promise<void> {
		await press("/");
		await page.getByRole("combobox").waitFor();
		await page.keyboard.type(name);
		await press("Enter");
		await page.getByRole("heading", { name, exact: true }).first().waitFor();
	}
	async function command(words: string): Promise<void> {
		await press("Control+k");
		await page.getByRole("combobox").waitFor();
		await page.keyboard.type(words);
		await press("Enter");
	}
	const shown = (text: string | RegExp) => page.getByText(text).first().waitFor();
	const stage = (name: string) => async () =>
		(await product.client.state.snapshot({})).migrations.find((one) => one.function.endsWith(name))?.stage;

	test("[1] from nothing open to the map of the sample", async () => {
		await page.getByRole("button", { name: "Open the sample bank" }).waitFor();
		await press("Enter");
		await page.getByRole("region", { name: "Dependency map" }).locator("canvas").first().waitFor();
		await product.until("the sample", ({ system }) => system !== null, 30_000);
		traffic = product.traffic({ rate: 100 });
	});

	test("[2] find, fly there, and see what it is", async () => {
		await find("credit_score");
		await shown(/1 route/);
		expect(new URL(page.url()).hash).toContain("select=function:scoring.credit_score");
	});

	test("[3] only the neighbourhood, wider, and the path between two", async () => {
		await press("f", "]");
		expect(new URL(page.url()).hash).toMatch(/only=yes.*depth=2/);
		await press("f");
		await find("balance");
		await press("p");
		await page.getByPlaceholder("To").waitFor();
		await page.keyboard.type("render");
		await press("Enter");
		await expect.poll(() => new URL(page.url()).hash).toContain("path=function:accounts.balance%3Efunction:xmlout.render");
		await press("Escape");
		await expect.poll(() => new URL(page.url()).hash).not.toContain("path=");
	});

	test("[4] a click's worth of keys to the verdict and the plan", async () => {
		await find("balance");
		await press("i");
		const plan = page.getByRole("dialog", { name: /Isolate and modernize balance/ });
		await plan.getByText(/A good cut: 1 route/).waitFor();
		for (const part of ["Moves", "Stays", "Tables", "Rules", "Effort", "Risk"])
			await plan.getByText(part, { exact: true }).first().waitFor();
		await press("Escape");
		await plan.waitFor({ state: "detached" });
	});

	test("[5] start, watch, cancel one, and go on after the engine was killed", async () => {
		await find("limits");
		await press("Shift+I");
		await find("balance");
		await press("i");
		const plan = page.getByRole("dialog", { name: /Isolate and modernize/ });
		await plan.getByRole("button", { name: "Isolate and modernize" }).waitFor();
		await sleep(300);
		await plan.getByRole("radio", { name: /^Demo/ }).focus();
		await press("Space");
		await plan.getByRole("button", { name: "Isolate and modernize" }).focus();
		await press("Enter");
		await plan.waitFor({ state: "detached" });
		await press("2");
		await page.getByRole("heading", { name: "Whole run" }).waitFor();
		await product.until("shadowing", ({ migrations }) => migrations.some((one) => one.evidence.clean > 0), 90_000);
		const names = (await product.client.state.snapshot({})).migrations.map((one) => one.function);
		if (names.length > 1) {
			await press("j");
			while (!page.url().includes("function=limits.limits")) await press("j");
			await press("x");
			await page
				.getByRole("dialog")
				.getByRole("button", { name: /Cancel/ })
				.first()
				.focus();
			await press("Enter");
			await expect.poll(stage("limits"), { timeout: 20_000 }).toBe("cancelled");
		}
		await product.kill();
		await shown(/core does not answer/i);
		await product.start();
		const url = new URL(page.url());
		await page.goto(product.url);
		await page.getByRole("navigation", { name: "Places" }).waitFor();
		expect(url.hash).toContain("#/run");
		await product.until("the run again", ({ run, migrations }) => run !== null && migrations.length > 0, 60_000);
		await press("2");
		await page.getByRole("heading", { name: "Whole run" }).waitFor({ timeout: 60_000 });
	});

	/** Accepts by keys whatever patch is put up, until some function is where it shall be. */
	async function acceptUntil(what: string, isReached: (migration: Snapshot["migrations"][number]) => boolean): Promise<void> {
		for (let patches = 0; patches < 8; patches++) {
			const { migrations } = await product.until(
				`review, or ${what}`,
				(snapshot) => snapshot.migrations.some((one) => one.stage === "reviewing" || isReached(one)),
				180_000,
			);
			if (migrations.some(isReached)) return;
			await press("3");
			await page.waitForSelector(".monaco-diff-editor", { timeout: 30_000 });
			await page.getByRole("button", { name: /^Accept the patch/ }).waitFor();
			await press("Shift+A", "Enter");
			await product.until("the swap", (snapshot) => !snapshot.migrations.some((one) => one.stage === "reviewing"), 60_000);
		}
		throw new Error(`${what} was not reached in eight patches`);
	}

	test("[7] from a cause to one example, and the next", async () => {
		await product.until("a patch to review", ({ migrations }) => migrations.some((one) => one.stage === "reviewing"), 120_000);
		await press("2", "m");
		await shown(/^\d+ differences?$/);
		await page.getByRole("columnheader", { name: "Legacy" }).first().waitFor();
		await press("n");
		await expect.poll(() => page.url()).toContain("example=1");
	});

	test("[8] every hunk of a patch marked and decided", async () => {
		await press("3");
		await page.waitForSelector(".monaco-diff-editor .line-insert", { timeout: 30_000 });
		await press("n", "a");
		await page
			.getByRole("status", { name: "Review" })
			.getByText(/accepted/)
			.waitFor();
		await press("Shift+A", "Enter");
		await product.until("version 2", ({ migrations }) => migrations.some((one) => one.version >= 2), 60_000);
	});

	test("[9] why it is not promoted, gate by gate, and the steps of the canary", async () => {
		await press("2");
		await press("j", "o");
		await shown(/gate/i);
		await acceptUntil("canary or promotion", (one) => one.stage === "canary" || one.stage === "promoted");
		await press("2", "o");
		await shown(/canary/i);
	});

	test("[10] what the confidence is made of and what would raise it", async () => {
		await press("b");
		await shown("Alpha");
		await shown(/compared requests of version \d/);
	});

	test("[6] the kill switch, and back", async () => {
		// A canary may have found another difference meanwhile.
		await acceptUntil("new code in front of clients", (one) => (one.canary?.weight ?? 0) > 0 || one.stage === "promoted");
		await press("Control+Alt+l");
		await product.until("the switch", ({ system }) => system?.gateway.stats.panic != null, 5_000);
		await command("Clear the kill switch");
		await product.until("the clearing", ({ system }) => system?.gateway.stats.panic === null, 10_000);
	});

	test("[11] the window closes under traffic, nobody notices, and it finds its place again", async () => {
		const before = traffic.report();
		const { hash } = new URL(page.url());
		await page.close();
		await sleep(2_000);
		page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
		await page.goto(product.url);
		await page.getByRole("navigation", { name: "Places" }).waitFor();
		await page.goto(new URL(`/${hash}`, product.url).href);
		await page
			.getByRole("navigation", { name: "Places" })
			.getByRole("button", { name: /^Run( |$)/ })
			.waitFor();
		expect(hash).toContain("#/run");
		const after = traffic.report();
		expect(after.sent).toBeGreaterThan(before.sent + 100);
		expect(after.errors).toBe(0);
	});

	test("[12] on the stage and back without losing the place", async () => {
		await press("2");
		const { hash } = new URL(page.url());
		await press("Shift+S");
		const dialog = page.getByRole("dialog", { name: "Stage" });
		await dialog.waitFor();
		await press("ArrowLeft", "ArrowRight");
		await press("Escape");
		await dialog.waitFor({ state: "detached" });
		expect(new URL(page.url()).hash).toBe(hash);
		expect((await traffic.stop()).errors).toBe(0);
	});
});
