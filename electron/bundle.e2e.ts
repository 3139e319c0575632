import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "vite";
import { afterAll, expect, test } from "vitest";
import { createStateDir } from "./testing/state-dir.ts";

const state = createStateDir();
afterAll(() => state.remove());

test("the bundle is one ES module that needs only Electron and Node, and runs from window to quit", async () => {
	const configFile = fileURLToPath(new URL("vite.config.ts", import.meta.url));
	const outDir = join(state.dir, "bundle");
	await build({ configFile, logLevel: "error", build: { outDir } });
	const file = join(outDir, "main.js");
	const imported = [...readFileSync(file, "utf8").matchAll(/^import .* from "([^"]+)";$/gm)].map(([, name = ""]) => name);
	expect(imported).toContain("electron");
	expect(imported.filter((name) => name !== "electron" && !name.startsWith("node:"))).toEqual([]);

	const start = `await import(${JSON.stringify(pathToFileURL(file).href)});`;
	const args = ["--import", new URL("./testing/as-electron.ts", import.meta.url).href, "--input-type=module", "--eval", start];
	const env = { ...process.env, PHOENIX_STATE: state.dir, PHOENIX_NODE: process.execPath };
	const { stdout } = await promisify(execFile)(process.execPath, args, { env, timeout: 30_000 });
	expect(JSON.parse(stdout)).toMatchObject({
		loaded: [expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/#token=/)],
		options: { webPreferences: { sandbox: true, nodeIntegration: false } },
		sandboxed: true,
	});
});
