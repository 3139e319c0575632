import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { flags, openView, violationsOn } from "../../fixtures/look.ts";

const big = { width: 1440, height: 900 };
const select = (id: string) => `#/map?select=function:${id}`;

describe("from a click to the plan, by keyboard alone", () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await chromium.launch({ executablePath: process.env.PHOENIX_CHROMIUM ?? "/usr/bin/chromium", args: flags });
	});
	afterAll(() => browser.close());

	const at = (hash: string, size = big, theme: "light" | "dark" = "light") =>
		openView(browser, { name: "here", moment: "opened", hash }, theme, size);

	it("says in one sentence whether it is a good cut, and what each number behind it is made of", async () => {
		const { page, problems, close } = await at(select("scoring.credit_score"));
		await page.getByText("A good cut: 1 route, no row is changed, 20 functions.").waitFor();
		await page.getByRole("button", { name: /^Isolation 0.6/ }).focus();
		await page.keyboard.press("Enter");
		await page.getByText(/^1 \/ \(1 \+ 0\.56\) = 0\.64/).waitFor();
		await page.getByRole("heading", { name: /^For/ }).waitFor();
		expect(problems).toEqual([]);
		await close();
	});

	it("ranks the first cuts while nothing is chosen, each with its formula", async () => {
		const { page, close } = await at("#/map");
		const score = page.getByRole("button", { name: /^Score .* of login, explained$/ });
		await score.focus();
		await page.keyboard.press("Enter");
		await page.getByText(/isolation × .* for its complexity of 4/).waitFor();
		await close();
	});

	it("shows source, blueprint and code together: a rule leads to its line and to the code that says it", async () => {
		const { page, problems, close } = await at(select("transfers.transfer"), big, "dark");
		await page.getByText(/A hard cut/).waitFor();
		await page.keyboard.press("w");
		const bench = page.getByRole("dialog", { name: "transfer" });
		await page.waitForSelector("section[aria-label=Code] .view-line");
		const rule = bench.getByRole("button", { name: /^rounding transfers.py:55/ }).first();
		await rule.focus();
		await page.keyboard.press("Enter");
		await page.waitForSelector("section[aria-label=Source] .phoenix-pointed");
		await page.waitForSelector("section[aria-label=Code] .phoenix-pointed");
		expect(await lineAt(page, "Source")).toBe("commission = round(amount * COMMISSION_RATE, 2)");
		expect(await lineAt(page, "Code")).toMatch(/^let commission = Math\.round\(amount \* COMMISSION_RATE/);
		const why = bench.getByRole("region", { name: "Why this line" });
		await why.getByText(/Drift site \(rounding\)/).waitFor();
		await why.getByText("transfers.post_transfer").waitFor();
		// The next rule by the arrow key, and both panes follow.
		await page.keyboard.press("ArrowDown");
		await page.keyboard.press("ArrowDown");
		await why.getByRole("heading", { name: /^Line 56/ }).waitFor();
		expect(await lineAt(page, "Code")).toMatch(/^if \(commission < COMMISSION_MIN\)/);
		expect([...problems, ...(await violationsOn(page))]).toEqual([]);
		await page.keyboard.press("Escape");
		await bench.waitFor({ state: "detached" });
		await page.getByRole("heading", { name: "transfer", exact: true }).waitFor();
		await close();
	});

	it("starts what is planned with Enter", async () => {
		const { page, problems, close } = await at(select("limits.limits"));
		await page.getByText(/cut: 1 route/).waitFor();
		await page.keyboard.press("i");
		const sheet = page.getByRole("dialog", { name: "Isolate and modernize limits?" });
		await sheet.getByText("25 clean requests", { exact: false }).waitFor();
		await page.waitForFunction(() => document.activeElement?.getAttribute("type") === "submit");
		expect([...problems, ...(await violationsOn(page))]).toEqual([]);
		await page.keyboard.press("Enter");
		await sheet.waitFor({ state: "detached" });
		await page.getByText("shadowing").first().waitFor();
		await close();
	});

	it("offers no start for two functions of one route, and says which", async () => {
		const { page, close } = await at(`${select("scoring.score_answer")}&plan=scoring.credit_score`);
		await page.getByText(/A good cut/).waitFor();
		await page.keyboard.press("i");
		const sheet = page.getByRole("dialog");
		await sheet.getByText("score_answer and credit_score both move GET /credit-score. Take one of them out.").waitFor();
		expect(await sheet.getByRole("button", { name: /^Isolate and modernize/ }).count()).toBe(0);
		await sheet.getByRole("button", { name: "Take credit_score out of the plan" }).press("Enter");
		await sheet.getByRole("button", { name: /^Isolate and modernize/ }).waitFor();
		await close();
	});

	it("offers no way to cut what no route reaches", async () => {
		const { page, close } = await at(select("db.use_file"));
		await page.getByText(/^Cannot be cut: no route reaches it/).waitFor();
		expect(await page.getByRole("button", { name: /Isolate and modernize…/ }).count()).toBe(0);
		await close();
	});

	it.each([
		["1024 x 640", { width: 1024, height: 640 }],
		["640 x 400, which is 1280 x 800 at 200 %", { width: 640, height: 400 }],
		["512 x 320, which is 1024 x 640 at 200 %", { width: 512, height: 320 }],
	])("keeps every button of the plan in a window of %s", async (_name, size) => {
		const { page, close } = await at(select("transfers.transfer"));
		await page.getByText(/A hard cut/).waitFor();
		await page.keyboard.press("i");
		const sheet = page.getByRole("dialog");
		await sheet.getByText("clean requests", { exact: false }).waitFor();
		await page.setViewportSize(size);
		await page.waitForTimeout(200);
		for (const button of [sheet.getByRole("button", { name: "Not now" }), sheet.getByRole("button", { name: /^Isolate and modernize/ })]) {
			const box = await button.boundingBox();
			expect(box !== null && box.x >= 0 && box.y >= 0 && box.x + box.width <= size.width && box.y + box.height <= size.height).toBe(true);
		}
		const plan = await sheet
			.getByRole("region", { name: "The plan" })
			.evaluate((one) => ({ wide: one.scrollWidth - one.clientWidth, high: one.clientHeight }));
		expect(plan.wide).toBeLessThanOrEqual(0);
		expect(plan.high).toBeGreaterThan(120);
		await close();
	});

	it("has the first text in Monaco soon and another file at once; the goals are 1.5 s and 150 ms", async () => {
		const { page, close } = await at(select("transfers.transfer"));
		await page.getByText(/A hard cut/).waitFor();
		await page.waitForTimeout(1_500);
		const first = await timed(
			page,
			() => page.keyboard.press("w"),
			() => page.waitForSelector("section[aria-label=Code] .view-line .mtk1"),
		);
		await page.waitForTimeout(500);
		const later = await page.evaluate(async () => {
			const select = document.querySelector<HTMLSelectElement>("select[aria-label='Source file']");
			const editor = document.querySelector("section[aria-label=Source] .view-lines");
			if (select === null || editor === null) return Number.POSITIVE_INFINITY;
			const before = editor.textContent;
			const started = performance.now();
			const setter = Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, "value")?.set;
			setter?.call(select, "money.py");
			select.dispatchEvent(new Event("change", { bubbles: true }));
			while (
				document.querySelector("section[aria-label=Source] .view-lines")?.textContent === before &&
				performance.now() - started < 5_000
			)
				await new Promise((resolve) => requestAnimationFrame(resolve));
			return performance.now() - started;
		});
		process.stdout.write(`workbench: first text ${Math.round(first)} ms, another file ${Math.round(later)} ms\n`);
		// A machine that does other work beside is not what the goal is about: the figure is printed, this only catches a slip.
		expect(first).toBeLessThan(15_000);
		expect(later).toBeLessThan(2_000);
		await close();
	});
});

/** The text of the line that a pane points at. */
async function lineAt(page: Page, pane: string): Promise<string> {
	return page.evaluate((label) => {
		const pointed = document.querySelector(`section[aria-label=${label}] .phoenix-pointed`)?.getBoundingClientRect();
		const lines = [...document.querySelectorAll<HTMLElement>(`section[aria-label=${label}] .view-line`)];
		const found = lines.find((line) => pointed !== undefined && Math.abs(line.getBoundingClientRect().top - pointed.top) < 3);
		return (found?.textContent ?? "").replaceAll("\u00a0", " ").trim();
	}, pane);
}

async function timed(page: Page, act: () => Promise<unknown>, until: () => Promise<unknown>): Promise<number> {
	const started = await page.evaluate(() => performance.now());
	await act();
	await until();
	return (await page.evaluate(() => performance.now())) - started;
}
