import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, createServer, request as startRequest } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Choices } from "../contract/blueprint.ts";
import { sitesOf } from "../contract/sites.ts";
import { openProject } from "./project.ts";
import { freePort } from "./testing/product.ts";

/**
 * The whole bank, translated with every site exact, beside the bank itself: both start from the same file and get the same
 * seeded requests one by one. Every answer must be equal byte for byte, and every table row for row.
 *
 *   traffic.py -> recorder -> bank.py (a.db)
 *                    \-----> the ten translated services, in this process (b.db)
 */
const sample = join(import.meta.dirname, "../../sample-monolith");
const REQUESTS = 600;
/** Drawn from clocks that cannot be the same on both sides. */
const CLOCK_COLUMNS = ["stamped", "created"];

type Service = { handle(request: { method: string; target: string; headers: [string, string][]; body: Uint8Array }): { body: string } };
type Outside = { database: DatabaseSync; now(): number; tokenHex(): string; onFailure(error: unknown): void };

const dir = mkdtempSync(join(tmpdir(), "phoenix-translation-"));
const agent = new Agent({ keepAlive: true });
const wrong: { request: string; legacy: string; modern: string }[] = [];
const failures: unknown[] = [];
const perRoute = new Map<string, number>();
let bank: ChildProcess | undefined;
let ours: DatabaseSync;

beforeAll(async () => {
	run("python3", [join(sample, "seed.py"), "--out", join(dir, "a.db"), "--accounts", "400"]);
	settle(join(dir, "a.db"));
	copyFileSync(join(dir, "a.db"), join(dir, "b.db"));
	const bankPort = await freePort();
	bank = spawn("python3", [
		join(sample, "banca/bank.py"),
		"--db",
		join(dir, "a.db"),
		"--port",
		String(bankPort),
		"--log",
		join(dir, "roll.txt"),
	]);
	await new Promise<void>((resolve) => bank?.stdout?.once("data", () => resolve()));
	ours = new DatabaseSync(join(dir, "b.db"));
	ours.exec("PRAGMA busy_timeout = 30000; PRAGMA synchronous = OFF");
	let clock = 0;
	let token = "";
	const services = await translate({ database: ours, now: () => clock, tokenHex: () => token, onFailure: (error) => failures.push(error) });

	async function answer(method: string, target: string, headers: [string, string][], body: Buffer): Promise<string> {
		const legacy = await ask(bankPort, method, target, headers, body);
		const route = `${method} ${target.split("?")[0]}`;
		const service = services.get(route);
		if (service === undefined) return legacy;
		perRoute.set(route, (perRoute.get(route) ?? 0) + 1);
		clock = Date.now();
		token = /<TOKEN>([^<]*)</.exec(legacy)?.[1] ?? "";
		const modern = service.handle({ method, target, headers, body }).body;
		if (withoutTime(modern) !== withoutTime(legacy)) wrong.push({ request: `${method} ${target} ${body}`, legacy, modern });
		return legacy;
	}
	const recorder = createServer((request, response) => {
		const parts: Buffer[] = [];
		request.on("data", (part: Buffer) => parts.push(part));
		request.on("end", () => {
			const raw = request.rawHeaders;
			const headers = raw.flatMap((name, index): [string, string][] => (index % 2 === 0 ? [[name, raw[index + 1] ?? ""]] : []));
			answer(request.method ?? "", request.url ?? "", headers, Buffer.concat(parts)).then(
				(text) => response.end(text),
				(error) => response.destroy(error),
			);
		});
	});
	const port = await freePort();
	await new Promise<void>((resolve) => recorder.listen(port, "127.0.0.1", resolve));
	const traffic = [
		"--url",
		`http://127.0.0.1:${port}`,
		"--sequential",
		"--count",
		String(REQUESTS),
		"--seed",
		"11",
		"--db",
		join(dir, "b.db"),
	];
	await new Promise<void>((resolve, reject) => {
		spawn("python3", [join(sample, "traffic.py"), ...traffic], { stdio: "ignore" })
			.on("exit", () => resolve())
			.on("error", reject);
	});
	recorder.closeAllConnections();
	await new Promise<void>((resolve) => recorder.close(() => resolve()));
	agent.destroy();
	await stop(bank);
}, 120_000);

