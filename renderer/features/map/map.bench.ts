// Goals 3 to 8 and 20 of the screen (build/ui-goals.mjs) over the real engine and real Chromium: a synthetic project of 5,000 and one
// of 20,000 functions are scanned, laid out and used. The last line is JSON: goal number -> { measured, note }.
//   node renderer/features/map/map.bench.ts [5000,20000]
import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page, type Route } from "playwright-core";

type Outcome = { measured: number | Record<string, number> | null; note?: string };
type Spots = Record<string, readonly [number, number, number]>;
type Graph = { nodes: { id: string; kind: string; name: string }[]; edges: { from: string; to: string; kind: string }[] };

const root = join(import.meta.dirname, "../../..");
const home = mkdtempSync(join(tmpdir(), "phoenix-map-bench-"));
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
const outcomes: Record<number, Outcome> = {};
const say = (text: string) => process.stderr.write(`${text}\n`);

async function run(args: string[]): Promise<string> {
	const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
	let out = "";
	child.stdout.on("data", (part) => {
		out += part;
	});
	const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
	if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}`);
	return out;
}

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	return typeof address === "object" && address !== null ? address.port : 0;
}

/** The engine with a project open, as its command line starts it. */
async function serve(project: string, state: string): Promise<{ url: string; stop(): Promise<void> }> {
	const args = ["core/cli.ts", "serve", project, "--json", "--port", "0", "--gateway-port", String(await freePort()), "--state", state];
	const child: ChildProcess = spawn(process.execPath, ["--max-old-space-size=4096", ...args], {
		cwd: root,
		stdio: ["ignore", "pipe", "inherit"],
	});
	const url = await new Promise<string>((resolve, reject) => {
		let text = "";
		child.stdout?.on("data", (part) => {
			text += part;
			const line = text.split("\n").find((one) => one.startsWith("{"));
			if (line !== undefined && text.includes("\n")) resolve(JSON.parse(line).url);
		});
		child.once("close", (code) => reject(new Error(`the engine ended with ${code}`)));
	});
	return {
		url,
		async stop() {
			const ended = new Promise((resolve) => child.once("close", resolve));
			child.kill("SIGTERM");
			await ended;
		},
	};
}

const layoutIn = (state: string): { spots: Spots; packages: unknown[] } => {
	const file = readdirSync(join(state, "maps")).find((name) => /^[0-9a-f]+\.json$/.test(name)) ?? "";
	return JSON.parse(readFileSync(join(state, "maps", file), "utf8"));
};

async function openPage(browser: Browser, url: string): Promise<{ page: Page; interactive: number }> {
	const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: "no-preference", bypassCSP: true });
	page.on("pageerror", (error) => say(String(error)));
	if (screen !== undefined) await page.route(/\/(assets\/[^?]+)?$/, (route) => fromScreen(route, screen));
	await page.goto(url);
	// The clock begins with the page; what the engine scans before it can be asked counts for the scan.
	await page.waitForFunction("performance.getEntriesByName('map-interactive').length > 0", undefined, { timeout: 120_000 });
	const interactive = await page.evaluate<number>("performance.getEntriesByName('map-interactive')[0].startTime");
	await page.waitForTimeout(800);
	return { page, interactive };
}

/** Another build of the screen than the engine has, from PHOENIX_SCREEN. */
const screen = process.env.PHOENIX_SCREEN;
async function fromScreen(route: Route, dir: string): Promise<void> {
	const { pathname } = new URL(route.request().url());
	if (route.request().method() !== "GET") return await route.continue();
	await route.fulfill({ path: join(dir, pathname === "/" ? "index.html" : pathname) });
}

/** Time between frames while `act` goes on, in milliseconds. */
async function framesOf(page: Page, act: () => Promise<void>): Promise<number[]> {
	await page.evaluate(`{
		const frames = []; let last = 0; let on = true;
		const step = (now) => { if (last > 0) frames.push(now - last); last = now; if (on) requestAnimationFrame(step); };
		requestAnimationFrame(step);
		globalThis.benchFrames = () => { on = false; return frames; };
	}`);
	await act();
	return await page.evaluate<number[]>("globalThis.benchFrames()");
}

const share = (values: readonly number[], part: number) =>
	[...values].sort((a, b) => a - b)[Math.floor(part * (values.length - 1))] ?? Number.NaN;
const tenth = (value: number) => Math.round(value * 10) / 10;

async function panAndZoom(page: Page): Promise<Outcome> {
	const box = await page.locator("[role=application]").boundingBox();
	if (box === null) return { measured: null, note: "no map" };
	const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
	const frames = await framesOf(page, async () => {
		await page.mouse.move(x, y);
		await page.mouse.down();
		for (let step = 0; step < 70; step++) await page.mouse.move(x + 180 * Math.sin(step / 9), y + 110 * Math.sin(step / 6));
		await page.mouse.up();
		for (let step = 0; step < 45; step++) {
			await page.mouse.wheel(0, step < 22 ? -70 : 70);
			await page.waitForTimeout(12);
		}
		await page.mouse.down();
		for (let step = 0; step < 50; step++) await page.mouse.move(x - 8 * step, y);
		await page.mouse.up();
		await page.waitForTimeout(400);
	});
	const measured = { p50: tenth(share(frames, 0.5)), p95: tenth(share(frames, 0.95)) };
	return { measured, note: `${frames.length} frames, worst ${tenth(Math.max(...frames))} ms` };
}

/** Milliseconds from the press on a function to its head in the inspector and its neighbourhood on the screen; medians. */
async function clicks(page: Page, graph: Graph, spots: Spots): Promise<Outcome> {
	const degree = new Map<string, number>();
	for (const { from, to, kind } of graph.edges) if (kind === "call") for (const id of [from, to]) degree.set(id, (degree.get(id) ?? 0) + 1);
	const some = graph.nodes.filter((node) => node.kind === "function" && (degree.get(node.id) ?? 0) >= 4 && (spots[node.id]?.[2] ?? 0) > 12);
	const [zoom, at] = [0.9, { x: 480, y: 380 }];
	const times: number[] = [];
	const verdicts: number[] = [];
	for (let round = 0; round < 6; round++) {
		const node = some[Math.floor(((round + 0.5) / 6) * some.length)];
		const spot = spots[node?.id ?? ""];
		const box = await page.locator("[role=application]").boundingBox();
		if (node === undefined || spot === undefined || box === null) continue;
		await page.mouse.move(box.x + 4, box.y + box.height / 2);
		await page.evaluate(`location.hash = "#/map?at=${Math.round(at.x - spot[0] * zoom)},${Math.round(at.y - spot[1] * zoom)},${zoom}"`);
		await page.waitForTimeout(2_000);
		// Listening first: input overtakes what is still to be evaluated.
		await page.evaluate(`globalThis.benchClick = new Promise((resolve, reject) => {
			addEventListener("pointerup", (event) => {
				const inspector = document.querySelector("aside[aria-label=Inspector]");
				const sky = document.querySelector("[role=application] > div canvas");
				const since = () => performance.now() - event.timeStamp;
				let shown = 0;
				const look = () => {
					const head = inspector.querySelector("h2")?.textContent ?? "";
					if (shown === 0 && head.includes(${JSON.stringify(node.name)}) && Number(sky.style.opacity) < 1) shown = since();
					if (shown > 0 && !/Reading|Working out/.test(inspector.textContent)) resolve({ shown, words: since() });
					else if (since() < 15000) requestAnimationFrame(look);
					else reject(new Error("${node.name}: the inspector says " + inspector.textContent.slice(0, 80)));
				};
				look();
			}, { once: true, capture: true });
		}); 0`);
		await page.mouse.click(box.x + at.x, box.y + at.y);
		const { shown, words } = await page.evaluate<{ shown: number; words: number }>("globalThis.benchClick");
		times.push(shown);
		verdicts.push(words);
		await page.keyboard.press("Escape");
	}
	const each = times.map(tenth).join(", ");
	return {
		measured: tenth(share(times, 0.5)),
		note: `median of ${times.length} at 20,000 functions: ${each} ms; with the engine's whole verdict ${tenth(share(verdicts, 0.5))} ms`,
	};
}

