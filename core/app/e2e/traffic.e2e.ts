import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ReplayState } from "../../contract/replay.ts";
import { openRecording, type Recorded } from "../../replay/index.ts";
import { createProduct, freePort, type Product, phoenix } from "../testing/product.ts";

const cli = fileURLToPath(new URL("../../cli.ts", import.meta.url));
let product: Product;
let dir: string;
const file = () => join(dir, "bank.rec");

beforeAll(async () => {
	dir = mkdtempSync(join(tmpdir(), "phoenix-traffic-"));
	product = await createProduct();
	await product.start();
}, 60_000);

afterAll(async () => {
	await product.end();
	rmSync(dir, { recursive: true, force: true });
}, 60_000);

async function ended(state: Product["client"]["replay"]["state"]): Promise<ReplayState> {
	while (true) {
		const now = await state({});
		if (now !== null && now.endedAt !== null) return now;
		await sleep(20);
	}
}

async function recordsOf(path: string): Promise<Recorded[]> {
	const records: Recorded[] = [];
	for await (const entry of (await openRecording(path)).entries()) if (entry.kind === "exchange") records.push(entry.record);
	return records;
}

/** `phoenix` beside this test, for what must serve it meanwhile. */
function phoenixAsync(args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
	return new Promise((resolve) => {
		const child = spawn(process.execPath, [cli, ...args], { stdio: ["ignore", "pipe", "pipe"] });
		let [stdout, stderr] = ["", ""];
		child.stdout.on("data", (part) => {
			stdout += part;
		});
		child.stderr.on("data", (part) => {
			stderr += part;
		});
		child.on("exit", (code) => resolve({ code, stdout, stderr }));
	});
}

test("[REC5] `phoenix record` writes what clients asked, masked, each exchange once", async () => {
	const secrets = ["4111111111111111", "joe.bloggs@bank.example", "IT60X0542811101000000123456", "hunter2-hunter2"];
	const before = (await product.client.state.snapshot({})).system?.gateway.stats?.requests ?? 0;
	const recording = phoenixAsync(["record", "--to", file(), "--for", "4s", "--json", "--state", product.dir]);
	while ((await product.client.recording.state({}))?.endedAt !== null) await sleep(20);
	const traffic = product.traffic({ rate: 100 });
	const gate = `http://127.0.0.1:${product.gatewayPort}`;
	await fetch(`${gate}/ping?mail=${encodeURIComponent(secrets[1] as string)}`, {
		headers: { Authorization: "Basic am9lOmh1bnRlcjItaHVudGVyMg==" },
	});
	await fetch(`${gate}/pay`, { method: "POST", body: JSON.stringify({ card: secrets[0], to: secrets[2], password: secrets[3] }) });
	const { code, stdout } = await recording;
	await traffic.stop();
	expect(code).toBe(0);
	const state = JSON.parse(stdout) as { exchanges: number; missing: object; masked: Record<string, number>; failure: string | null };
	expect(state).toMatchObject({ missing: {}, failure: null });
	const records = await recordsOf(file());
	expect(records.length).toBe(state.exchanges);
	expect(records.length).toBeGreaterThan(150);
	const after = (await product.client.state.snapshot({})).system?.gateway.stats?.requests ?? 0;
	expect(records.length).toBeLessThanOrEqual(after - before);
	const paid = records.filter(({ request }) => request.target === "/pay");
	expect(paid).toHaveLength(1);
	expect(paid[0]?.request.body.toString()).toMatch(/^\{"card":"41\d{14}","to":"IT\d\d[A-Z]\d{22}","password":"[a-z]{6}\d-[a-z]{6}\d"\}$/);
	const bytes = readFileSync(file(), "latin1");
	for (const secret of [...secrets, "am9lOmh1bnRlcjItaHVudGVyMg"]) expect(bytes).not.toContain(secret);
	expect(bytes).not.toContain(readFileSync(join(product.dir, "mask.key"), "utf8").trim());
	expect(statSync(join(product.dir, "mask.key")).mode & 0o777).toBe(0o600);
	console.log(JSON.stringify({ test: "record", exchanges: records.length, bytes: bytes.length, masked: state.masked }));
});

