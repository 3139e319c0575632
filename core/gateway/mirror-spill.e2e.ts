import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { RouteMode } from "../contract/traffic.ts";
import type { Limits } from "./hot/index.ts";
import { ask } from "./testing/client.ts";
import { createStateDir, nextPlan, until } from "./testing/gateway.ts";
import { type MirroringGateway, settled, startMirroring } from "./testing/mirroring.ts";
import { startUpstream, type TestUpstream } from "./testing/upstream.ts";

let ends: (() => Promise<void>)[] = [];
afterEach(async () => {
	for (const end of ends.reverse()) await end();
	ends = [];
});

const MiB = 1024 * 1024;
const shaOf = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/** Reads each body as it comes and answers with its digest, or with so many bytes of its name. */
async function startReader(name: string, hold: Promise<void> = Promise.resolve()): Promise<TestUpstream & { got: string[] }> {
	const got: string[] = [];
	const upstream = await startUpstream(async (message, answer) => {
		const hash = createHash("sha256");
		let size = 0;
		for await (const chunk of message) {
			hash.update(chunk as Buffer);
			size += (chunk as Buffer).length;
		}
		if (message.method === "POST") got.push(`${size} ${hash.digest("hex")} ${message.headers["transfer-encoding"] ?? "length"}`);
		await hold;
		const bytes = Number(new URL(message.url ?? "/", "http://a").searchParams.get("bytes") ?? 0);
		answer.end(Buffer.alloc(bytes, name));
	});
	ends.push(upstream.close);
	return { ...upstream, got };
}

async function open(
	legacy: TestUpstream,
	shadow: TestUpstream,
	limits: Partial<Limits> = {},
	stateDir = createStateDir(),
): Promise<MirroringGateway> {
	const gate = await startMirroring(legacy.address, { limits, stateDir });
	ends.push(gate.end);
	const mode: RouteMode = { kind: "shadow", percent: 100, mirror: { upstream: shadow.address, timeoutMs: 20_000 } };
	await gate.gateway.setPlan(nextPlan(gate.gateway, legacy.address, { "POST /b": mode, "GET /b": mode }));
	return gate;
}

const workerOf = ({ stateDir }: MirroringGateway): number => JSON.parse(readFileSync(join(stateDir, "gateway.json"), "utf8")).workerPid;
const residentBytes = (pid: number): number => Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * 4096;
const spilled = ({ stateDir }: MirroringGateway): string[] => readdirSync(join(stateDir, "spill"));

test("[M8] bodies of 20 MiB reach the shadow through files, whole, and answers of that size are compared by their digests", async () => {
	const legacy = await startReader("legacy");
	const shadow = await startReader("shadow");
	const gate = await open(legacy, shadow);
	const worker = workerOf(gate);
	const body = randomBytes(20 * MiB);
	const bodies = 20;
	// Once for all that is only needed once.
	await ask(gate.port, { method: "POST", path: "/b", body });
	await settled(gate, 1);
	const before = residentBytes(worker);
	let most = before;
	const watching = setInterval(() => {
		most = Math.max(most, residentBytes(worker));
	}, 5);
	ends.push(async () => clearInterval(watching));
	for (let n = 0; n < bodies; n++)
		expect((await ask(gate.port, { method: "POST", path: "/b?bytes=3000000", body })).body.length).toBe(3_000_000);
	await ask(gate.port, { method: "POST", path: "/b", body, headers: { "Transfer-Encoding": "chunked" } });
	await ask(gate.port, { path: "/b?bytes=20000000" });
	expect(await settled(gate, bodies + 3)).toMatchObject({ delivered: bodies + 3, dropped: {} });
	const growth = Math.round((most - before) / MiB);
	process.stdout.write(
		`${(bodies + 2) * 20} MiB of mirrored bodies: the worker grew by ${growth} MiB at most, from ${Math.round(before / MiB)} MiB\n`,
	);
	// 128 MB of dead buffers may stand in the heap before it is gone through; more bodies must not be more memory.
	expect(growth).toBeLessThan(256);
	const whole = `${body.length} ${shaOf(body)}`;
	expect(shadow.got).toEqual([...Array(bodies + 1).fill(`${whole} length`), `${whole} chunked`]);
	expect(legacy.got).toEqual(shadow.got);
	expect(gate.seen.every(({ truncated }) => truncated)).toBe(true);
	const digestOf = (name: string, size: number) => ({ size, sha256: shaOf(Buffer.alloc(size, name)) });
	const answer = (seq: number) => gate.answers.find((one) => one.seq === seq);
	// The first one's answer is small on both sides.
	expect([answer(1)?.whole, answer(1)?.truncated]).toEqual([undefined, false]);
	expect(answer(2)?.whole).toEqual({ shadow: digestOf("shadow", 3_000_000), client: digestOf("legacy", 3_000_000) });
	expect(answer(bodies + 3)?.whole).toEqual({ shadow: digestOf("shadow", 20_000_000), client: digestOf("legacy", 20_000_000) });
	expect(answer(bodies + 3)?.truncated).toBe(true);
	await until(() => spilled(gate).length === 0);
}, 60_000);

