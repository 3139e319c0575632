import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { flags, violationsOn } from "../../fixtures/look.ts";
import { serveScreen } from "../../fixtures/serve.ts";

describe("the runtime by keyboard alone", () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await chromium.launch({ executablePath: process.env.PHOENIX_CHROMIUM ?? "/usr/bin/chromium", args: flags });
	});
	afterAll(() => browser.close());

	async function open(lines = 0) {
		const server = await serveScreen("shadowing");
		if (lines > 0) server.core.output.grow(lines);
		const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: "light", reducedMotion: "reduce" });
		await context.grantPermissions(["clipboard-read", "clipboard-write"]);
		const page = await context.newPage();
		const problems: string[] = [];
		page.on("pageerror", (error) => problems.push(String(error)));
		page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
		await page.goto(`${server.url}#/map`);
		await page.waitForSelector("nav[aria-label=Places]");
		await page.keyboard.press("4");
		await page.getByRole("region", { name: "Output lines" }).locator("li").first().waitFor();
		await page.getByText("20,000 lines", { exact: true }).waitFor();
		const close = async () => {
			await context.close();
			await server.stop();
		};
		return { page, server, problems, close };
	}
	const list = (page: Page) => page.getByRole("region", { name: "Output lines" });
	const lastLine = (page: Page) => list(page).locator("li").last().textContent();

	it("shows processes with health and figures, and no violation of axe", async () => {
		const { page, problems, close } = await open();
		const table = page.getByRole("region", { name: "Processes" });
		for (const name of ["Banca 1990", "Engine", "Gateway", "credit_score"]) await table.getByText(name, { exact: true }).waitFor();
		expect(await table.getByRole("row").count()).toBe(8);
		expect([...problems, ...(await violationsOn(page))]).toEqual([]);
		await close();
	});

	it("searches in place, steps from find to find, copies with context, and shows one source alone", async () => {
		const { page, close } = await open();
		await page.keyboard.press("Control+f");
		expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("Search the output");
		await page.keyboard.type("database is locked");
		await page
			.getByText(/^\d+ lines$/)
			.first()
			.waitFor();
		await page.keyboard.press("Shift+Enter");
		const status = page.getByRole("toolbar", { name: "Output" }).getByRole("status");
		await expect.poll(() => status.textContent()).toMatch(/^(\d+) of \1$/);
		await list(page).locator("li mark").first().waitFor();
		const [, total = ""] = /of (\d+)/.exec((await status.textContent()) ?? "") ?? [];
		await page.keyboard.press("Escape");
		expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("Output lines");
		await page.keyboard.press("Control+f");
		await page.keyboard.type("database is locked");
		await page.keyboard.press("Shift+Enter");
		await list(page).focus();
		await page.keyboard.press("Shift+N");
		await expect.poll(() => status.textContent()).toBe(`${Number(total) - 1} of ${total}`);
		await page.keyboard.press("n");
		await expect.poll(() => status.textContent()).toBe(`${total} of ${total}`);
		await page.keyboard.press("c");
		const copied = await page.evaluate(() => navigator.clipboard.readText());
		expect(copied.split("\n")).toHaveLength(11);
		expect(copied.split("\n")[5]).toContain("database is locked");
		await page.getByRole("combobox", { name: "Source" }).selectOption("gateway");
		await expect.poll(() => list(page).locator("li").first().textContent()).toContain("plan");
		expect(page.url()).toContain("source=gateway");
		await close();
	});

	it("stands still while one reads above, counts what is new, and follows again on F", async () => {
		const { page, server, close } = await open();
		await list(page).focus();
		await page.keyboard.press("PageUp");
		await page.keyboard.press("PageUp");
		await page.getByRole("button", { name: "Follow", exact: true }).waitFor();
		// The scrolling of a key press takes a moment.
		await page.waitForTimeout(600);
		const before = await lastLine(page);
		server.core.output.grow(37);
		await page.getByRole("button", { name: "37 new lines" }).waitFor();
		expect(await lastLine(page)).toBe(before);
		await page.keyboard.press("f");
		await page.getByText("following", { exact: true }).waitFor();
		await expect.poll(() => lastLine(page)).not.toBe(before);
		await close();
	});

	it("loads older lines on demand, and finds what the page does not hold in the engine's memory", async () => {
		const { page, server, close } = await open(40_000);
		await page.keyboard.press("Control+f");
		await page.keyboard.type("database is locked");
		await page.getByRole("button", { name: /^Search 46,000 older lines/ }).click();
		await page
			.getByRole("region", { name: "Older lines" })
			.getByText(/older lines of/)
			.waitFor();
		const first = await list(page).evaluate((element) => element.scrollHeight);
		await list(page).focus();
		await page.keyboard.press("o");
		await page.getByText("40,000 lines", { exact: true }).waitFor();
		expect(await list(page).evaluate((element) => element.scrollHeight)).toBeGreaterThan(first * 1.9);
		expect(server.core.output.lines.length).toBe(66_000);
		await close();
	});

	it("scrolls 200,000 lines: goal 14", async () => {
		const { page, server, close } = await open();
		for (let round = 0; round < 18; round++) {
			server.core.output.grow(10_000);
			await page.waitForTimeout(60);
		}
		await page.getByText("200,000 lines", { exact: true }).waitFor({ timeout: 30_000 });
		await page.waitForTimeout(500);
		const measured = await list(page).evaluate(async (element) => {
			const frames: number[] = [];
			const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
			element.scrollTop = 0;
			for (let settle = 0; settle < 10; settle++) await nextFrame();
			let last = await nextFrame();
			let rows = 0;
			for (let step = 0; step < 240; step++) {
				// Half of the way line by line, as a wheel does; half in leaps over thousands, as the bar does.
				element.scrollTop += step < 120 ? 120 : 33_000;
				const now = await nextFrame();
				frames.push(now - last);
				last = now;
				rows = Math.max(rows, element.querySelectorAll("li").length);
			}
			frames.sort((one, other) => one - other);
			const at = (share: number) => frames[Math.floor(frames.length * share)] ?? 0;
			return { p50: at(0.5), p95: at(0.95), worst: frames.at(-1) ?? 0, rows, height: element.scrollHeight };
		});
		process.stdout.write(
			`goal 14, 200,000 lines: scroll frames p50 ${measured.p50.toFixed(1)} ms, p95 ${measured.p95.toFixed(1)} ms, worst ${measured.worst.toFixed(1)} ms, ${measured.rows} rows in the page\n`,
		);
		expect(measured.height).toBeGreaterThan(200_000 * 20 - 1);
		expect(measured.rows).toBeLessThan(80);
		expect(measured.p95).toBeLessThan(500);
		await close();
	});
});
