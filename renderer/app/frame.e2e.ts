import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { flags, violationsOn } from "../fixtures/look.ts";
import type { Moment } from "../fixtures/moments.ts";
import { serveScreen } from "../fixtures/serve.ts";
import { type Dialog, places } from "../state/index.ts";

type Size = { width: number; height: number };
const wide: Size = { width: 1440, height: 900 };
const small: Size = { width: 1024, height: 640 };
/** What is left of 1024 x 640 at 200 % zoom. */
const zoomed: Size = { width: 512, height: 320 };

/** The way to each dialog, by keyboard. A new kind of dialog without a way does not compile. */
const ways: Record<Dialog["kind"], { moment: Moment; hash: string; open(page: Page): Promise<void> }> = {
	palette: { moment: "shadowing", hash: "#/run", open: (page) => page.keyboard.press("Control+k") },
	"open-folder": { moment: "opened", hash: "#/map", open: (page) => page.keyboard.press("Control+o") },
	isolate: { moment: "opened", hash: "#/map?select=function:scoring.credit_score", open: (page) => page.keyboard.press("i") },
	workbench: { moment: "opened", hash: "#/map?select=function:scoring.credit_score", open: (page) => choose(page, "workbench") },
	cancel: { moment: "shadowing", hash: "#/run", open: (page) => choose(page, "cancel the run") },
	waive: {
		moment: "shadowing",
		hash: "#/run?function=scoring.credit_score&view=confidence",
		async open(page) {
			await page.getByRole("button", { name: "Sign a waiver…" }).first().focus();
			await page.keyboard.press("Enter");
		},
	},
	allow: {
		moment: "reviewing",
		hash: "#/patches",
		async open(page) {
			await page.waitForSelector(".monaco-diff-editor .line-insert", { timeout: 20_000 });
			await page.keyboard.press("p");
			await page.getByRole("button", { name: "Keep its own rounding…" }).focus();
			await page.keyboard.press("Enter");
		},
	},
	seal: { moment: "done", hash: "#/run", open: (page) => choose(page, "time capsule") },
	"switch-log": { moment: "unlogged", hash: "#/run", open: (page) => choose(page, "switch the database") },
	comparisons: { moment: "many", hash: "#/runtime", open: (page) => choose(page, "show comparisons") },
	record: { moment: "shadowing", hash: "#/runtime", open: (page) => choose(page, "record traffic") },
	replay: { moment: "shadowing", hash: "#/runtime", open: (page) => choose(page, "replay a recording") },
	"import-recording": { moment: "shadowing", hash: "#/runtime", open: (page) => choose(page, "access log") },
	"export-recording": { moment: "shadowing", hash: "#/runtime", open: (page) => choose(page, "recording as har") },
	keys: { moment: "shadowing", hash: "#/run", open: (page) => page.keyboard.press("?") },
	history: {
		moment: "shadowing",
		hash: "#/run",
		async open(page) {
			await page.keyboard.press("Shift+T");
			await page.keyboard.press("Control+Alt+z");
		},
	},
	problems: { moment: "shadowing", hash: "#/run", open: (page) => choose(page, "warnings") },
};

/** By the palette, as one does who knows no keys. */
async function choose(page: Page, words: string): Promise<void> {
	await page.keyboard.press("Control+k");
	await page.getByRole("combobox").fill(words);
	await page.keyboard.press("Enter");
}