test("[REC5] it says what it holds, becomes a HAR and is read from one again", async () => {
	const shown = phoenix(["recording", "show", file(), "--json"]);
	expect(shown.code).toBe(0);
	expect(JSON.parse(shown.stdout)).toMatchObject({ header: { source: { kind: "gateway" } }, missing: 0, ending: { kind: "complete" } });
	const har = join(dir, "bank.har");
	expect(phoenix(["recording", "export", file(), "--to", har]).code).toBe(0);
	const back = join(dir, "back.rec");
	expect(phoenix(["recording", "import", har, "--to", back, "--unmasked", "--state", product.dir]).code).toBe(0);
	const [first, second] = [await recordsOf(file()), await recordsOf(back)];
	expect(second.length).toBe(first.length);
	const byTarget = (all: Recorded[]) =>
		all
			.map(({ request, response }) =>
				[request.method, request.target, request.body.toString("latin1"), response.status, response.body.toString("latin1")].join(" "),
			)
			.sort();
	expect(byTarget(second)).toEqual(byTarget(first));
});

test("[REC5] the engine does the same where a screen asks for it, and always masks", async () => {
	const [har, back] = [join(dir, "screen.har"), join(dir, "screen.rec")];
	const { recording } = product.client;
	const first = await recordsOf(file());
	expect(await recording.export({ from: file(), to: har })).toEqual({ file: har, entries: first.length, tunnels: 0, cut: null });
	await expect(recording.export({ from: file(), to: har })).rejects.toMatchObject({ data: { code: "RECORDING_FAILED" } });
	const made = await recording.import({ from: har, to: back, format: "har", mask: ["field:amount"] });
	expect(made).toMatchObject({ file: back, read: first.length, records: first.length, skipped: {} });
	const { header } = JSON.parse(phoenix(["recording", "show", back, "--json"]).stdout);
	expect(header).toMatchObject({ source: { kind: "har", name: har }, masking: { fields: expect.arrayContaining(["amount"]) } });
	await expect(recording.import({ from: file(), to: join(dir, "no.rec"), format: "har" })).rejects.toMatchObject({
		code: expect.any(String),
	});
	expect(existsSync(join(dir, "no.rec"))).toBe(false);
});

test("[R10] nothing is replayed to the attached legacy, nor to the gateway in front of it, under whatever name", async () => {
	const legacy = (await product.client.state.snapshot({})).system?.legacy.address ?? "";
	const port = legacy.split(":").at(-1);
	for (const target of [
		`http://${legacy}`,
		`http://localhost:${port}`,
		`http://127.0.0.2:${port}`,
		`http://[::1]:${port}`,
		`http://127.0.0.1:${product.gatewayPort}`,
	]) {
		const refused = phoenix(["replay", file(), "--to", target, "--state", product.dir, "--json"]);
		expect([target, refused.code]).toEqual([target, 3]);
		expect(JSON.parse(refused.stderr)).toMatchObject({ code: "REPLAY_REFUSED" });
		const order = { file: file(), to: target, speed: null, compare: true, withWrites: false };
		await expect(product.client.replay.start(order)).rejects.toMatchObject({ data: { code: "REPLAY_REFUSED" } });
	}
	expect(await product.client.replay.state({})).toBeNull();
});

