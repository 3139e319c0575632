import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { flags, openView, violationsOn } from "../fixtures/look.ts";

const names = ["transfer", "interest", "limits", "fees", "loan", "statement", "holidays"];

describe("many searches at once", () => {
	let browser: Browser;
	beforeAll(async () => {
		browser = await chromium.launch({ executablePath: process.env.PHOENIX_CHROMIUM ?? "/usr/bin/chromium", args: flags });
	});
	afterAll(() => browser.close());

	it.each(["light", "dark"] as const)("are one card that opens, each can be cancelled in it, no axe violation (%s)", async (theme) => {
		const view = { name: "progress", moment: "many" as const, hash: "#/run" };
		const { page, server, problems, close } = await openView(browser, view, theme, { width: 1024, height: 640 });
		const { core } = server;
		const progress = names.map((name, index) => ({
			...{ id: `work-${index}`, what: `Searching a repair for ${name}`, unit: "cases of this round", cancellable: true },
			...{ sort: "Searching repairs", isBound: true, startedAt: core.snapshot().at },
			...(index === 0 ? { done: 412, total: 690 } : { done: 0, total: null }),
		}));
		core.show({ ...core.snapshot(), progress });
		const works = page.getByRole("region", { name: "Work under way" });
		await works.getByText("1 of 7 at work, 412 of at most 690 cases of this round, 6 waiting").waitFor();
		expect(await works.getByRole("progressbar").count()).toBe(1);
		expect(await works.getByText("left", { exact: false }).count()).toBe(0);
		if (process.env.PHOENIX_LOOK) await page.screenshot({ path: `${process.env.PHOENIX_LOOK}/progress-closed-${theme}.png` });
		await works.getByRole("button", { name: "Show all 7" }).focus();
		await page.keyboard.press("Enter");
		await works.getByText("Searching a repair for fees").waitFor();
		if (process.env.PHOENIX_LOOK) await page.screenshot({ path: `${process.env.PHOENIX_LOOK}/progress-open-${theme}.png` });
		expect([...problems, ...(await violationsOn(page))]).toEqual([]);
		await works.getByRole("listitem").filter({ hasText: "repair for fees" }).last().getByRole("button").click();
		await works.getByRole("button", { name: "Show less" }).waitFor();
		await works.getByText("Searching a repair for fees").waitFor({ state: "detached" });
		await close();
	});
});
