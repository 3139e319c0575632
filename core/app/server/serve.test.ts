import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { contentSecurityPolicy, screenHeaders } from "../../contract/content-security.ts";
import { manifestName } from "../../contract/screen-files.ts";
import type { Core } from "../core.ts";
import { createCore } from "../create-core.ts";
import { createRouter } from "../router.ts";
import { type CoreServer, serveCore } from "./index.ts";

const dir = mkdtempSync(join(tmpdir(), "phoenix-server-"));
const uiDir = join(dir, "screen");
let core: Core;
let server: CoreServer;

function build(files: Record<string, string>): void {
	const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
	const entries = Object.entries(files).map(([file, text]) => [file, { file, type: "text/html; charset=utf-8", sha256: sha256(text) }]);
	for (const [file, text] of Object.entries(files)) writeFileSync(join(uiDir, file), text);
	writeFileSync(join(uiDir, manifestName), JSON.stringify(Object.fromEntries(entries)));
}

beforeAll(async () => {
	mkdirSync(join(uiDir, "assets"), { recursive: true });
	writeFileSync(join(uiDir, "unlisted.html"), "not of the build");
	build({ "index.html": "<title>built</title>", "assets/a-1.html": "an asset", "assets/b-2.html": "another" });
	writeFileSync(join(uiDir, "assets/b-2.html"), "changed since");
	core = await createCore({ dir: join(dir, "state") });
	server = await serveCore(core, { port: 0, uiDir, router: createRouter(core) });
});
afterAll(async () => {
	await server.close();
	await core.close();
	rmSync(dir, { recursive: true, force: true });
});

type Answer = { status: number; headers: Record<string, unknown>; text: string };

/** With headers that a browser would not let a page forge; `fetch` would not either. */
function ask(path: string, options: { method?: string; headers?: Record<string, string>; body?: string } = {}): Promise<Answer> {
	const { method = "GET", headers = {}, body } = options;
	return new Promise((resolve, reject) => {
		const sent = request({ host: "127.0.0.1", port: server.port, path, method, headers }, async (answer) => {
			let text = "";
			for await (const part of answer) text += part;
			resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
		});
		sent.on("error", reject).end(body);
	});
}

test("[S3] every answer carries the policy of the contract, word for word, refusals too", async () => {
	for (const path of ["/", "/assets/a-1.html", "/nothing", "/rpc/state/snapshot"]) {
		const { headers } = await ask(path);
		expect(headers["content-security-policy"]).toBe(contentSecurityPolicy);
		for (const [name, value] of Object.entries(screenHeaders)) expect(headers[name.toLowerCase()]).toBe(value);
	}
});

test("[S2] only what the build lists is served, as it was built", async () => {
	expect(await ask("/")).toMatchObject({ status: 200, text: "<title>built</title>" });
	expect((await ask("/assets/a-1.html")).headers["cache-control"]).toContain("immutable");
	for (const path of [
		"/unlisted.html",
		"/assets/b-2.html",
		`/${manifestName}`,
		"/../state/journal.jsonl",
		"/%2e%2e/state/core.json",
		"/assets",
	])
		expect((await ask(path)).status).toBe(404);
});

test("a new build is served without a restart", async () => {
	build({ "index.html": "<title>newer</title>", "assets/a-1.html": "an asset" });
	expect((await ask("/")).text).toBe("<title>newer</title>");
});

describe("[S13] the way in for browsers", () => {
	test("is on the loopback alone", () => {
		expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[0-9a-f]{32}$/);
	});

	test("is refused under another name, which a foreign site could point here", async () => {
		for (const host of ["phoenix.example", `phoenix.example:${server.port}`, "127.0.0.1:1", `127.0.0.1:${server.port}.example`])
			expect((await ask("/", { headers: { host } })).status).toBe(403);
		for (const origin of ["https://phoenix.example", "null", `https://127.0.0.1:${server.port}`])
			expect((await ask("/", { headers: { origin } })).status).toBe(403);
	});

	test("opens for the token, which becomes a cookie that no script and no other site can use, and that is not the token", async () => {
		const { status, headers } = await ask("/enter", { method: "POST", body: server.token });
		expect(status).toBe(204);
		expect(String(headers["set-cookie"])).toMatch(/^phoenix=[0-9a-f]{32}; HttpOnly; SameSite=Strict; Path=\/$/);
		expect(String(headers["set-cookie"])).not.toContain(server.token);
		expect((await ask("/enter", { method: "POST", body: "0".repeat(32) })).status).toBe(401);
		expect((await ask("/enter", { method: "POST", body: "0".repeat(300) })).status).toBe(413);
	});

	test("gives no call away without token or cookie, and no header that would let another site read", async () => {
		const path = "/rpc/state/snapshot";
		const headers = { "content-type": "application/json" };
		expect(await ask(path, { method: "POST", headers, body: '{"json":{}}' })).toMatchObject({ status: 401 });
		expect(await ask(path, { method: "POST", headers: { ...headers, cookie: "phoenix=no" }, body: '{"json":{}}' })).toMatchObject({
			status: 401,
		});
		expect(
			await ask(path, { method: "POST", headers: { ...headers, cookie: `phoenix=${server.token}` }, body: '{"json":{}}' }),
		).toMatchObject({
			status: 401,
		});
		const known = await ask(path, {
			method: "POST",
			headers: { ...headers, cookie: `a=b; ${await cookieOf(server.token)}` },
			body: '{"json":{}}',
		});
		expect(known.status).toBe(200);
		expect(Object.keys(known.headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
	});

	test("lets no WebSocket in without both the cookie and the right origin", async () => {
		const cookie = await cookieOf(server.token);
		const own = `http://127.0.0.1:${server.port}`;
		expect(await upgrade({ cookie, origin: own })).toBe("open");
		expect(await upgrade({ origin: own })).toBe("refused");
		expect(await upgrade({ cookie, origin: "https://phoenix.example" })).toBe("refused");
		expect(await upgrade({ cookie, origin: own }, "/elsewhere")).toBe("refused");
	});
});

async function cookieOf(token: string): Promise<string> {
	const { headers } = await ask("/enter", { method: "POST", body: token });
	return String(headers["set-cookie"]).split(";")[0] ?? "";
}

function upgrade(headers: Record<string, string>, path = "/rpc"): Promise<"open" | "refused"> {
	const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers });
	return new Promise((resolve) => {
		socket.once("open", () => {
			socket.terminate();
			resolve("open");
		});
		socket.once("error", () => resolve("refused"));
	});
}
