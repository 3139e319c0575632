import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { flags, openView, type View, views, violationsOn } from "./fixtures/look.ts";

const big = { width: 1440, height: 900 };
const small = { width: 1024, height: 640 };
const viewOf = (name: string): View => {
	const view = views.find((one) => one.name === name);
	if (view === undefined) throw new Error(`No view is called ${name}`);
	return view;
};

describe("the screen in a real browser", () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await chromium.launch({ executablePath: process.env.PHOENIX_CHROMIUM ?? "/usr/bin/chromium", args: flags });
	});
	afterAll(() => browser.close());

	it.each(views.map((view) => [view.name, view] as const))(
		"shows %s, light and dark, without an axe violation, an error or a breach of the content security policy",
		async (_name, view) => {
			const { page, problems, close } = await openView(browser, view, "light", view.name === "isolate" ? small : big);
			const light = await violationsOn(page);
			const before = await groundOf(page);
			await page.emulateMedia({ colorScheme: "dark" });
			await page.waitForFunction((ground) => getComputedStyle(document.body).backgroundColor !== ground, before);
			expect({ problems, light, dark: await violationsOn(page) }).toEqual({ problems: [], light: [], dark: [] });
			await close();
		},
	);

	it.each(["isolate", "keys", "welcome-folder", "run-cancel"])(
		"keeps the buttons of the dialog %s inside a window of 1024 x 640",
		async (name) => {
			const { page, close } = await openView(browser, viewOf(name), "light", small);
			for (const button of await page.getByRole("dialog").getByRole("button").all()) {
				const box = await button.boundingBox();
				expect(box !== null && box.y >= 0 && box.y + box.height <= small.height).toBe(true);
			}
			await close();
		},
	);

	it("has the map of the sample bank interactive, and tells after how long", async () => {
		const { page, close } = await openView(browser, viewOf("map"), "light", big);
		const ms = await page.evaluate(() => performance.getEntriesByName("map-interactive")[0]?.startTime ?? Number.POSITIVE_INFINITY);
		process.stdout.write(`map interactive after ${Math.round(ms)} ms\n`);
		expect(ms).toBeLessThan(20_000);
		await close();
	});

	it("brings less than 350 kB of compressed script for the first page, and no Monaco", () => {
		const dist = process.env.PHOENIX_SCREEN ?? join(import.meta.dirname, "../dist/renderer");
		const html = readFileSync(join(dist, "index.html"), "utf8");
		const files = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map((match) => match[1] ?? "");
		const sizes = files.map((file) => gzipSync(readFileSync(join(dist, file))).length);
		const kilobytes = sizes.reduce((sum, size) => sum + size, 0) / 1000;
		process.stdout.write(`first page: ${kilobytes.toFixed(1)} kB of compressed script in ${files.length} files\n`);
		expect(files.length).toBeGreaterThan(0);
		expect(files.join()).not.toMatch(/monaco/i);
		expect(kilobytes).toBeLessThan(350);
	});

	it("goes from the first screen to a running migration by keyboard alone", async () => {
		const { page, close } = await openView(browser, viewOf("welcome"), "dark", big);
		await press(page, "Control+k", "sample bank", "Enter");
		await page.waitForSelector("section[aria-label='Dependency map'] canvas");
		await press(page, "/", "credit_score", "Enter");
		await page.getByRole("heading", { name: "credit_score" }).waitFor();
		await press(page, "i");
		const dialog = page.getByRole("dialog", { name: /Isolate and modernize credit_score/ });
		await dialog.getByText("A good cut: 1 route").waitFor();
		await dialog.getByRole("button", { name: "Isolate and modernize" }).focus();
		await press(page, "Enter");
		await page.getByRole("region", { name: "Migrations" }).getByText("shadowing").waitFor();
		await close();
	});

	it("runs the first difference in a worker of its own, from a file of this origin", async () => {
		const { page, close } = await openView(browser, viewOf("patches"), "light", big);
		expect(page.workers().map((worker) => new URL(worker.url()).origin)).toContain(new URL(page.url()).origin);
		await close();
	});

	it("says that the core is gone, and connects again by itself", async () => {
		const { page, server, problems, close } = await openView(browser, viewOf("run"), "light", big);
		await page.context().setOffline(true);
		server.cut();
		await page.getByText("The core does not answer; what you see may be old.").waitFor();
		await page.context().setOffline(false);
		await page.getByText("The core does not answer; what you see may be old.").waitFor({ state: "detached", timeout: 15_000 });
		// The attempts that failed are noted by the browser itself; nothing else may have gone wrong.
		expect(problems.filter((problem) => !/WebSocket connection to|net::ERR_/.test(problem))).toEqual([]);
		await close();
	});
});

const groundOf = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

async function press(page: Page, ...keys: string[]): Promise<void> {
	for (const key of keys) {
		if (/^([a-z?/]|Enter|Escape|Control\+.)$/.test(key)) await page.keyboard.press(key);
		else await page.keyboard.type(key);
		await page.waitForTimeout(150);
	}
}