/** Milliseconds from a key in the palette to its results on the screen. */
async function finding(page: Page): Promise<Outcome> {
	const times: number[] = [];
	await page.keyboard.press("/");
	await page.getByRole("combobox").waitFor();
	for (const key of "settle_inv") {
		await page.evaluate(`globalThis.benchKey = new Promise((resolve) => {
			addEventListener("keydown", (event) => {
				requestAnimationFrame(() => requestAnimationFrame((now) => resolve(performance.now() - event.timeStamp)));
			}, { once: true, capture: true });
		}); 0`);
		await page.waitForTimeout(60);
		await page.keyboard.press(key === "_" ? "Shift+Minus" : key);
		times.push(await page.evaluate<number>("globalThis.benchKey"));
	}
	const results = await page.getByRole("option").count();
	await page.keyboard.press("Escape");
	return {
		measured: tenth(share(times, 0.5)),
		note: `median of ${times.length} keys, first ${tenth(times[0] ?? 0)} ms, worst ${tenth(Math.max(...times))} ms, ${results} results`,
	};
}

/** The worst frame while the engine packs everything anew, until its answer comes; the frame that shows it is told apart. */
async function arranging(page: Page): Promise<Outcome> {
	await page.keyboard.press("Control+k");
	await page.getByRole("combobox").fill("arrange the map");
	await page.waitForTimeout(400);
	await page.evaluate("performance.clearMarks('map-interactive')");
	await page.keyboard.press("Enter");
	// The palette has gone by then; the engine works for a second or more.
	await page.waitForTimeout(200);
	const started = await page.evaluate<number>("performance.now()");
	const during = await framesOf(page, async () => {
		await page.waitForFunction("performance.getEntriesByName('map-interactive').length > 0", undefined, { timeout: 60_000 });
	});
	const answered = await page.evaluate<number>("performance.getEntriesByName('map-arranged').at(-1).startTime");
	// Frames until the answer was there, without the one in which it was read.
	let end = started;
	const waiting = during.filter((frame) => {
		end += frame;
		return end < answered;
	});
	const before = waiting.slice(0, -1);
	return {
		measured: tenth(Math.max(0, ...before)),
		note: `${before.length} frames while the engine packed; the longest one that takes the new places ${tenth(Math.max(...during.slice(before.length)))} ms`,
	};
}

