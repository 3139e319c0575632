import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket as WsClient } from "ws";
import type { ComparisonReport } from "../../contract/comparison.ts";
import type { Upstream } from "../../contract/traffic.ts";
import { createCore } from "../index.ts";
import { askCards, askCounter, type Host, startBank, startCardHost, startCounter } from "../testing/mirrored-hosts.ts";
import { freePort } from "../testing/product.ts";

const cli = fileURLToPath(new URL("../../cli.ts", import.meta.url));
const dir = mkdtempSync(join(tmpdir(), "phoenix-mirror-comparison-"));
const env = { PATH: process.env.PATH, HOME: dir };
const ends: (() => unknown)[] = [];
let listeners: Record<string, { port: number }> = {};
let comparer: ChildProcess | null = null;

async function phoenix(...args: string[]): Promise<string> {
	const { stdout } = await promisify(execFile)(process.execPath, [cli, "gateway", ...args, "--state", dir], { cwd: dir, env });
	return stdout;
}

const report = async (...args: string[]): Promise<ComparisonReport> => JSON.parse(await phoenix("comparisons", "--json", ...args));
const routeOf = ({ routes }: ComparisonReport, id: string) => routes.find((route) => route.id === id);
const groupsOf = ({ groups }: ComparisonReport, id: string) =>
	groups.filter(({ route }) => route === id).map(({ field, count, examples }) => ({ field, count, first: examples[0]?.differences[0] }));

async function startComparer(): Promise<void> {
	const child = spawn(process.execPath, [cli, "gateway", "compare", "--state", dir], {
		cwd: dir,
		env,
		stdio: ["ignore", "pipe", "inherit"],
	});
	comparer = child;
	await once(child.stdout, "data");
}

async function stopComparer(): Promise<void> {
	const child = comparer;
	comparer = null;
	if (child === null || child.exitCode !== null) return;
	child.kill("SIGTERM");
	await once(child, "exit");
}

async function started(host: Promise<Host>): Promise<Upstream> {
	const { address, close } = await host;
	ends.push(close);
	return address;
}

beforeAll(async () => {
	const [legacy, modern] = [await started(startBank(false)), await started(startBank(true))];
	const [host, newHost] = [await started(startCardHost(false)), await started(startCardHost(true))];
	const [counter, newCounter] = [await started(startCounter(false)), await started(startCounter(true))];
	const gone = { host: "127.0.0.1", port: await freePort() };
	const shadowed = (upstream: Upstream) => ({ kind: "shadow", percent: 100, mirror: { upstream } });
	const config = join(dir, "bank.json");
	const tcp = {
		...{ kind: "tcp", id: "cards", host: "127.0.0.1", port: 0 },
		framing: { kind: "length", at: 0, size: 2, order: "big", counts: "rest", limit: 2_048 },
		pairing: { kind: "iso8583", encoding: "ascii" },
	};
	writeFileSync(
		config,
		JSON.stringify({
			listen: { port: 0 },
			listeners: [tcp],
			legacy,
			routes: [
				{ id: "rates", method: "GET", path: "/rates/{currency}", mode: shadowed(modern) },
				{ id: "clean", method: "GET", path: "/clean/{currency}", mode: shadowed(legacy) },
				{ id: "gone", method: "GET", path: "/gone/{currency}", mode: shadowed(gone) },
				{ id: "prices", method: "GET", path: "/prices", mode: shadowed(modern) },
				{
					...{ id: "count", method: "POST", path: "/bank.Counter/Post" },
					mode: { kind: "modern", upstream: newCounter, failover: "unsent", mirror: { upstream: counter } },
				},
			],
			streams: [{ id: "authorisation", listener: "cards", legacy: host, mode: { kind: "shadow", mirror: { upstream: newHost } } }],
			compare: { rates: { headers: ["X-Tier"], ignore: ["answer/trace"] }, "*": { ignore: ["trace", "message/served"] } },
		}),
	);
	({ listeners } = JSON.parse(await phoenix("start", "--config", config, "--json")));
	await startComparer();
});

afterAll(async () => {
	await stopComparer();
	await phoenix("stop");
	for (const end of ends) await end();
	rmSync(dir, { recursive: true, force: true });
});

const get = async (path: string) => (await fetch(`http://127.0.0.1:${listeners.main?.port}${path}`)).text();
const none = { failed: {}, uncompared: {}, waiting: 0 };

test("[V1] [V2] [V3] HTTP: a planted field and a selected header are found, what is ignored by name is not, a clean pair has no mismatch", async () => {
	for (const currency of ["EUR", "JPY", "CHF", "JPY", "USD", "SEK"]) await get(`/rates/${currency}`);
	for (let sent = 0; sent < 20; sent++) await get("/clean/EUR");
	for (let sent = 0; sent < 3; sent++) await get("/gone/EUR");
	const judged = { protocol: "http", ...none };
	await expect
		.poll(async () => (await report()).routes, { timeout: 30_000, interval: 500 })
		.toEqual(
			expect.arrayContaining([
				expect.objectContaining({ ...judged, id: "rates", seen: 6, matched: 3, mismatched: 3 }),
				expect.objectContaining({ ...judged, id: "clean", seen: 20, matched: 20, mismatched: 0 }),
				expect.objectContaining({ id: "gone", seen: 3, matched: 0, mismatched: 0, waiting: 0, uncompared: {} }),
			]),
		);
	const found = await report("--route", "rates");
	expect(found.routes.map(({ id }) => id)).toEqual(["rates"]);
	expect(groupsOf(found, "rates")).toEqual([
		{ field: "answer/rate", count: 2, first: expect.objectContaining({ legacy: "161.4", modern: "161.5" }) },
		{ field: "headers/x-tier", count: 1, first: expect.objectContaining({ legacy: "silver", modern: "gold" }) },
	]);
	expect(Object.values(routeOf(await report(), "gone")?.failed ?? {}).reduce((sum, count) => sum + count, 0)).toBe(3);
	const words = await phoenix("comparisons", "--route", "rates");
	expect(words).toContain('answer/rate: legacy "161.4", new "161.5"');
	expect(words).toContain('\\"currency\\":\\"JPY\\"');
});

