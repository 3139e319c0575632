import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { createProduct, type Product, phoenix } from "../product.ts";
import { launch, mapInteractive, newPage } from "./browser.ts";
import type { Outcomes } from "./outcome.ts";

const rate = 100;

/** Goals 9, 10, 16 and 17: one function from the sample to promoted under load, with everything that can be killed killed on the way. */
export async function measureRunning(): Promise<Outcomes> {
	const product = await createProduct();
	const browser = await launch();
	try {
		await product.start({ sample: false });
		const page = await newPage(browser);
		await page.goto(product.url);
		const presses = await fromSampleToRun(page, "balance");
		const traffic = product.traffic({ rate });
		const pressed = await panicInCanary(product, () => page.keyboard.press("Control+Alt+l"));
		await goOn(product);
		const frozen = await panicInCanary(product, async () => {
			freeze(page);
			phoenix(["panic", "--reason", "a bench", "--state", product.dir]);
		});
		await goOn(product);
		const beforeKill = traffic.report();
		await killPage(browser, page, product);
		const afterKill = traffic.report();
		await product.kill();
		await sleep(500);
		await product.start();
		await sleep(3_000);
		await product.until("promotion", ({ migrations }) => migrations[0]?.stage === "promoted", 240_000);
		const end = await traffic.stop();
		return {
			9: { measured: { pressed, frozen } },
			10: { measured: { presses, mouse: 0 } },
			16: { measured: afterKill.errors - beforeKill.errors, note: `of ${afterKill.sent - beforeKill.sent} requests` },
			17: { measured: end.errors - afterKill.errors, note: `of ${end.sent - afterKill.sent} requests` },
		};
	} finally {
		await browser.close();
		await product.end();
	}
}

/** From nothing to a migration that needs nobody any more, by keys alone; how many were pressed, a typed name counted as one. */
async function fromSampleToRun(page: Page, name: string): Promise<number> {
	let presses = 0;
	const press = async (key: string) => {
		presses++;
		await page.keyboard.press(key);
	};
	await page
		.getByRole("button", { name: /sample bank/i })
		.first()
		.waitFor();
	await press("Enter");
	await mapInteractive(page);
	await press("/");
	presses++;
	await page.keyboard.type(name);
	await press("Enter");
	await page.getByRole("heading", { name, exact: true }).first().waitFor();
	await press("i");
	const start = page.getByRole("button", { name: "Isolate and modernize" });
	await start.waitFor();
	await page.waitForTimeout(300);
	await press("Shift+Tab");
	await press("Shift+Tab");
	await press("Space");
	await press("Enter");
	await page.getByRole("dialog").waitFor({ state: "detached" });
	return presses;
}

/** Presses in the middle of a canary; milliseconds from the press to the last request that a new service received. */
async function panicInCanary(product: Product, press: () => Promise<void>): Promise<number> {
	await product.until("a canary", ({ migrations }) => (migrations[0]?.canary?.requests ?? 0) > 5, 240_000);
	const at = Date.now();
	await press();
	await product.until("the switch", ({ system }) => system?.gateway.stats.panic != null, 10_000);
	await sleep(1_500);
	const { system } = await product.client.state.snapshot({});
	return Math.max(0, (system?.gateway.stats.lastModernAt ?? at) - at);
}

async function goOn({ client }: Product): Promise<void> {
	await client.system.clearPanic({});
	await client.run.resume({});
}

/** The page's only thread is gone for ten seconds; nobody waits for it. */
function freeze(page: Page): void {
	page.evaluate("{ const end = performance.now() + 10000; while (performance.now() < end); }").catch(() => {});
}

/** The renderer process crashes while the product works; another page then finds its place. */
async function killPage(browser: Browser, page: Page, product: Product): Promise<void> {
	const session = await page.context().newCDPSession(page);
	session.send("Page.crash").catch(() => {});
	await sleep(2_000);
	await page.close().catch(() => {});
	const next = await newPage(browser);
	await next.goto(product.url);
	await next.getByRole("navigation", { name: "Places" }).waitFor();
	await next.close();
}
