// `npm run screenshots`: starts the real product, runs the demo on the sample bank and takes the pictures of README.md, each in
// the light and the dark theme at the same moment: assets/screenshots/NAME-{light,dark}.png for every place, sheet and the stage.
// The last line is the demo's report. `npm run screenshots -- DIR` writes elsewhere.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright-core";
import { provideBrowser } from "./browser.mjs";
import { buildScreen } from "./bundles.mjs";
import { ended, install, nodeBinary, root, say, start, underNeededNode } from "./runtime.mjs";

/** @typedef {import("../core/contract/api.ts").Snapshot} Snapshot */
/** @typedef {{ theme: string; page: import("playwright-core").Page }} View */

const out = resolve(process.argv[2] ?? join(root, "assets/screenshots"));
const size = { width: 1440, height: 900 };
const limitMs = 900_000;
/** Holds the commission, whose rounding is healed. */
const commissions = "service/transfers.ts";

try {
	install();
	if (await underNeededNode(import.meta.url)) await main();
} catch (error) {
	say(error instanceof Error ? (error.stack ?? error.message) : String(error));
	process.exitCode = 1;
}

async function main() {
	const program = provideBrowser();
	await buildScreen();
	mkdirSync(out, { recursive: true });
	const state = mkdtempSync(join(tmpdir(), "phoenix-screenshots-"));
	const args = ["serve", "--sample", "--json", "--port", "0", "--gateway-port", String(await freePort(17_460)), "--state", state];
	const core = start(nodeBinary(), [join(root, "core/cli.ts"), ...args], { stdio: ["ignore", "pipe", "inherit"] });
	const end = ended(core);
	const browser = await chromium.launch({ executablePath: program, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
	try {
		const url = await addressOf(core);
		const watch = watchOf(url);
		await watch((now) => now.project !== null && now.system !== null);
		/** @type {View[]} */
		const views = [];
		for (const theme of /** @type {const} */ (["light", "dark"])) {
			const context = await browser.newContext({ viewport: size, colorScheme: theme, reducedMotion: "reduce" });
			const page = await context.newPage();
			await page.goto(url);
			await page.waitForSelector("section[aria-label='Dependency map'] canvas");
			views.push({ theme, page });
		}
		await shoot(views, watch);
	} catch (error) {
		say(error instanceof Error ? (error.stack ?? error.message) : String(error));
		process.exitCode = 1;
	} finally {
		await browser.close();
		core.kill("SIGTERM");
		await end;
		rmSync(state, { recursive: true, force: true });
	}
}

/** @param {View[]} views @param {ReturnType<typeof watchOf>} watch */
async function shoot(views, watch) {
	/** @param {string} name of the picture @param {string} address of what it shows @param {(page: View["page"]) => Promise<unknown>} [prepare] */
	const take = async (name, address, prepare) => {
		for (const { page } of views) {
			await page.evaluate(`location.hash = ${JSON.stringify(address)}`);
			await sleep(300);
			await prepare?.(page);
		}
		await sleep(700);
		for (const { page } of views) await closeCards(page);
		for (const { theme, page } of views) await page.screenshot({ path: join(out, `${name}-${theme}.png`) });
		for (const { page } of views) while ((await page.getByRole("dialog").count()) > 0) await leave(page);
		say(`${name}: taken`);
	};
	await views[0]?.page.getByRole("button", { name: "Run the demo" }).first().click();
	await watch((now) => now.migrations.some(({ stage }) => stage === "shadowing"));
	await take("map", "#/map?select=function:scoring.credit_score", async (page) => {
		await page.getByRole("heading", { name: "credit_score" }).first().waitFor();
		await page.keyboard.press("0");
	});
	await take("mismatches", "#/run?view=mismatches");
	await take("stage-mirror", "#/run", present);
	await watch(({ patches }) => patches.some(({ state, paths }) => state === "applied" && paths.includes(commissions)));
	const { patches } = await watch(() => true);
	const healed = patches.find(({ state, paths }) => state === "applied" && paths.includes(commissions));
	await take("patches", `#/patches?patch=${healed?.id}`, (page) => page.waitForSelector(".monaco-diff-editor .line-insert"));
	await watch(({ migrations }) => migrations.some(({ canary }) => canary !== null && canary.weight >= 10 && canary.requests > 0));
	await take("run", "#/run", (page) => page.getByRole("heading", { name: "Whole run" }).waitFor());
	await take("stage-switch", "#/run", present);
	await take("runtime", "#/runtime");
	await take("plan", "#/map?select=function:sessions.login", async (page) => {
		await page.getByRole("heading", { name: "login" }).first().waitFor();
		await page.keyboard.press("i");
		await page.getByRole("dialog").getByRole("heading", { name: "Moves" }).waitFor();
	});
	await take("workbench", "#/map?select=function:interests.interest", async (page) => {
		await page.getByRole("heading", { name: "interest" }).first().waitFor();
		await page.keyboard.press("w");
		await page.waitForSelector(".monaco-editor .view-line");
	});
	await take("evidence", "#/evidence?question=Mismatches by cause");
	await take("settings", "#/settings");
	const { demo, alerts } = await watch((now) => now.demo !== null && !["running", "paused"].includes(now.demo.state));
	await take("stage-sealed", "#/run", present);
	console.log(JSON.stringify(demo?.report ?? demo));
	if (demo?.state !== "done")
		throw new Error([`The demo ended as ${demo?.state} in '${demo?.chapter}'.`, ...alerts.map(({ what }) => what)].join("\n"));
}

/** @param {View["page"]} page */
async function present(page) {
	await page.keyboard.press("Shift+S");
	await page.getByRole("dialog", { name: "Stage" }).waitFor();
}

/** @param {View["page"]} page */
async function leave(page) {
	await page.keyboard.press("Escape");
	await sleep(150);
}

/** A card over the picture is told here instead. @param {View["page"]} page */
async function closeCards(page) {
	const errors = page.getByRole("log", { name: "Errors" });
	const close = errors.getByRole("button", { name: "Close" });
	while ((await close.count()) > 0) {
		say(`closed: ${await errors.textContent()}`);
		await close.first().click();
		await sleep(300);
	}
}

/** @param {import("node:child_process").ChildProcess} core @returns {Promise<string>} */
async function addressOf(core) {
	if (core.stdout) for await (const line of createInterface({ input: core.stdout })) return JSON.parse(line).url;
	throw new Error("The core ended before it was ready.");
}

/** Waits for a state of the engine. @param {string} url */
function watchOf(url) {
	const { origin, hash } = new URL(url);
	const headers = { "content-type": "application/json", authorization: `Bearer ${new URLSearchParams(hash.slice(1)).get("token")}` };
	return async (/** @type {(now: Snapshot) => boolean} */ isTrue) => {
		const limit = performance.now() + limitMs;
		while (performance.now() < limit) {
			const response = await fetch(`${origin}/rpc/state/snapshot`, { method: "POST", headers, body: '{"json":{}}' });
			const { json: now } = /** @type {{ json: Snapshot }} */ (await response.json());
			if (isTrue(now)) return now;
			await sleep(200);
		}
		throw new Error(`The demo did not come where a picture was wanted within ${limitMs / 1000} s.`);
	};
}

/** @param {number} from @returns {Promise<number>} */
function freePort(from) {
	return new Promise((resolve) => {
		const server = createServer();
		server.once("error", () => resolve(freePort(from + 1)));
		server.listen(from, "127.0.0.1", () => server.close(() => resolve(from)));
	});
}
