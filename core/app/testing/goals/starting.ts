import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { createProduct } from "../product.ts";
import { launch, mapInteractive, newPage } from "./browser.ts";
import type { Outcomes } from "./outcome.ts";

const screen = join(import.meta.dirname, "../../../../dist/renderer");

/** Goals 1, 2 and 19: a first user, a returning user, and what both must load. */
export async function measureStarting(): Promise<Outcomes> {
	return { 1: { measured: await firstMap() }, 2: { measured: await warmMap() }, 19: { measured: firstScript() } };
}

/** An engine with nothing open; the clock runs from the click on the sample. */
async function firstMap(): Promise<number> {
	const product = await createProduct();
	const browser = await launch();
	try {
		await product.start({ sample: false });
		const page = await newPage(browser);
		await page.goto(product.url);
		const open = page.getByRole("button", { name: /sample bank/i }).first();
		await open.waitFor();
		const clicked = await page.evaluate<number>("performance.now()");
		await open.click();
		return (await mapInteractive(page)) - clicked;
	} finally {
		await browser.close();
		await product.end();
	}
}

async function warmMap(): Promise<number> {
	const product = await createProduct();
	const browser = await launch();
	try {
		await product.start();
		const page = await newPage(browser);
		await page.goto(product.url);
		await mapInteractive(page);
		await page.reload();
		return await mapInteractive(page);
	} finally {
		await browser.close();
		await product.end();
	}
}

/** Kilobytes of compressed script that the page names itself; Monaco among them would be a breach of its own. */
function firstScript(): number {
	const html = readFileSync(join(screen, "index.html"), "utf8");
	const files = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map((match) => match[1] ?? "");
	if (files.length === 0 || /monaco/i.test(files.join())) return Number.POSITIVE_INFINITY;
	return files.map((file) => gzipSync(readFileSync(join(screen, file))).length).reduce((sum, size) => sum + size, 0) / 1_000;
}
