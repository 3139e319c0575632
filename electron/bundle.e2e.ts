import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createStateDir } from "./testing/state-dir.ts";

const state = createStateDir();
const outDir = join(state.dir, "bundle");
beforeAll(async () => {
	const configFile = fileURLToPath(new URL("vite.config.ts", import.meta.url));
	await build({ configFile, logLevel: "error", build: { outDir } });
});
afterAll(() => state.remove());

test("[S8] the preload is one CommonJS file of a few lines that asks for Electron alone", async () => {
	const file = readFileSync(join(outDir, "preload.cjs"), "utf8");
	expect([...file.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name)).toEqual(["electron"]);
	expect(file).not.toMatch(/^(import|export) /m);
	expect(readFileSync(new URL("preload.ts", import.meta.url), "utf8").split("\n").length).toBeLessThanOrEqual(30);
});

test("the bundle is one ES module that needs only Electron and Node, and runs from window to quit", async () => {
	const file = join(outDir, "main.js");
	const imported = [...readFileSync(file, "utf8").matchAll(/^import .* from "([^"]+)";$/gm)].map(([, name = ""]) => name);
	expect(imported).toContain("electron");
	expect(imported.filter((name) => name !== "electron" && !name.startsWith("node:"))).toEqual([]);

	for (const name of ["tray.png", "tray@2x.png"]) expect(existsSync(join(outDir, name))).toBe(true);

	const start = `await import(${JSON.stringify(pathToFileURL(file).href)});`;
	const args = ["--import", new URL("./testing/as-electron.ts", import.meta.url).href, "--input-type=module", "--eval", start];
	const env = { ...process.env, PHOENIX_STATE: state.dir, PHOENIX_NODE: process.execPath };
	const { stdout } = await promisify(execFile)(process.execPath, args, { env, timeout: 30_000 });
	expect(JSON.parse(stdout)).toMatchObject({
		loaded: ["app://ui/"],
		options: { webPreferences: { sandbox: true, nodeIntegration: false } },
		sandboxed: true,
		schemes: [{ scheme: "app" }],
	});
});
