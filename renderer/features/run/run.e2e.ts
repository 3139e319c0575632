import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { flags, openView } from "../../fixtures/look.ts";
import type { Moment } from "../../fixtures/moments.ts";

const big = { width: 1440, height: 900 };

describe("the run by keyboard alone", () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await chromium.launch({ executablePath: process.env.PHOENIX_CHROMIUM ?? "/usr/bin/chromium", args: flags });
	});
	afterAll(() => browser.close());

	const open = (moment: Moment, hash: string) => openView(browser, { name: "run", moment, hash }, "light", big);

	it("goes from function to function, and the address says which one and what of it", async () => {
		const { page, problems, close } = await open("many", "#/run");
		await press(page, "j");
		await page.getByRole("article", { name: "credit_score" }).waitFor();
		await press(page, "m", "k", "k");
		await page.getByRole("article", { name: "archive_old_statements" }).waitFor();
		const [path, query] = new URL(page.url()).hash.split("?");
		expect(path).toBe("#/run");
		expect(Object.fromEntries(new URLSearchParams(query))).toEqual({ function: "archive.archive_old_statements", view: "mismatches" });
		await page.reload();
		await page.getByRole("article", { name: "archive_old_statements" }).waitFor();
		expect(await page.getByRole("tab", { name: "Mismatches" }).getAttribute("aria-selected")).toBe("true");
		expect(problems).toEqual([]);
		await close();
	});

	it("shows a mismatch with its cause, both answers and both rows, the next example, and copies it as curl", async () => {
		const { page, close } = await open("shadowing", "#/run?function=transfers.transfer");
		await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
		await press(page, "m");
		await page.getByText("example 1 of 2").waitFor();
		const answers = page.getByRole("region", { name: "Both answers side by side" });
		expect(await answers.locator("mark").allTextContents()).toEqual([
			"<COMMISSION>1.06</COMMISSION>",
			'"COMMISSION": "1.07",',
			"<BALANCE>8141.32</BALANCE>",
			'"BALANCE": "8141.31"',
		]);
		expect(await page.getByRole("row", { name: "commission 1.06 1.07", exact: true }).count()).toBe(1);
		await press(page, "n");
		await page.getByText("example 2 of 2").waitFor();
		await press(page, "c");
		await page.getByText("Copied as curl").first().waitFor();
		const copied = await page.evaluate(() => navigator.clipboard.readText());
		expect(copied).toMatch(/^curl -i -X 'POST' 'http:\/\/127\.0\.0\.1:8080\/transfer'/);
		expect(copied).toContain("amount=4210.00");
		await close();
	});

	it("says why it is not promoted: each closed gate with value, limit and what would open it", async () => {
		const { page, close } = await open("shadowing", "#/run?function=scoring.credit_score");
		await page.getByRole("heading", { name: "Why not promoted: 2 gates to the canary closed" }).waitFor();
		const row = page.getByRole("row", { name: /^closed: clean requests/ });
		expect(await row.getByRole("cell").allTextContents()).toEqual(["214", "≥ 300", "86 more clean requests."]);
		await close();
	});

	it("explains the confidence: formula, source, figures, and its way as a table", async () => {
		const { page, close } = await open("shadowing", "#/run?function=scoring.credit_score");
		await press(page, "b");
		await page.getByText(/^86 more clean requests, about .* at the present traffic\.$/).waitFor();
		await page.getByText("Ville 1939").waitFor();
		await page.getByText("As a table").focus();
		await press(page, "Enter");
		expect(await page.getByRole("region", { name: "Points of the bound" }).getByRole("row").count()).toBeGreaterThan(10);
		await close();
	});

	it("shows the branches, the weakest first, and takes a signed waiver for what one lacks", async () => {
		const { page, server, close } = await open("shadowing", "#/run?function=scoring.credit_score&view=confidence");
		const branches = page.getByRole("region", { name: "Branches, weakest first" });
		await page.getByRole("heading", { name: "Evidence per branch: live traffic reaches 3 of 4" }).waitFor();
		expect(await branches.getByRole("rowheader").allTextContents()).toEqual([
			"share > 0.9: yes",
			"share > 0.9: no",
			"GET /credit-score: reached",
			"customer is None: yes",
		]);
		const weakest = branches.getByRole("row", { name: /^share > 0\.9: yes/ });
		expect((await weakest.getByRole("cell").allTextContents()).slice(0, 4)).toEqual(["≤ 46\u00a0%", "scoring.py:140", "5", "0"]);
		await weakest.getByRole("button", { name: "Sign a waiver…" }).focus();
		await press(page, "Enter");
		await page.getByRole("dialog").getByLabel("Your name").fill("A. Roe");
		await page.getByRole("dialog").getByLabel("Why the step is safe without it").fill("twelve customers, checked by hand");
		await press(page, "Enter");
		const stateOf = () => server.core.snapshot().migrations.find((one) => one.function === "scoring.credit_score");
		await expect
			.poll(() => stateOf()?.waivers)
			.toMatchObject([{ branch: "scoring.credit_score#48:yes", by: "A. Roe", why: "twelve customers, checked by hand" }]);
		await close();
	});

	it("pauses, lets go on and cancels one function, and then all", async () => {
		const { page, server, close } = await open("shadowing", "#/run?function=scoring.credit_score");
		const stateOf = () => server.core.snapshot().migrations.find((one) => one.function === "scoring.credit_score");
		await press(page, "p");
		await page.getByRole("button", { name: "Resume", exact: true }).waitFor();
		expect(stateOf()?.paused).toBe(true);
		expect(server.core.snapshot().run?.state).toBe("running");
		await press(page, "u");
		await page.getByRole("button", { name: "Pause", exact: true }).waitFor();
		await press(page, "x");
		await page.getByRole("dialog").getByRole("button", { name: "Cancel credit_score" }).focus();
		await press(page, "Enter");
		await page.getByRole("article", { name: "credit_score" }).getByText("cancelled").first().waitFor();
		await page.getByRole("button", { name: /^Whole run/ }).focus();
		await press(page, "Enter");
		await page.getByRole("button", { name: "Cancel all" }).focus();
		await press(page, "Enter");
		await page.getByRole("dialog").getByRole("button", { name: "Cancel the whole run" }).focus();
		await press(page, "Enter");
		await expect.poll(() => server.core.snapshot().run?.state).toBe("cancelled");
		await close();
	});

	it("goes from a decision to its journal entry, and back", async () => {
		const { page, close } = await open("canary", "#/run?function=transfers.transfer");
		await press(page, "h");
		const entry = page.getByRole("list", { name: "Decisions, oldest first" }).getByRole("button").last();
		const seq = (await entry.textContent())?.slice(1) ?? "";
		await entry.focus();
		await press(page, "Enter");
		const opened = page.getByRole("region", { name: "The opened row" });
		await opened.getByText(seq, { exact: true }).waitFor();
		await press(page, "Alt+ArrowLeft");
		await page.getByRole("list", { name: "Decisions, oldest first" }).waitFor();
		await close();
	});

	it("has the charts as a table, and one time cursor that the arrow keys move", async () => {
		const { page, close } = await open("canary", "#/run");
		await page.getByRole("group", { name: /Charts; the arrow keys/ }).focus();
		await press(page, "ArrowLeft", "ArrowLeft");
		await page.getByText(/^at \d\d:\d\d:\d\d$/).waitFor();
		expect(await page.locator(".u-cursor-x:visible").count()).toBe(4);
		await page.getByRole("button", { name: "As a table" }).focus();
		await press(page, "Enter");
		expect(await page.getByRole("region", { name: "Traffic by second" }).getByRole("row").count()).toBe(97);
		await close();
	});

	it("hands over the report as a file", async () => {
		const { page, close } = await open("canary", "#/run?function=transfers.transfer");
		const download = page.waitForEvent("download");
		await page.getByRole("button", { name: "PDF" }).focus();
		await press(page, "Enter");
		expect((await download).suggestedFilename()).toBe("report-transfers.transfer.pdf");
		await close();
	});
});

async function press(page: Page, ...keys: string[]): Promise<void> {
	for (const key of keys) {
		await page.keyboard.press(key);
		await page.waitForTimeout(150);
	}
}
