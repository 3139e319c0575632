import { readFileSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { flags, openView, violationsOn } from "../../fixtures/look.ts";

const big = { width: 1440, height: 900 };
let browser: Browser;
let close: () => Promise<void> = () => Promise.resolve();

async function open(hash = "", size = big): Promise<Page> {
	const opened = await openView(browser, { name: "map", moment: "opened", hash }, "light", size);
	const { page, problems } = opened;
	close = async () => {
		await opened.close();
		expect(problems).toEqual([]);
	};
	return page;
}

beforeAll(async () => {
	browser = await chromium.launch({ executablePath: process.env.PHOENIX_CHROMIUM ?? "/usr/bin/chromium", args: flags });
});
afterEach(() => close());
afterAll(() => browser.close());

const said = (page: Page) => page.getByRole("status", { name: "Selection on the map" });
const type = async (page: Page, ...keys: string[]) => {
	for (const key of keys) {
		if (/^([a-zA-Z?/[\]]|Enter|Escape|Tab|Arrow\w+|(Control|Shift)\+.+)$/.test(key)) await page.keyboard.press(key);
		else await page.keyboard.type(key);
		await page.waitForTimeout(120);
	}
};

describe("the map by keyboard alone", () => {
	it("finds a function, flies to it, and widens and narrows what is around", async () => {
		const page = await open();
		await type(page, "/", "credit_score", "Enter");
		await page.getByRole("heading", { name: "credit_score" }).waitFor();
		await said(page).getByText("credit_score, coupled function in scoring").waitFor();
		await type(page, "]", "]");
		expect(page.url()).toContain("depth=3");
		await type(page, "[", "F");
		expect(page.url()).toMatch(/depth=2.*only=yes|only=yes.*depth=2/);
		await page.getByText(/\d+ of 105/).waitFor();
		await type(page, "Escape");
		await page.getByText(/^105/).first().waitFor();
		expect(page.url()).not.toContain("select=");
	});

	it("moves the selection with the arrow keys and says where it is", async () => {
		const page = await open();
		await page.getByRole("application").focus();
		await type(page, "ArrowRight");
		const first = (await said(page).textContent()) ?? "";
		expect(first).not.toBe("");
		await type(page, "ArrowDown");
		expect(await said(page).textContent()).not.toBe(first);
		await type(page, "ArrowUp", "ArrowLeft", "Escape");
		expect(await said(page).textContent()).toBe("");
	});

	it("shows the shortest path between two, with the lines that make each step", async () => {
		const page = await open();
		await type(page, "P");
		const bar = page.getByRole("region", { name: "Path between two" });
		await bar.waitFor();
		await type(page, "GET /credit-score", "Enter");
		await type(page, "Tab");
		await bar.getByRole("combobox", { name: "To" }).focus();
		await type(page, "deepest", "Enter");
		await bar.getByText(/\d steps?, the shortest way/).waitFor();
		await bar.locator("ol button").first().focus();
		await type(page, "Enter");
		const card = page.getByRole("region", { name: /Lines of code/ });
		await card
			.getByText(/dispatch\.py:\d+/)
			.first()
			.waitFor();
		await page.getByRole("application").focus();
		await type(page, "Escape", "Escape");
		await bar.waitFor({ state: "detached" });
	});

	it("finds and hides by expression, says mistakes, and keeps both in the address", async () => {
		const page = await open();
		await type(page, "H");
		await type(page, "complexty > 3", "Enter");
		await page.getByText("“complexty” is no number of a function. Did you mean “complexity”?").waitFor();
		await page.getByLabel("Find", { exact: true }).fill("complexity > 3");
		await page.getByText(/\d+ found/).waitFor();
		await page.getByLabel("Hide", { exact: true }).fill("isolated");
		await page.getByText(/\d+ hidden/).waitFor();
		await page.waitForTimeout(200);
		const before = page.url();
		expect(decodeURIComponent(before)).toMatch(/find=complexity\+>\+3.*hide=isolated/);
		await page.reload();
		await page.getByText(/\d+ hidden/).waitFor();
	});

	it("opens and closes bubbles, and groups", async () => {
		const page = await open("#/map?select=module:scoring");
		await type(page, "G");
		await page.getByRole("application").focus();
		await type(page, "Enter");
		expect(page.url()).toContain("open=module:scoring");
		await type(page, "Enter");
		expect(page.url()).not.toContain("open=");
		await type(page, "G");
		expect(page.url()).not.toContain("group=");
	});

	it("keeps a view under a name and finds it again", async () => {
		const page = await open("#/map?find=entangled&select=function:scoring.credit_score");
		await type(page, "Shift+V");
		await page.getByLabel("Name of the view").waitFor();
		await type(page, "For the board", "Enter");
		await page.getByRole("button", { name: "For the board", exact: true }).waitFor();
		await type(page, "Escape");
		await page.evaluate(() => {
			location.hash = "#/map";
		});
		await type(page, "Shift+V");
		await page.getByRole("button", { name: "For the board", exact: true }).focus();
		await type(page, "Enter");
		await page.getByRole("heading", { name: "credit_score" }).waitFor();
		expect(page.url()).toContain("find=entangled");
	});
});

it("a press on a line shows the source that causes it, a press on the legend takes a class away", async () => {
	const page = await open("#/map?select=function:scoring.credit_score");
	await page.getByRole("button", { name: "Code", exact: true }).click();
	await page
		.getByRole("region", { name: /What leads out of credit_score/ })
		.getByText(/scoring\.py:\d+/)
		.first()
		.waitFor();
	await page.getByRole("button", { name: "Isolated" }).click();
	expect(page.url()).toContain("off=isolated");
	await page.getByText(/\d+ of 105/).waitFor();
});

it("saves the map as SVG and as PNG", async () => {
	const page = await open();
	for (const [words, pattern] of [
		["as SVG", /^<svg [\s\S]*GET \/credit-score[\s\S]*<\/svg>$/],
		["as PNG", /^.PNG/],
	] as const) {
		const downloading = page.waitForEvent("download");
		await type(page, "Control+k", words, "Enter");
		const path = await (await downloading).path();
		expect(readFileSync(path, "latin1")).toMatch(pattern);
	}
});

it("the table twin draws only the rows in sight, sorts, and follows the filters", async () => {
	const page = await open("#/map?view=table&hide=isolated");
	await page.getByRole("table").waitFor();
	await page.getByRole("button", { name: "Isolation" }).click();
	expect(await page.getByRole("columnheader", { name: "Isolation" }).getAttribute("aria-sort")).toBe("descending");
	const cells = await page.getByRole("table").locator("tbody th").allTextContents();
	expect(cells.length).toBeGreaterThan(3);
	expect(await page.getByText("isolated").count()).toBe(0);
});

it.each([
	["#/map?path=route:GET+/credit-score>function:scoring.deepest&find=complexity+>+3", big],
	["#/map?select=function:scoring.credit_score&lines=function:scoring.credit_score>&depth=2", big],
	["#/map?view=table&find=entangled", { width: 1024, height: 640 }],
])("has no axe violation at %s", async (hash, size) => {
	const page = await open(hash, size);
	await page.waitForTimeout(400);
	expect(await violationsOn(page)).toEqual([]);
});