describe("the frame in a real browser", () => {
	let browser: Browser;
	const ends: (() => Promise<void>)[] = [];
	beforeAll(async () => {
		browser = await chromium.launch({ executablePath: process.env.PHOENIX_CHROMIUM ?? "/usr/bin/chromium", args: flags });
	});
	afterAll(() => browser.close());
	afterEach(async () => {
		for (const end of ends.splice(0)) await end();
	});

	async function open(moment: Moment, hash: string, viewport: Size, options: BrowserContextOptions = {}) {
		const server = await serveScreen(moment);
		const context = await browser.newContext({ viewport, reducedMotion: "reduce", ...options });
		ends.push(async () => {
			await context.close();
			await server.stop();
		});
		const page = await context.newPage();
		await page.goto(server.url + hash);
		await (moment === "empty"
			? page.getByRole("heading", { name: "The sample bank" })
			: page.getByRole("navigation", { name: "Places" })
		).waitFor();
		if (hash.startsWith("#/map?select")) await page.getByRole("heading", { name: "credit_score" }).first().waitFor();
		return { server, context, page };
	}

	describe.each([
		["1024 x 640", small, 1],
		["1024 x 640 at 200 %", zoomed, 2],
	] as const)("at %s", (_name, size, deviceScaleFactor) => {
		it.each(Object.entries(ways))("can use every control of the dialog %s, and the kill switch", async (_kind, way) => {
			const { page, server } = await open(way.moment, way.hash, size, { deviceScaleFactor });
			await way.open(page);
			const dialog = page.getByRole("dialog");
			await dialog.waitFor();
			await page.waitForTimeout(300);
			const controls = dialog.locator("button:visible, input:visible, textarea:visible, select:visible");
			expect(await controls.count()).toBeGreaterThan(0);
			for (const control of await controls.all()) {
				await control.scrollIntoViewIfNeeded();
				expect(await isWithin(control, size), (await control.textContent()) ?? "").toBe(true);
			}
			const box = await dialog.boundingBox();
			expect(box !== null && box.x >= 0 && box.x + box.width <= size.width && box.y >= 0 && box.y + box.height <= size.height).toBe(true);
			await dialog.getByRole("button", { name: "All to legacy" }).click({ timeout: 2000 });
			if (server.core.snapshot().system !== null)
				await expect.poll(() => server.core.snapshot().system?.gateway.stats.panic?.reason).toBe("Pressed on the screen");
		});
	});

	describe.each(["light", "dark", "contrast"] as const)("in the theme %s", (theme) => {
		it.each(places)("has no axe violation in %s", async (place) => {
			const look = { colorScheme: theme === "dark" ? "dark" : "light", contrast: theme === "contrast" ? "more" : "no-preference" } as const;
			const { page } = await open("canary", `#/${place}`, wide, look);
			await page.getByRole("heading", { level: 1 }).first().waitFor({ state: "attached" });
			await page.waitForTimeout(600);
			expect(await page.locator("html").getAttribute("data-theme")).toBe(theme);
			expect(await violationsOn(page)).toEqual([]);
		});
	});

	it("finds the place again by back, forward, reload, another window and after its process was killed", async () => {
		const { page, context, server } = await open("shadowing", "#/map?select=function:scoring.credit_score", wide);
		await page.keyboard.press("5");
		await page.keyboard.press(",");
		await page.getByRole("heading", { name: "Settings" }).waitFor();
		await page.keyboard.press("Alt+ArrowLeft");
		await page.waitForURL(/#\/evidence/);
		await page.goBack();
		await page.getByRole("heading", { name: "credit_score" }).waitFor();
		await page.goForward();
		await page.waitForURL(/#\/evidence/);
		await page.goBack();
		await page.reload();
		await page.getByRole("heading", { name: "credit_score" }).waitFor();
		const other = await context.newPage();
		await other.goto(page.url());
		await other.getByRole("heading", { name: "credit_score" }).waitFor();
		await other.close();
		// The desktop loads the bare page again after its process is gone.
		await page.goto("about:blank");
		await page.goto(server.url);
		await page.getByRole("heading", { name: "credit_score" }).waitFor();
		expect(page.url()).toContain("select=function:scoring.credit_score");
	});

	it("says what can be undone in the status bar, undoes by keyboard, and redoes", async () => {
		const { page } = await open("shadowing", "#/settings", wide);
		const theme = page.locator("html");
		await page.getByRole("radio", { name: "High contrast" }).check();
		expect(await theme.getAttribute("data-theme")).toBe("contrast");
		await page.getByRole("contentinfo").getByRole("button", { name: "Undo: Change theme" }).waitFor();
		await page.getByRole("heading", { name: "Settings" }).click();
		await page.keyboard.press("Control+z");
		await expect.poll(() => theme.getAttribute("data-theme")).toBe("light");
		await page.getByText("Undone: Change theme").waitFor();
		await page.keyboard.press("Control+Shift+Z");
		await expect.poll(() => theme.getAttribute("data-theme")).toBe("contrast");
	});

	it("takes a kill switch that was pressed by mistake back from its toast", async () => {
		const { page, server } = await open("canary", "#/run", wide);
		await page.keyboard.press("Control+Alt+l");
		const messages = page.getByRole("status", { name: "Messages" });
		await messages.getByText("All traffic goes to legacy").waitFor();
		await messages.getByRole("button", { name: "Undo" }).press("Enter");
		await expect.poll(() => server.core.snapshot().system?.gateway.stats.panic).toBeNull();
	});

	it("shows work with counts, rate and what is left, and cancels it", async () => {
		const { page, server } = await open("empty", "", small);
		const now = server.core.snapshot();
		const work = {
			id: "work-1",
			what: "Filling the sample bank",
			total: 10_000,
			unit: "accounts",
			startedAt: now.at - 3000,
			cancellable: true,
		};
		server.core.show({ ...now, progress: [{ ...work, done: 6500 }] });
		const shown = page.getByRole("region", { name: "Work under way" });
		await shown.getByText("6,500 of 10,000 accounts, 2,167 a second, about 2 s left").waitFor();
		expect(await shown.getByRole("progressbar").getAttribute("value")).toBe("6500");
		expect(await violationsOn(page)).toEqual([]);
		await shown.getByRole("button", { name: "Cancel" }).press("Enter");
		await shown.waitFor({ state: "detached" });
		await page.getByRole("button", { name: "Open the sample bank" }).waitFor();
	});

	it("has ten functions in the strip in sight, each with its name and stage in full", async () => {
		const { page, server } = await open("canary", "#/run", wide);
		const now = server.core.snapshot();
		const [base] = now.migrations;
		if (base === undefined) throw new Error("no migration in this moment");
		const names = ["login", "balance", "transfer", "statement", "credit_score", "interest", "loan", "fees", "limits", "batch"];
		server.core.show({
			...now,
			migrations: names.map((name) => ({ ...base, function: `bank.${name}`, stage: "reviewing", canary: null })),
		});
		const strip = page.getByRole("region", { name: "Migrations" });
		const items = strip.getByRole("listitem");
		await expect.poll(() => items.count()).toBe(10);
		for (const item of await items.all()) {
			expect(await isWithin(item, wide)).toBe(true);
			const cut = await item.locator("strong").evaluate((element) => element.scrollWidth > element.clientWidth);
			expect(cut, (await item.textContent()) ?? "").toBe(false);
		}
		expect((await strip.boundingBox())?.height).toBeLessThan(110);
	});

	it("opens a context menu by keyboard, with the reason of what is not possible", async () => {
		const { page, server } = await open("done", "#/run", wide);
		expect(server.core.snapshot().migrations.length).toBeGreaterThan(0);
		const item = page.getByRole("region", { name: "Migrations" }).getByRole("listitem").first().getByRole("button");
		await item.focus();
		await item.dispatchEvent("contextmenu", { clientX: 200, clientY: 80, bubbles: true });
		const menu = page.getByRole("menu");
		await menu.waitFor();
		expect(await violationsOn(page)).toEqual([]);
		expect(await menu.getByRole("menuitem", { name: /Cancel this function/ }).getAttribute("aria-disabled")).toBe("true");
		await page.keyboard.press("ArrowDown");
		await page.keyboard.press("Enter");
		await page.waitForURL(/#\/map\?select=function:/);
	});

	it("keeps every control of header and rail in sight and named at every text size", async () => {
		const { page } = await open("canary", "#/settings", small);
		for (const text of ["110 %", "125 %"]) {
			await page.getByRole("radio", { name: text }).check();
			for (const button of await page.locator("header").getByRole("button").all()) expect(await isWithin(button, small)).toBe(true);
		}
		expect(await violationsOn(page)).toEqual([]);
	});

	it("shows disabled commands with the reason, and those used last first", async () => {
		const { page } = await open("opened", "#/map", wide);
		await choose(page, "settings");
		await page.getByRole("heading", { name: "Settings" }).waitFor();
		await page.keyboard.press("Control+k");
		await page.getByText("Last used").waitFor();
		expect(await page.getByRole("option").first().textContent()).toContain("Settings");
		await page.getByRole("combobox").fill("pause run");
		const pause = page.getByRole("option", { name: /Pause the run/ });
		expect(await pause.textContent()).toContain("No run is moving.");
		expect(await pause.getAttribute("aria-disabled")).toBe("true");
	});
});

async function isWithin(locator: Locator, { width, height }: Size): Promise<boolean> {
	const box = await locator.boundingBox();
	return box !== null && box.x >= 0 && box.y >= 0 && box.x + box.width <= width + 0.5 && box.y + box.height <= height + 0.5;
}