test("[R11] a replay is compared with what was recorded, differences are grouped by cause", async () => {
	const records = await recordsOf(file());
	const keyOf = ({ request }: Recorded) => `${request.method} ${request.target} ${request.body.toString("latin1")}`;
	/** What is asked twice is answered in the recorded order, in each replay from the first answer on. */
	let answers = Map.groupBy(records, keyOf);
	const replayed = (args: string[]) => {
		answers = Map.groupBy(records, keyOf);
		return phoenixAsync(args);
	};
	const marks = new Set<string | undefined>();
	let breakIt = false;
	/** Answers as the bank did when it was recorded; with `breakIt` it has a bug in every balance. */
	const target = createServer((message, answer) => {
		const parts: Buffer[] = [];
		marks.add(message.headers["x-phoenix-replay"] as string | undefined);
		message.on("data", (part: Buffer) => parts.push(part));
		message.on("end", () => {
			const key = `${message.method} ${message.url} ${Buffer.concat(parts).toString("latin1")}`;
			const known = answers.get(key);
			const record = (known?.length ?? 0) > 1 ? known?.shift() : known?.[0];
			if (record === undefined) return void answer.writeHead(500).end(`unknown ${key}`);
			const type = record.response.headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "text/plain";
			const body = record.response.body.toString("utf8");
			answer.writeHead(record.response.status, { "Content-Type": type });
			answer.end(breakIt ? body.replace(/(\d+)\.(\d)\d</g, "$1.$27<") : body);
		});
	});
	const port = await freePort();
	await new Promise<void>((resolve) => target.listen({ host: "127.0.0.1", port }, resolve));
	const to = `http://127.0.0.1:${port}`;
	try {
		const usual = ["replay", file(), "--to", to, "--state", product.dir, "--speed", "max", "--concurrency", "1", "--compare", "--json"];
		const safe = JSON.parse((await replayed(usual)).stdout) as { sent: number; skipped: Record<string, number> };
		expect(safe.sent).toBe(records.filter(({ request }) => request.method === "GET").length);
		expect(Object.keys(safe.skipped)).toEqual(["POST may change something (--with-writes)"]);
		const same = await replayed([...usual, "--with-writes"]);
		const result = JSON.parse(same.stdout) as { answered: number; comparison: { compared: number; same: number; groups: unknown[] } };
		expect(result.comparison).toMatchObject({ compared: records.length, same: records.length, groups: [] });
		expect(same.code).toBe(0);
		breakIt = true;
		const broken = await replayed([...usual, "--with-writes"]);
		const { comparison } = JSON.parse(broken.stdout) as {
			comparison: { different: number; groups: { cause: string; field: string; count: number }[] };
		};
		expect(broken.code).toBe(1);
		expect(comparison.different).toBeGreaterThan(10);
		expect(comparison.groups.reduce((sum, { count }) => sum + count, 0)).toBe(comparison.different);
		expect(comparison.groups.every(({ field }) => field.startsWith("answer/"))).toBe(true);
		expect(marks.size).toBe(3);
		expect(marks.has(undefined)).toBe(false);
		const { replay } = product.client;
		const order = { file: file(), to, speed: null, compare: true, withWrites: true };
		await replay.start(order);
		const byEngine = await ended(replay.state);
		expect(byEngine).toMatchObject({ target: `127.0.0.1:${port}`, sent: records.length, cut: null, failure: null });
		expect(byEngine.figures).toMatchObject({ answered: records.length, failed: {}, cancelled: false });
		expect(byEngine.comparison?.compared).toBe(records.length);
		expect(byEngine.comparison?.different).toBeGreaterThan(10);
		// Slow enough to be stopped on its way.
		await replay.start({ ...order, speed: 0.01 });
		while ((await replay.state({}))?.sent === 0) await sleep(20);
		await expect(replay.start(order)).rejects.toMatchObject({ data: { code: "RUN_STATE" } });
		expect((await product.client.state.snapshot({})).progress.map(({ what }) => what)).toContain(`Replaying to 127.0.0.1:${port}`);
		const stopped = await replay.stop({});
		expect(stopped.figures).toMatchObject({ cancelled: true, sent: stopped.sent });
		expect(stopped.sent).toBeLessThan(records.length);
		await expect(replay.stop({})).rejects.toMatchObject({ data: { code: "RUN_STATE" } });
		await expect(replay.start({ ...order, to: `${to}/path` })).rejects.toMatchObject({ data: { code: "INPUT_INVALID" } });
		console.log(
			JSON.stringify({
				test: "compared",
				requests: records.length,
				groups: comparison.groups.map(({ cause, field, count }) => `${count} ${field} ${cause}`),
			}),
		);
	} finally {
		target.closeAllConnections();
		target.close();
	}
});