test("[M8] files are private, gone when done with, and what a dead worker left is removed at the start", async () => {
	let release = () => {};
	const hold = new Promise<void>((resolve) => {
		release = resolve;
	});
	const legacy = await startReader("legacy");
	const shadow = await startReader("shadow", hold);
	const stateDir = createStateDir();
	mkdirSync(join(stateDir, "spill"));
	// No process has this number: it is above what the kernel gives.
	writeFileSync(join(stateDir, "spill", "99999999-1.body"), "left over");
	writeFileSync(join(stateDir, "spill", `${process.pid}-1.body`), "another living worker's");
	const gate = await open(legacy, shadow, {}, stateDir);
	await ask(gate.port, { method: "POST", path: "/b", body: Buffer.alloc(2 * MiB, "x") });
	await until(() => shadow.got.length === 1);
	const [own, ...others] = spilled(gate).sort((a, b) => Number(a.startsWith(`${process.pid}-`)) - Number(b.startsWith(`${process.pid}-`)));
	expect([own, others]).toEqual([`${workerOf(gate)}-1.body`, [`${process.pid}-1.body`]]);
	const { mode, size } = statSync(join(stateDir, "spill", own ?? ""));
	expect([(mode & 0o777).toString(8), size]).toEqual(["600", 2 * MiB]);
	release();
	await settled(gate, 1);
	await until(() => spilled(gate).length === 1);
});

test("[M8] a body above the limit, or one for which there is no room on disk, is dropped by name; the client notices nothing", async () => {
	const legacy = await startReader("legacy");
	const shadow = await startReader("shadow");
	const gate = await open(legacy, shadow, { bodyCap: 100_000, spillCap: 3_000_000, spillDiskBytes: 2_000_000 });
	const post = (size: number) => ask(gate.port, { method: "POST", path: "/b", body: Buffer.alloc(size, "x") });
	expect((await post(3_500_000)).status).toBe(200);
	expect((await post(2_500_000)).status).toBe(200);
	expect((await post(1_500_000)).status).toBe(200);
	expect(await settled(gate, 3)).toEqual({ taken: 3, delivered: 1, dropped: { "shadow-spill": 2 } });
	expect(shadow.got).toEqual([`1500000 ${shaOf(Buffer.alloc(1_500_000, "x"))} length`]);
	await until(() => spilled(gate).length === 0);
	// An answer above the limit: the copy goes out, and only the digest of what the client got is missing.
	await ask(gate.port, { path: "/b?bytes=3200000" });
	await ask(gate.port, { path: "/b?bytes=2900000" });
	expect(await settled(gate, 5)).toMatchObject({ delivered: 3 });
	// In the order of the requests: answers come as they come.
	const [tooLong, long] = gate.answers.toSorted((a, b) => a.seq - b.seq).slice(1);
	expect([tooLong?.error, tooLong?.whole]).toEqual(["the answer is longer than 3000000 bytes", undefined]);
	expect([long?.error, long?.whole?.client?.size]).toEqual([null, 2_900_000]);
});
