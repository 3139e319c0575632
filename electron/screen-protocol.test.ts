import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { contentSecurityPolicy, screenHeaders } from "../core/contract/content-security.ts";
import { manifestName } from "../core/contract/screen-files.ts";
import { FakeSession } from "./testing/fake-page.ts";
import { createApp, createStateDir } from "./testing/state-dir.ts";

const state = createStateDir();
const dir = join(createApp(state.dir), "dist/renderer");
let ask: (url: string, method?: string) => Promise<Response>;
let serve: (target: never, dir: string) => void;

beforeAll(async () => {
	vi.doMock("electron", () => import("./testing/fake-electron.ts"));
	const { serveScreen } = await import("./screen-protocol.ts");
	serve = serveScreen as never;
	const session = new FakeSession();
	serve(session.protocol as never, dir);
	ask = async (url, method = "GET") => (await session.handlers.get("app")?.(new Request(url, { method }))) as Response;
});
afterAll(() => state.remove());

test("[S2] the page and its files come as they were built, with their types", async () => {
	const page = await ask("app://ui/");
	expect([page.status, page.headers.get("content-type"), await page.text()]).toEqual([
		200,
		"text/html; charset=utf-8",
		"<!doctype html><title>A screen</title>",
	]);
	const script = await ask("app://ui/assets/main-1a2b.js?v=1#x");
	expect([script.status, script.headers.get("content-type")]).toEqual([200, "text/javascript; charset=utf-8"]);
});

test("[S2] everything else is not there: other names, other hosts, other methods, paths that climb, files that changed or went", async () => {
	for (const url of [
		"app://ui/assets/unlisted.js",
		`app://ui/${manifestName}`,
		"app://ui/assets/changed-3c4d.js",
		"app://ui/assets/gone-5e6f.js",
		"app://ui/../../core/cli.ts",
		"app://ui/%2e%2e/%2e%2e/core/cli.ts",
		"app://ui//etc/passwd",
		"app://ui/assets",
		"app://ui/constructor",
		"app://other/",
		"app://ui.example/index.html",
	])
		expect([url, (await ask(url)).status]).toEqual([url, 404]);
	expect((await ask("app://ui/", "POST")).status).toBe(404);
});

test("[S3] every answer carries the policy of the contract, word for word, refusals too", async () => {
	for (const url of ["app://ui/", "app://ui/assets/main-1a2b.js", "app://ui/nothing"]) {
		const { headers } = await ask(url);
		expect(headers.get("content-security-policy")).toBe(contentSecurityPolicy);
		for (const [name, value] of Object.entries(screenHeaders)) expect(headers.get(name)).toBe(value);
	}
});

test("[S3] the policy allows no inline script, no eval and nothing of elsewhere, and demands trusted types by name", () => {
	const rules = new Map(contentSecurityPolicy.split("; ").map((rule) => [rule.split(" ")[0], rule.split(" ").slice(1)]));
	expect(rules.get("default-src")).toEqual(["'none'"]);
	for (const name of ["script-src", "connect-src", "worker-src", "font-src"]) expect(rules.get(name)).toEqual(["'self'"]);
	expect(rules.get("require-trusted-types-for")).toEqual(["'script'"]);
	expect(rules.get("trusted-types")).toContain("phoenix-worker");
	expect(rules.get("trusted-types")).not.toContain("default");
	expect(contentSecurityPolicy).not.toMatch(/https?:|\*|unsafe-eval|wasm-unsafe-eval|'allow-duplicates'/);
});

test("[S2] the scheme is made known with no way around the policy", async () => {
	const { electron } = await import("./testing/fake-electron.ts");
	const { registerScreenScheme } = await import("./screen-protocol.ts");
	registerScreenScheme();
	expect(electron.schemes.at(-1)?.privileges).not.toHaveProperty("bypassCSP");
});

test("without a build there is a reason", () => {
	rmSync(join(dir, manifestName));
	expect(() => serve(new FakeSession().protocol as never, dir)).toThrow("screen-manifest.json");
	expect(() => readFileSync(join(dir, manifestName))).toThrow();
});