test("[REC6] one recording at a time; stopped by the verb, by a signal and by the end of its progress it is whole", async () => {
	const [first, second, third] = ["1.rec", "2.rec", "3.rec"].map((name) => join(dir, name)) as [string, string, string];
	await product.client.recording.start({ file: first });
	await expect(product.client.recording.start({ file: second })).rejects.toMatchObject({ data: { code: "RUN_STATE" } });
	await fetch(`http://127.0.0.1:${product.gatewayPort}/ping`);
	await sleep(300);
	expect((await product.client.recording.stop({})).exchanges).toBeGreaterThan(0);
	await expect(product.client.recording.start({ file: first })).rejects.toMatchObject({ data: { code: "INPUT_INVALID" } });

	const child = spawn(process.execPath, [cli, "record", "--to", second, "--state", product.dir], { stdio: "ignore" });
	while ((await product.client.recording.state({}))?.file !== second) await sleep(20);
	child.kill("SIGINT");
	expect(await new Promise((resolve) => child.on("exit", resolve))).toBe(0);

	await product.client.recording.start({ file: third, routes: ["none"] });
	const { progress } = await product.client.state.snapshot({});
	const work = progress.find(({ what }) => what.includes(third));
	await product.client.state.cancelWork({ id: work?.id ?? "" });
	while ((await product.client.recording.state({}))?.endedAt === null) await sleep(20);
	for (const one of [first, second, third])
		expect(JSON.parse(phoenix(["recording", "show", one, "--json"]).stdout)).toMatchObject({ ending: { kind: "complete" } });
	expect(await recordsOf(third)).toEqual([]);
});

test("[REC2] an engine that is killed while it records leaves a file that is good up to there", async () => {
	const path = join(dir, "killed.rec");
	await product.client.recording.start({ file: path });
	for (let n = 0; n < 20; n++) await fetch(`http://127.0.0.1:${product.gatewayPort}/ping?n=${n}`);
	await sleep(500);
	await product.kill();
	const shown = phoenix(["recording", "show", path, "--json"]);
	expect(shown.code).toBe(1);
	expect(JSON.parse(shown.stdout)).toMatchObject({
		exchanges: 20,
		ending: { kind: "cut", records: 20, reason: expect.stringContaining("no end") },
	});
});

test("[O1] `phoenix outbound` records a call and answers it again with nobody there", async () => {
	const recorded = join(dir, "calls.rec");
	const service = createServer((_, answer) => answer.setHeader("Content-Type", "application/json").end('{"rate":1.0834}'));
	const [port, proxyPort] = [await freePort(), await freePort()];
	await new Promise<void>((resolve) => service.listen({ host: "127.0.0.1", port }, resolve));
	const call = () =>
		spawnSync("curl", ["-s", "-x", `http://127.0.0.1:${proxyPort}`, `http://127.0.0.1:${port}/rate`], { encoding: "utf8" }).stdout;
	async function through(args: string[], use: () => Promise<void> | void): Promise<number | null> {
		const child = spawn(process.execPath, [cli, "outbound", ...args, "--port", String(proxyPort), "--state", product.dir], {
			stdio: ["ignore", "pipe", "inherit"],
		});
		await new Promise((resolve) => child.stdout.once("data", resolve));
		await use();
		child.kill("SIGTERM");
		return new Promise((resolve) => child.on("exit", resolve));
	}
	const curl = () =>
		new Promise<string>((resolve) => {
			const child = spawn("curl", ["-s", "-x", `http://127.0.0.1:${proxyPort}`, `http://127.0.0.1:${port}/rate`]);
			let text = "";
			child.stdout.on("data", (part) => {
				text += part;
			});
			child.on("close", () => resolve(text));
		});
	expect(await through(["--record", recorded], async () => expect(await curl()).toBe('{"rate":1.0834}'))).toBe(0);
	service.closeAllConnections();
	await new Promise((resolve) => service.close(resolve));
	expect(await through(["--answer-from", recorded], () => expect(call()).toBe('{"rate":1.0834}'))).toBe(0);
	expect(await through(["--refuse"], () => expect(call()).toContain("OUTBOUND_REFUSED"))).toBe(0);
});
