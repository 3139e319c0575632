import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { flags, violationsOn } from "../../fixtures/look.ts";
import type { Moment } from "../../fixtures/moments.ts";
import { serveScreen } from "../../fixtures/serve.ts";

/** Legible at five metres: no text below 18 px, every figure at least 48 px. */
const TEXT_PX = 18;
const FIGURE_PX = 48;

describe("the stage by keyboard alone", () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await chromium.launch({ executablePath: process.env.PHOENIX_CHROMIUM ?? "/usr/bin/chromium", args: flags });
	});
	afterAll(() => browser.close());

	async function open(moment: Moment, hash: string, options: { width?: number; height?: number; theme?: "light" | "dark" } = {}) {
		const server = await serveScreen(moment);
		const { width = 1920, height = 1080, theme = "dark" } = options;
		const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, reducedMotion: "reduce" });
		const page = await context.newPage();
		const problems: string[] = [];
		page.on("pageerror", (error) => problems.push(String(error)));
		page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
		await page.goto(server.url + hash);
		await page.waitForSelector("nav[aria-label=Places]");
		await page.waitForTimeout(600);
		const close = async () => {
			await context.close();
			await server.stop();
		};
		return { page, server, problems, close };
	}
	const titleOf = (page: Page) => page.getByRole("dialog", { name: "Stage" }).getByRole("heading", { level: 1 }).textContent();
	const enter = async (page: Page) => {
		await page.keyboard.press("Shift+S");
		await page.getByRole("dialog", { name: "Stage" }).waitFor();
	};

	it("comes back to the same place, selection, scroll position and focus", async () => {
		const { page, close } = await open("shadowing", "#/map?select=function:transfers.transfer");
		await page.getByRole("heading", { name: "transfer", exact: true }).waitFor();
		const where = () =>
			page.evaluate(() => {
				const scrolled = [...document.querySelectorAll("main *")].filter((one) => one.scrollTop > 0).map((one) => one.scrollTop);
				return { hash: location.hash, scrolled, focus: document.activeElement?.textContent?.slice(0, 40) ?? "" };
			});
		await page.evaluate(() => {
			const scrolling = [...document.querySelectorAll("aside *, aside")].find((one) => one.scrollHeight > one.clientHeight + 40);
			if (scrolling) scrolling.scrollTop = 37;
		});
		await page.getByRole("navigation", { name: "Places" }).getByRole("button").first().focus();
		const before = await where();
		expect(before.scrolled).toContain(37);
		await enter(page);
		// Keys of the places beneath do nothing here.
		for (const key of ["2", "3", "0", "/", "ArrowRight", "ArrowRight", "ArrowLeft", "i"]) await page.keyboard.press(key);
		expect(await page.getByRole("dialog").count()).toBe(1);
		await page.keyboard.press("Escape");
		await page.getByRole("dialog", { name: "Stage" }).waitFor({ state: "detached" });
		await expect.poll(where).toEqual(before);
		await close();
	});

	it("turns its chapters with the arrow keys, and shows first the one in which the run is", async () => {
		const { page, close } = await open("canary", "#/run");
		await enter(page);
		expect(await titleOf(page)).toBe("Auto-switch");
		const titles: (string | null)[] = [];
		for (let count = 0; count < 3; count++) {
			await page.keyboard.press("ArrowLeft");
			titles.push(await titleOf(page));
		}
		expect(titles).toEqual(["Remediation", "The mirror", "The system map"]);
		await page.keyboard.press("ArrowLeft");
		expect(await titleOf(page)).toBe("The system map");
		await close();
	});

	it("plays the guided demo from the first to the last chapter, and pauses a run with Space", async () => {
		const { page, server, close } = await open("opened", "#/map");
		await enter(page);
		expect(await titleOf(page)).toBe("The system map");
		await page.keyboard.press("Space");
		await page.getByText("Next: 100 requests a second begin").waitFor();
		const titles: (string | null)[] = [];
		for (const title of ["The mirror", "Remediation", "Auto-switch", "Kill switch and seal"]) {
			await page.keyboard.press("ArrowRight");
			await page.getByRole("heading", { name: title, level: 1 }).waitFor();
			titles.push(await titleOf(page));
		}
		expect(titles.at(-1)).toBe("Kill switch and seal");
		await page.getByText("Migration complete").waitFor();
		server.core.go("shadowing");
		await page.waitForTimeout(200);
		await page.keyboard.press("Space");
		await expect.poll(() => server.core.snapshot().run?.state).toBe("paused");
		// The key means what the page shows.
		await page.getByRole("button", { name: "Go on" }).waitFor();
		await page.keyboard.press("Space");
		await expect.poll(() => server.core.snapshot().run?.state).toBe("running");
		await close();
	});

	it("looks back while the demo waits, without moving it", async () => {
		const { page, server, close } = await open("opened", "#/map");
		await enter(page);
		await page.keyboard.press("Space");
		await page.getByText("Next: 100 requests a second begin").waitFor();
		await page.keyboard.press("ArrowRight");
		await page.getByText("Next: The causes are searched").waitFor();
		await page.keyboard.press("ArrowLeft");
		expect(await titleOf(page)).toBe("The system map");
		await page.keyboard.press("ArrowRight");
		expect([await titleOf(page), server.core.snapshot().demo?.index]).toEqual(["The mirror", 1]);
		await close();
	});

	it("has the kill switch at hand: Ctrl+Alt+L on every chapter, told at once", async () => {
		const { page, close } = await open("canary", "#/map");
		await enter(page);
		await page.keyboard.press("Control+Alt+l");
		const stage = page.getByRole("dialog", { name: "Stage" });
		await stage.getByText(/All traffic goes to legacy since/).waitFor();
		await close();
	});

	const chapters: readonly [number, Moment][] = [
		[0, "opened"],
		[1, "shadowing"],
		[2, "reviewing"],
		[3, "canary"],
		[4, "done"],
	];
	it.each(
		[
			[1920, 1080],
			[1280, 720],
		].flatMap(([width, height]) =>
			chapters.map(([index, moment]) => [`${width} x ${height}`, index + 1, width, height, index, moment] as const),
		),
	)(
		"is legible at five metres at %s, chapter %i: measured on the page and on every canvas",
		async (_size, _number, width, height, index, moment) => {
			const { page, problems, close } = await open(moment as Moment, "#/map", { width: width as number, height: height as number });
			await enter(page);
			await page.evaluate((chapter) => new Promise((resolve) => setTimeout(resolve, 100 + chapter)), index);
			for (let count = 0; count < 5; count++) await page.keyboard.press("ArrowLeft");
			for (let count = 0; count < (index as number); count++) await page.keyboard.press("ArrowRight");
			await page.waitForTimeout(700);
			const measured = await page.evaluate(() => {
				const stage = document.querySelector("[role=dialog][aria-label=Stage]") as HTMLElement;
				const isSeen = (element: Element) => element.getClientRects().length > 0 && !element.closest(".sr-only, [class*=sr-only]");
				const texts = [...stage.querySelectorAll("*")].filter(
					(element) =>
						isSeen(element) && [...element.childNodes].some((node) => node.nodeType === 3 && (node.textContent ?? "").trim() !== ""),
				);
				const size = (element: Element) => Number.parseFloat(getComputedStyle(element).fontSize);
				const small = texts
					.filter((element) => size(element) < 18)
					.map((element) => `${size(element)} ${element.textContent?.slice(0, 30)}`);
				const figures = [...stage.querySelectorAll("dd, strong")].filter(isSeen).map(size);
				const canvases = [...stage.querySelectorAll("canvas")].map((canvas) => Number(canvas.dataset.text));
				const { right, bottom } = stage.getBoundingClientRect();
				const outside = [...stage.querySelectorAll("dd, h1, h2, figcaption, button")]
					.filter(isSeen)
					.filter((element) => {
						const box = element.getBoundingClientRect();
						return box.right > right + 1 || box.bottom > bottom + 1 || box.left < 0 || box.top < 0;
					})
					.map((element) => element.textContent?.slice(0, 40));
				return { smallest: Math.min(...texts.map(size)), small, figures: Math.min(...figures), canvases, outside };
			});
			process.stdout.write(
				`goal 22, chapter ${(index as number) + 1} at ${width} x ${height}: text ${measured.smallest.toFixed(1)} px, numbers ${measured.figures.toFixed(1)} px, canvas ${measured.canvases.map((one) => one.toFixed(1)).join(" and ") || "none"}\n`,
			);
			expect([measured.small, measured.outside]).toEqual([[], []]);
			expect(measured.figures).toBeGreaterThanOrEqual(FIGURE_PX);
			for (const canvas of measured.canvases) expect(canvas).toBeGreaterThanOrEqual(TEXT_PX);
			expect([...problems, ...(await violationsOn(page))]).toEqual([]);
			await close();
		},
	);

	it.each(["light", "contrast"] as const)("has no axe violation on any chapter in the %s theme", async (theme) => {
		for (const [index, moment] of chapters) {
			const { page, problems, close } = await open(moment, "#/map", { theme: "light", width: 1280, height: 720 });
			if (theme === "contrast") await page.evaluate(() => document.documentElement.setAttribute("data-theme", "contrast"));
			await enter(page);
			for (let count = 0; count < 5; count++) await page.keyboard.press("ArrowLeft");
			for (let count = 0; count < index; count++) await page.keyboard.press("ArrowRight");
			await page.waitForTimeout(400);
			expect([...problems, ...(await violationsOn(page))]).toEqual([]);
			await close();
		}
	});
});
