import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FaultData } from "../../base/index.ts";
import type { Snapshot } from "../../contract/api.ts";
import type { Graph } from "../../contract/graph.ts";
import { type Client, createProduct, freePort, type Product, phoenix, startServer } from "../testing/product.ts";

let product: Product;
let taken: Server;
let takenPort: number;

beforeAll(async () => {
	product = await createProduct();
	takenPort = await freePort();
	taken = createServer().listen(takenPort, "127.0.0.1");
	await product.start();
}, 60_000);

afterAll(async () => {
	taken.close();
	await product.end();
});

function faultOfCommand(args: string[]): { code: number | null; fault: FaultData } {
	const { code, stderr } = phoenix([...args, "--json"]);
	return { code, fault: JSON.parse(stderr.trim().split("\n").at(-1) ?? "{}") as FaultData };
}

test("a folder without source is named, and nothing was started", () => {
	const dir = mkdtempSync(join(tmpdir(), "phoenix-empty-"));
	const { code, fault } = faultOfCommand(["map", dir]);
	expect(code).toBe(1);
	expect(fault).toMatchObject({ code: "SOURCE_MISSING", data: { dir } });
	expect(fault.safe).toMatch(/Nothing was started/);
});

test("a file that does not parse is shown with its place, and the rest is mapped", () => {
	const dir = mkdtempSync(join(tmpdir(), "phoenix-broken-"));
	writeFileSync(join(dir, "broken.py"), "def f(:\n    return 1\n");
	writeFileSync(join(dir, "whole.py"), "def g():\n    return 1\n");
	const { code, stdout } = phoenix(["map", dir, "--json"]);
	const graph = JSON.parse(stdout) as Graph;
	expect(code).toBe(0);
	expect(graph.parseErrors).toMatchObject([{ file: "broken.py", line: 1 }]);
	expect(graph.nodes.some((node) => node.id === "function:whole.g")).toBe(true);
});

test("an unknown function is refused with the nearest names", () => {
	const { code, fault } = faultOfCommand(["blueprint", sampleDir(), "--function", "transfr"]);
	expect(code).toBe(1);
	expect(fault.code).toBe("FUNCTION_UNKNOWN");
	expect(fault.data.near).toContain("transfer");
});

test("a construct without an exact translation is refused by name with exit code 3", () => {
	const dir = mkdtempSync(join(tmpdir(), "phoenix-refused-"));
	mkdirSync(dir, { recursive: true });
	writeFileSync(join(dir, "app.py"), refusedApp);
	const { code, fault } = faultOfCommand(["blueprint", dir, "--function", "total", "--out", join(dir, "b.json")]);
	expect(code).toBe(3);
	expect(fault).toMatchObject({ code: "UNSUPPORTED", data: { file: "app.py" } });
	expect(fault.todo.length).toBeGreaterThan(5);
});

test("a legacy that does not answer leaves nothing in front of it", async () => {
	const other = await createProduct();
	const database = join(product.dir, "sample/bank.db");
	const { code, fault } = faultOfCommand([
		"serve",
		sampleDir(),
		"--port",
		"0",
		"--legacy",
		`127.0.0.1:${await freePort()}`,
		"--database",
		database,
		"--gateway-port",
		String(other.gatewayPort),
		"--state",
		other.dir,
	]);
	expect(code).toBe(1);
	expect(fault.code).toBe("LEGACY_SILENT");
	await other.end();
});

test("a gateway port in use is named with its owner, another is offered, none is taken silently", async () => {
	const other = await createProduct();
	const legacy = (await product.client.state.snapshot({})).system?.legacy.address ?? "";
	const database = join(product.dir, "sample/bank.db");
	const { code, fault } = faultOfCommand([
		"serve",
		sampleDir(),
		"--port",
		"0",
		"--legacy",
		legacy,
		"--database",
		database,
		"--gateway-port",
		String(takenPort),
		"--state",
		other.dir,
	]);
	expect(code).toBe(1);
	expect(fault.code).toBe("PORT_IN_USE");
	expect(fault.data.owner).toContain(String(process.pid));
	expect(Number(fault.data.free)).toBeGreaterThan(takenPort);
	await other.end();
});

test("the screen's port in use is named with its owner too", () => {
	const { code, fault } = faultOfCommand(["serve", "--port", String(takenPort), "--state", mkdtempSync(join(tmpdir(), "phoenix-port-"))]);
	expect(code).toBe(1);
	expect(fault).toMatchObject({ code: "PORT_IN_USE", data: { port: String(takenPort) } });
});

test("a second core on the same state is refused by name", () => {
	const { code, fault } = faultOfCommand(["serve", "--port", "0", "--state", product.dir]);
	expect(code).toBe(1);
	expect(fault).toMatchObject({ code: "CORE_RUNNING", data: { pid: String(product.pid) } });
});