afterAll(async () => {
	await stop(bank);
	ours?.close();
	rmSync(dir, { recursive: true, force: true });
});

describe("every route of the sample bank, translated with all sites exact", () => {
	it("answers each request of the seeded traffic as the bank does, byte for byte", () => {
		expect(failures).toEqual([]);
		expect(wrong).toEqual([]);
		expect(perRoute.size).toBe(10);
		expect([...perRoute.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(REQUESTS * 0.9);
	});

	it("leaves the same rows in every table, with the same storage classes", () => {
		const legacy = new DatabaseSync(join(dir, "a.db"));
		const tables = legacy
			.prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
			.all()
			.map((row) => String(row.name));
		expect(tables.length).toBeGreaterThan(10);
		for (const table of tables) expect({ table, rows: rowsOf(ours, table) }).toEqual({ table, rows: rowsOf(legacy, table) });
		expect(rowsOf(legacy, "movements").length).toBeGreaterThan(400);
		legacy.close();
	});
});

/** One service per route, each from its own handler's blueprint. */
async function translate(outside: Outside): Promise<Map<string, Service>> {
	const project = await openProject(join(sample, "banca"));
	const services = new Map<string, Service>();
	for (const { method, path, handler } of project.graph.routes) {
		const blueprint = project.blueprint(handler);
		const exact: Choices = Object.fromEntries(sitesOf(blueprint).map(({ expr }) => [expr, "exact"]));
		const place = join(dir, handler);
		for (const [file, text] of Object.entries(project.generate(blueprint, exact))) {
			mkdirSync(dirname(join(place, file)), { recursive: true });
			writeFileSync(join(place, file), text);
		}
		const module = (await import(/* @vite-ignore */ pathToFileURL(join(place, "service.ts")).href)) as {
			createService(outside: Outside): Service;
		};
		services.set(`${method} ${path}`, module.createService(outside));
	}
	return services;
}

function rowsOf(database: DatabaseSync, table: string): string[] {
	const columns = database
		.prepare(`PRAGMA table_info("${table}")`)
		.all()
		.map((column) => String(column.name));
	const kept = columns
		.filter((column) => !CLOCK_COLUMNS.includes(column))
		.map((column) => `typeof("${column}") || ' ' || quote("${column}")`);
	return database
		.prepare(`SELECT ${kept.join(" || '|' || ")} AS row FROM "${table}" ORDER BY 1`)
		.all()
		.map(({ row }) => withoutTime(String(row)));
}

function withoutTime(text: string): string {
	return text.replace(/<TIME>[^<]*<\/TIME>/, "<TIME/>");
}

function ask(port: number, method: string, path: string, headers: [string, string][], body: Buffer): Promise<string> {
	return new Promise((resolve, reject) => {
		const kept = headers.filter(([name]) => name.toLowerCase() !== "connection").flat();
		const sent = startRequest({ host: "127.0.0.1", port, method, path, headers: kept, agent }, (response) => {
			const parts: Buffer[] = [];
			response.on("data", (part: Buffer) => parts.push(part));
			response.on("end", () => resolve(Buffer.concat(parts).toString("utf8")));
		});
		sent.on("error", reject);
		sent.end(body);
	});
}

function run(command: string, args: string[]): void {
	const done = spawnSync(command, args, { encoding: "utf8" });
	if (done.status !== 0) throw new Error(`${command} failed: ${done.error?.message ?? done.stderr}`);
}

/** Everything in the file itself, nothing in the log beside it. */
function settle(file: string): void {
	const database = new DatabaseSync(file);
	database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
	database.close();
}

async function stop(child: ChildProcess | undefined): Promise<void> {
	if (child === undefined || child.exitCode !== null) return;
	const ended = new Promise((resolve) => child.once("exit", resolve));
	child.kill("SIGTERM");
	await ended;
}
