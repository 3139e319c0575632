import { setTimeout as sleep } from "node:timers/promises";
import { type Browser, chromium, type Page } from "playwright-core";

const flags = [
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
	"--enable-precise-memory-info",
];

export function launch(): Promise<Browser> {
	return chromium.launch({ executablePath: process.env.PHOENIX_CHROMIUM ?? "/usr/bin/chromium", args: flags });
}

export function newPage(browser: Browser): Promise<Page> {
	return browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: "no-preference" });
}

/** Milliseconds from the start of the page until a pointer finds something on the map. */
export async function mapInteractive(page: Page): Promise<number> {
	// Asked again and again: what waits inside the page would need `eval`, which the page's policy refuses.
	for (let waited = 0; waited < 60_000; waited += 20) {
		const at = await page.evaluate<number | null>("performance.getEntriesByName('map-interactive').at(-1)?.startTime ?? null");
		if (at !== null) return at;
		await sleep(20);
	}
	throw new Error("The map did not become interactive within a minute.");
}

/** Collects the time between frames from now on; `stop` gives them in milliseconds. */
export async function watchFrames(page: Page): Promise<() => Promise<number[]>> {
	await page.evaluate(`{
		const frames = [];
		let last = performance.now();
		let on = true;
		const step = (now) => { frames.push(now - last); last = now; if (on) requestAnimationFrame(step); };
		requestAnimationFrame(step);
		globalThis.phoenixFrames = () => { on = false; return frames; };
	}`);
	return () => page.evaluate("globalThis.phoenixFrames()");
}

export function percentile(values: readonly number[], share: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Bytes of JavaScript memory in use after a collection. */
export async function heapBytes(page: Page): Promise<number> {
	const session = await page.context().newCDPSession(page);
	await session.send("HeapProfiler.enable");
	await session.send("HeapProfiler.collectGarbage");
	const { usedSize } = await session.send("Runtime.getHeapUsage");
	await session.detach();
	return usedSize;
}