async function stable(project: string, before: Spots): Promise<Outcome> {
	// The same code in a new state directory, by another process.
	const again = join(home, "again");
	await run(["--max-old-space-size=4096", "core/cli.ts", "map", project, "--svg", join(home, "again.svg"), "--state", again]);
	const twice = distances(before, layoutIn(again).spots);
	const files = readdirSync(project, { recursive: true, encoding: "utf8" }).filter(
		(name) => name.endsWith(".py") && !name.includes("__init__"),
	);
	for (const [index, file] of files.filter((_, at) => at % 9 === 0).entries())
		appendFileSync(join(project, file), `\n\ndef added_${index}(value):\n    if value > ${index}:\n        return value\n    return 0\n`);
	await run(["--max-old-space-size=4096", "core/cli.ts", "map", project, "--svg", join(home, "later.svg"), "--state", again]);
	const later = layoutIn(again).spots;
	return {
		measured: { again: twice, rescan: distances(before, later) },
		note: `${Object.keys(later).length - Object.keys(before).length} new nodes in the rescan`,
	};
}

function distances(before: Spots, after: Spots): number {
	let most = 0;
	for (const [id, [x, y]] of Object.entries(before)) {
		const now = after[id];
		most = Math.max(most, now === undefined ? Number.POSITIVE_INFINITY : Math.hypot(now[0] - x, now[1] - y));
	}
	return tenth(most);
}

const browser = await chromium.launch({
	executablePath: process.env.PHOENIX_CHROMIUM ?? "/usr/bin/chromium",
	// A page from elsewhere may otherwise not speak to the loopback.
	args: screen === undefined ? flags : [...flags, "--disable-features=LocalNetworkAccessChecks"],
});
try {
	for (const functions of (process.argv[2] ?? "5000,20000").split(",").map(Number)) {
		const [project, state] = [join(home, `project-${functions}`), join(home, `state-${functions}`)];
		say(await run(["build/synthetic-project.mjs", project, "--functions", String(functions)]));
		const started = performance.now();
		const engine = await serve(project, state);
		say(`scanned and served after ${Math.round(performance.now() - started)} ms`);
		try {
			const { page, interactive } = await openPage(browser, engine.url);
			say(`interactive after ${Math.round(interactive)} ms`);
			if (functions < 10_000) {
				outcomes[3] = { measured: tenth(interactive) };
				outcomes[4] = await panAndZoom(page);
				say(JSON.stringify(outcomes[4]));
				outcomes[20] = await stable(project, layoutIn(state).spots);
				say(JSON.stringify(outcomes[20]));
			} else {
				outcomes[5] = await panAndZoom(page);
				say(JSON.stringify(outcomes[5]));
				outcomes[7] = await finding(page);
				say(JSON.stringify(outcomes[7]));
				const graph = JSON.parse(await run(["--max-old-space-size=4096", "core/cli.ts", "map", project, "--json"])) as Graph;
				outcomes[6] = await clicks(page, graph, layoutIn(state).spots);
				say(JSON.stringify(outcomes[6]));
				outcomes[8] = await arranging(page);
				say(JSON.stringify(outcomes[8]));
			}
			await page.close();
		} finally {
			await engine.stop();
		}
	}
} finally {
	await browser.close();
	rmSync(home, { recursive: true, force: true });
}
process.stdout.write(`${JSON.stringify(outcomes)}\n`);