test("[V2] TCP: messages of ISO 8583 are compared by field", async () => {
	await askCards(
		listeners.cards?.port ?? 0,
		Array.from({ length: 30 }, (_, index) => index + 1),
	);
	await expect
		.poll(async () => routeOf(await report("--listener", "cards"), "authorisation"), { timeout: 30_000, interval: 500 })
		.toMatchObject({ protocol: "tcp", seen: 30, matched: 20, mismatched: 10, ...none });
	expect(groupsOf(await report("--listener", "cards"), "authorisation")).toEqual([
		{ field: "answer/field 39", count: 10, first: expect.objectContaining({ legacy: "00", modern: "51" }) },
	]);
});

test("[V2] WebSocket: message by message, JSON by field", async () => {
	const socket = new WsClient(`ws://127.0.0.1:${listeners.main?.port}/prices`);
	await once(socket, "open");
	ends.push(() => socket.terminate());
	for (const price of [1, 7, 2, 7]) {
		const answered = once(socket, "message");
		socket.send(JSON.stringify({ price }));
		await answered;
	}
	await expect
		.poll(async () => routeOf(await report(), "prices"), { timeout: 30_000, interval: 500 })
		.toMatchObject({ protocol: "websocket", seen: 4, matched: 2, mismatched: 2, ...none });
	expect(groupsOf(await report(), "prices")).toEqual([
		{ field: "message/price", count: 2, first: expect.objectContaining({ field: "message[1]/price", legacy: "7", modern: "8" }) },
	]);
});

test("[V2] [V4] gRPC, in reverse: legacy is the one that gets the copy, and stays on its side of the comparison", async () => {
	await askCounter(listeners.main?.port ?? 0, ["even", "odd", "evens", "other", "e"]);
	await expect
		.poll(async () => routeOf(await report(), "count"), { timeout: 30_000, interval: 500 })
		.toMatchObject({ protocol: "grpc", seen: 5, matched: 3, mismatched: 2, ...none });
	expect(groupsOf(await report(), "count")).toEqual([
		{ field: "message/1", count: 2, first: expect.objectContaining({ field: "message[1]/1", legacy: "3", modern: "4" }) },
	]);
});

test("[V6] the figures are gone on from when another process compares, and say so when nobody does", async () => {
	const before = routeOf(await report(), "clean");
	await stopComparer();
	expect((await report()).isRunning).toBe(false);
	expect(await phoenix("comparisons")).toContain("Nobody compares at this moment");
	await startComparer();
	await expect.poll(async () => (await report()).isRunning, { timeout: 30_000, interval: 500 }).toBe(true);
	await get("/clean/EUR");
	await expect
		.poll(async () => routeOf(await report(), "clean"), { timeout: 30_000, interval: 500 })
		.toMatchObject({ seen: (before?.seen ?? 0) + 1, matched: (before?.matched ?? 0) + 1, mismatched: 0, ...none });
});

test("[V1] [V6] an engine on this directory takes over, and what the gateway mirrors is none of its own lane's", async () => {
	await stopComparer();
	// From zero, so that what differs is new to it.
	rmSync(join(dir, "gateway", "comparisons.json"));
	const database = join(dir, "bank.db");
	writeFileSync(database, "");
	const core = await createCore({ dir, resume: false });
	try {
		const { legacy } = JSON.parse(readFileSync(join(dir, "bank.json"), "utf8")) as { legacy: Upstream };
		const system = await core.attach({ legacy, database, port: listeners.main?.port ?? 0 });
		for (let sent = 0; sent < 5; sent++) await get("/clean/EUR");
		for (let sent = 0; sent < 2; sent++) await get("/rates/JPY");
		await expect
			.poll(() => routeOf(system.mirrors.report(), "clean"), { timeout: 30_000 })
			.toMatchObject({ seen: 5, matched: 5, mismatched: 0, ...none });
		await expect.poll(() => routeOf(system.mirrors.report(), "rates")?.mismatched, { timeout: 30_000 }).toBe(2);
		expect(core.snapshot().totals.dropped).toEqual({});
	} finally {
		await core.close({ keepTraffic: true });
	}
	const notes = readFileSync(join(dir, "journal.jsonl"), "utf8");
	expect(notes.match(/Mirrored traffic differs on rates: answer\/\w+ \(\w+\), first in exchange \d+\./g)).toHaveLength(1);
	expect(notes).toContain("Mirrored traffic of clean: 5 seen, 5 matched, 0 differ, 0 failed, 0 not compared, 0 waiting.");
	expect((await report()).isRunning).toBe(false);
	expect(await get("/clean/EUR")).toContain('"rate":161.4');
});
