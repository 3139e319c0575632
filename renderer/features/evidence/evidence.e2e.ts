import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { flags, openView, violationsOn } from "../../fixtures/look.ts";

describe("the evidence by keyboard alone", () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await chromium.launch({ executablePath: process.env.PHOENIX_CHROMIUM ?? "/usr/bin/chromium", args: flags });
	});
	afterAll(() => browser.close());

	it("asks in SQL, says a mistake where it was made, sorts, opens a row, saves the question and verifies the chain", async () => {
		const view = { name: "evidence", moment: "canary" as const, hash: "#/evidence" };
		const { page, problems, close } = await openView(browser, view, "light", { width: 1024, height: 640 });
		const sql = page.getByRole("textbox", { name: /newest first|SQL over the journal/ });
		await sql.fill("SELECT seq, nought FROM entries");
		await page.keyboard.press("Control+Enter");
		await page.getByRole("alert").getByText("no such column: nought").waitFor();
		expect(await page.getByRole("region", { name: "Alerts" }).count()).toBe(0);
		await sql.fill("SELECT seq, kind FROM entries ORDER BY seq");
		await page.keyboard.press("Control+Enter");
		await page.getByText(/^1,177 rows in/).waitFor();
		const answer = page.getByRole("region", { name: /^Answer/ });
		// Of more than a thousand rows only those in sight are in the page.
		expect(await answer.getByRole("row").count()).toBeLessThan(80);
		await answer.getByRole("button", { name: "seq" }).focus();
		await page.keyboard.press("Enter");
		await page.keyboard.press("Enter");
		expect(await answer.getByRole("columnheader", { name: "seq" }).getAttribute("aria-sort")).toBe("descending");
		await answer.focus();
		await page.keyboard.press("ArrowDown");
		await page.getByRole("region", { name: "The opened row" }).waitFor();
		await page.keyboard.press("Control+s");
		await page.keyboard.type("Every entry");
		await page.keyboard.press("Enter");
		await page.getByRole("navigation", { name: "Saved questions" }).getByRole("button", { name: "Every entry" }).waitFor();
		await answer.focus();
		await page.keyboard.press("v");
		await page.getByText("entries, the chain holds").waitFor();
		expect([...problems, ...(await violationsOn(page))]).toEqual([]);
		await close();
	});
});