test("a database that another process keeps locked holds the run with a coded fault; clients do not notice", async () => {
	const { client, stop } = await serveOwn({});
	const holder = new DatabaseSync(join(product.dir, "copy.db"));
	holder.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; UPDATE sequences SET value = value; COMMIT");
	await client.run.start({ functions: ["balance"], policy: "demo" });
	const held = await until(client, (snapshot) => snapshot.migrations[0]?.stage === "held");
	expect(held.migrations[0]?.reason).toContain("DATABASE_LOCKED");
	expect(held.alerts.map((alert) => alert.code)).toContain("DATABASE_LOCKED");
	expect(held.totals.clientErrors).toBe(0);
	holder.close();
	await stop();
});

test("a full disk for the journal: all to legacy, a coded fault, nothing lost, and on again once there is room", async () => {
	const dir = mkdtempSync(join(tmpdir(), "phoenix-full-"));
	const { client, stop, gatewayPort } = await serveOwn({ dir, fileLimitBlocks: 64 });
	const before = await until(client, (snapshot) => snapshot.seq > 0);
	for (let n = 0; n < 400; n++) await client.system.clearPanic({}).catch(() => {});
	const full = await until(client, (snapshot) => snapshot.alerts.some((alert) => alert.code === "JOURNAL_FULL"));
	expect(full.alerts.find((alert) => alert.code === "JOURNAL_FULL")?.safe).toMatch(/legacy/);
	const answer = await fetch(`http://127.0.0.1:${gatewayPort}/balance`);
	expect(await answer.text()).toContain("<ANSWER");
	await expect(client.system.clearPanic({})).rejects.toMatchObject({ code: "JOURNAL_FULL" });

	const { pid } = JSON.parse(readFileSync(join(dir, "core.json"), "utf8")) as { pid: number };
	execFileSync("prlimit", [`--pid=${pid}`, "--fsize=unlimited:"]);
	await client.system.clearPanic({});
	const after = await until(client, (snapshot) => snapshot.system?.gateway.stats.panic === null);
	await stop();
	const { stdout } = phoenix(["journal", "verify", "--json", "--state", dir]);
	expect(JSON.parse(stdout)).toMatchObject({ ok: true });
	expect((JSON.parse(stdout) as { entries: number }).entries).toBeGreaterThanOrEqual(Math.max(before.seq, after.seq));
});

/** `phoenix serve` in front of the sample bank as if it were one's own system, on a copy of its database. */
async function serveOwn({
	dir = mkdtempSync(join(tmpdir(), "phoenix-own-")),
	fileLimitBlocks = 0,
}: {
	dir?: string;
	fileLimitBlocks?: number;
}) {
	const legacy = (await product.client.state.snapshot({})).system?.legacy.address ?? "";
	const database = join(product.dir, "copy.db");
	await backupOnce(join(product.dir, "sample/bank.db"), database);
	const gatewayPort = await freePort();
	const args = [
		"serve",
		sampleDir(),
		"--json",
		"--port",
		"0",
		"--legacy",
		legacy,
		"--database",
		database,
		"--gateway-port",
		String(gatewayPort),
		"--state",
		dir,
	];
	const started = await startServer(args, fileLimitBlocks);
	const stop = async () => {
		await started.stop();
		expect(phoenix(["serve", "--end", "--json", "--state", dir]).stdout).toContain('"ended":true');
	};
	return { client: started.client, stop, dir, gatewayPort };
}

async function until(client: Client, isTrue: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
	for (let waited = 0; waited < 30_000; waited += 100) {
		const snapshot = await client.state.snapshot({});
		if (isTrue(snapshot)) return snapshot;
		await sleep(100);
	}
	const { migrations, alerts } = await client.state.snapshot({});
	throw new Error(JSON.stringify({ migrations, alerts }));
}

async function backupOnce(from: string, to: string): Promise<void> {
	// The bank may be writing back its log in this moment.
	const source = new DatabaseSync(from, { readOnly: true, timeout: 5_000 });
	await backup(source, to);
	source.close();
	const copy = new DatabaseSync(to);
	copy.exec("PRAGMA journal_mode = WAL");
	copy.close();
}

function sampleDir(): string {
	return new URL("../../../sample-monolith/banca", import.meta.url).pathname;
}

const refusedApp = `import sqlite3
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlparse, parse_qsl

def total(request):
    return eval(request["params"].get("sum", "0"))

ROUTES = {("GET", "/total"): total}

def serve(request):
    handler = ROUTES.get((request["method"], request["path"]))
    if handler is None:
        return "none"
    return handler(request)

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        parts = urlparse(self.path)
        request = {"method": self.command, "path": parts.path, "params": dict(parse_qsl(parts.query)), "headers": {k.lower(): v for k, v in self.headers.items()}}
        body = serve(request).encode("utf-8")
        self.send_response(200)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
`;
