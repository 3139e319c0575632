import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Line } from "../core/contract/line.ts";
import { openLine } from "./core-line.ts";
import { forward } from "./page-line.ts";
import type { RunningCore } from "./running-core.ts";
import { spawnCore } from "./spawn-core.ts";
import type { FakePort } from "./testing/fake-page.ts";
import type { Joined } from "./testing/in-chromium.ts";
import { until } from "./testing/state-dir.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const screenDir = process.env.PHOENIX_SCREEN ?? join(root, "dist/renderer");
const flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"];
const dir = mkdtempSync(join(tmpdir(), "phoenix-preload-"));
const ports: FakePort[] = [];
const lines: Line[] = [];
let browser: Browser;
let core: RunningCore;
let joined: Joined;

beforeAll(async () => {
	vi.doMock("electron", () => import("./testing/fake-electron.ts"));
	const { joinInChromium, origin } = await import("./testing/in-chromium.ts");
	const configFile = fileURLToPath(new URL("vite.config.ts", import.meta.url));
	await build({ configFile, logLevel: "error", build: { outDir: join(dir, "bundle") } });
	const settings = { root, node: process.execPath, stateDir: join(dir, "state"), sample: false, gatewayPort: null, dev: false, link: null };
	core = await spawnCore(settings, new AbortController().signal);
	browser = await chromium.launch({ executablePath: process.env.PHOENIX_CHROMIUM ?? "/usr/bin/chromium", args: flags });
	joined = await joinInChromium(await browser.newContext({ viewport: { width: 1440, height: 900 } }), {
		screenDir,
		preload: join(dir, "bundle/preload.cjs"),
		answer: (name) => (name === "pickFolder" ? join(root, "sample-monolith/banca") : null),
		onPort(port) {
			ports.push(port);
			void forward(port as never, async () => {
				const { line } = await openLine(core.socket, "page");
				lines.push(line);
				return line;
			});
		},
	});
	await joined.page.goto(`${origin}/`);
});
afterAll(async () => {
	await browser.close();
	await core.end();
	rmSync(dir, { recursive: true, force: true });
});

test("[S8] the page has a port and five calls of the desktop, and nothing else of it", async () => {
	const found = await joined.page.evaluate(
		`(${(bridge: Record<string, object>) => ({
			bridge: Object.keys(bridge),
			native: Object.keys(bridge.native ?? {}),
		})})(phoenix)`,
	);
	expect(found).toEqual({ bridge: ["connect", "native"], native: ["pickFolder", "saveFile", "openLink", "setTitle", "onMenu"] });
	expect(await joined.page.evaluate("[typeof require, typeof process, typeof module, typeof ipcRenderer]")).toEqual(
		Array(4).fill("undefined"),
	);
});

test("[S8] each native call arrives under its name, with what was said", async () => {
	await joined.page.evaluate(`phoenix.native.openLink("node").then(() => phoenix.native.saveFile({ name: "map.svg" }))`);
	expect(joined.calls).toContainEqual(["openLink", "node"]);
	expect(joined.calls).toContainEqual(["saveFile", { name: "map.svg" }]);
});

test("the screen of the build speaks with the real engine through the preload's port, opens a folder by the desktop's dialog, and names it in the title", async () => {
	const { page, calls, choose } = joined;
	await until(() => ports.length === 1);
	await choose("project.chooseFolder");
	await page.getByRole("button", { name: "Choose…" }).click();
	const field = page.getByRole("dialog").getByRole("textbox");
	await vi.waitUntil(async () => (await field.inputValue()).endsWith("sample-monolith/banca"), 5_000);
	await field.press("Enter");
	await page.waitForSelector("section[aria-label='Dependency map'] canvas", { timeout: 20_000 });
	expect(calls.map(([name]) => name)).toContain("pickFolder");
	await until(() => calls.some(([name, title]) => name === "setTitle" && String(title).startsWith("banca")));
});

test("[S8] what the menu bar chooses is performed by the page, which never sees the event of Electron", async () => {
	const { page, choose } = joined;
	await choose("window.keys");
	await page.getByRole("dialog").waitFor();
	await page.keyboard.press("Escape");
	await choose("no.such.command");
	const seen = await page.evaluate(`new Promise((resolve) => {
		phoenix.native.onMenu((...given) => resolve(given));
		choose({ command: "map.show", argument: "function:scoring.credit_score" });
	})`);
	expect(seen).toEqual(["map.show", "function:scoring.credit_score"]);
});

test("a line that breaks is made again by the page, and it finds its place", async () => {
	const { page } = joined;
	const before = ports.length;
	lines.at(-1)?.close();
	await page
		.getByText(/does not answer/)
		.first()
		.waitFor();
	await until(() => ports.length > before && ports.at(-1)?.posted.includes("phoenix-ready") === true);
	await page
		.getByText(/does not answer/)
		.first()
		.waitFor({ state: "detached" });
	await page.waitForSelector("section[aria-label='Dependency map'] canvas");
});

test("[S3] all of that without one breach of the content security policy", () => {
	expect(joined.problems).toEqual([]);
});
