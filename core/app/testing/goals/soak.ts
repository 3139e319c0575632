import { setTimeout as sleep } from "node:timers/promises";
import { createProduct } from "../product.ts";
import { heapBytes, launch, newPage } from "./browser.ts";
import type { Outcomes } from "./outcome.ts";

const megabyte = 1_000_000;

/**
 * Goal 18: everything live for `minutes` at 100 requests a second. Growth is the slope of a straight line through the heap after a
 * collection, twice a minute, without the first fifth, in which buffers fill.
 */
export async function measureSoak(minutes: number): Promise<Outcomes> {
	const product = await createProduct();
	const browser = await launch();
	try {
		await product.start();
		const traffic = product.traffic({ rate: 100 });
		await product.client.run.start({ functions: ["transfer", "balance", "interest"], policy: "default", autoAccept: true });
		const page = await newPage(browser);
		await page.goto(new URL("#/run", product.url.replace(/#token.*/, "")).href).catch(() => {});
		await page.goto(product.url);
		await page.getByRole("navigation", { name: "Places" }).waitFor();
		await page.evaluate("location.hash = '#/run'");
		const samples: { hour: number; bytes: number }[] = [];
		const started = performance.now();
		while (performance.now() - started < minutes * 60_000) {
			await sleep(30_000);
			samples.push({ hour: (performance.now() - started) / 3_600_000, bytes: await heapBytes(page) });
		}
		const { entries, ok } = await product.client.journal.verify({});
		const { errors, sent } = await traffic.stop();
		const settled = samples.slice(Math.floor(samples.length / 5));
		const peak = Math.max(...samples.map(({ bytes }) => bytes));
		return {
			18: {
				measured: { megabytes: peak / megabyte, growthPerHour: slope(settled) / megabyte },
				note: `${minutes} min, ${sent} requests, ${errors} errors, ${entries} journal entries, chain ${ok ? "holds" : "broken"}`,
			},
		};
	} finally {
		await browser.close();
		await product.end();
	}
}

/** Least squares; bytes an hour. */
function slope(samples: readonly { hour: number; bytes: number }[]): number {
	const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
	const [x, y] = [mean(samples.map(({ hour }) => hour)), mean(samples.map(({ bytes }) => bytes))];
	const top = samples.reduce((sum, { hour, bytes }) => sum + (hour - x) * (bytes - y), 0);
	return top / samples.reduce((sum, { hour }) => sum + (hour - x) ** 2, 0);
}
