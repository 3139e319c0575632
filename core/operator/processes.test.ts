import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createResourceMeter } from "./measure.ts";
import { createOutput } from "./output.ts";
import { createProcessRuntime } from "./runtimes/process.ts";

const service = `
import { createServer } from "node:http";
const server = createServer((request, response) => {
	console.log("asked " + request.url);
	if (request.url === "/fall") process.exit(3);
	if (request.url === "/ill") sick = true;
	response.writeHead(sick && request.url === "/healthz" ? 500 : 200);
	response.end(JSON.stringify({ blueprint: "b1" }));
});
let sick = false;
server.listen(0, "127.0.0.1", () => {
	console.error("to the errors");
	console.log(JSON.stringify({ listening: server.address().port }));
});
`;

describe("services as processes", () => {
	let dir: string;
	beforeEach(() => {
		dir = mkdtempSync(join(tmpdir(), "phoenix-operator-"));
		writeFileSync(join(dir, "main.ts"), service);
	});
	afterEach(() => rmSync(dir, { recursive: true, force: true }));
	const launch = { command: "node", args: ["main.ts"], limitMs: 15_000 };
	const spec = () => ({ name: "bank.pay.shadow.v1", dir, launch, database: "none", mode: "shadow" as const, blueprint: "b1" });
	const start = () => {
		const output = createOutput();
		return { output, runtime: createProcessRuntime({ dir: join(dir, "run"), output }) };
	};
	async function until(isTrue: () => boolean, limitMs = 5_000): Promise<void> {
		for (let waited = 0; waited < limitMs && !isTrue(); waited += 20) await sleep(20);
		expect(isTrue()).toBe(true);
	}

	it("reads along what a service writes to either stream, until its very last line", async () => {
		const { output, runtime } = start();
		const handle = await runtime.start(spec());
		await fetch(`http://127.0.0.1:${handle.port}/hello`);
		await handle.stop();
		const lines = output.after(0, 100).batch.lines;
		expect(lines.map(({ stream, text }) => `${stream} ${text}`)).toEqual(
			expect.arrayContaining(["err to the errors", `out {"listening":${handle.port}}`, "out asked /hello"]),
		);
		expect(lines.every(({ at, source }) => at !== null && source === "bank.pay.shadow.v1")).toBe(true);
		expect(readFileSync(handle.log, "utf8")).toContain("asked /hello");
	});

	it("says what the last health check answered, and how long it took", async () => {
		const { runtime } = start();
		const handle = await runtime.start(spec());
		await until(() => handle.health !== null);
		expect(handle.health).toMatchObject({ ok: true, answer: "status 200" });
		expect(handle.health?.ms).toBeGreaterThan(0);
		await fetch(`http://127.0.0.1:${handle.port}/ill`);
		await until(() => handle.health?.ok === false);
		expect([handle.health?.answer, handle.healthy]).toEqual(["status 500", false]);
		await handle.stop();
		expect(handle.healthy).toBe(false);
	});

	it("counts how often one ended by itself, and still knows those that ended", async () => {
		const { output, runtime } = start();
		const first = await runtime.start(spec());
		const fell = new Promise<string>((resolve) => first.onExit(resolve));
		await fetch(`http://127.0.0.1:${first.port}/fall`).catch(() => {});
		await fell;
		const second = await runtime.start(spec());
		const [before, now] = runtime.known();
		expect([before?.endedAt !== null, now?.endedAt, now?.restarts]).toEqual([true, null, 1]);
		expect(output.after(0, 100).batch.lines.map(({ text }) => text)).toContain("asked /fall");
		expect(readFileSync(`${first.log}.1`, "utf8")).toContain("asked /fall");
		await second.stop();
		const third = await runtime.start(spec());
		expect(runtime.known().at(-1)?.restarts).toBe(1);
		await third.stop();
	});

	it("takes over one that outlived its core, with its last lines called earlier", async () => {
		const former = start();
		const handle = await former.runtime.start(spec());
		former.runtime.detach();
		const { output, runtime } = start();
		const adopted = await runtime.adopt(spec());
		await fetch(`http://127.0.0.1:${handle.port}/again`);
		await adopted?.stop();
		const lines = output.after(0, 100).batch.lines;
		expect(lines.find(({ text }) => text.includes("listening"))?.at).toBeNull();
		expect(lines.find(({ text }) => text === "asked /again")?.at).not.toBeNull();
		expect(runtime.known()[0]?.handle.adopted).toBe(true);
	});

	it("names the file that says why a service did not start", async () => {
		writeFileSync(join(dir, "main.ts"), 'throw new Error("no ledger");');
		const { output, runtime } = start();
		const failure = await runtime.start(spec()).catch((error: { toJSON(): { data: Record<string, string> } }) => error.toJSON().data);
		expect((failure as Record<string, string>).log).toMatch(/\.err\.log$/);
		expect(output.after(0, 100).batch.lines.some(({ stream, text }) => stream === "err" && text.includes("no ledger"))).toBe(true);
	});
});

describe.runIf(process.platform === "linux")("what a process takes", () => {
	it("is measured: a busy one uses the processor, an idle one does not, an ended one has no figures", async () => {
		const meter = createResourceMeter();
		const busy = spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" });
		const idle = spawn("sleep", ["30"], { stdio: "ignore" });
		const measure = (pid: number | undefined) => meter.measure(pid ?? 0, performance.now());
		try {
			await sleep(300);
			measure(busy.pid);
			measure(idle.pid);
			await sleep(900);
			const [working, resting] = [measure(busy.pid), measure(idle.pid)];
			expect(working?.cpu).toBeGreaterThan(10);
			expect(resting?.cpu).toBeLessThan(5);
			expect(working?.rss).toBeGreaterThan(10_000_000);
			expect(resting?.threads).toBe(1);
			expect(resting?.files).toBeGreaterThan(0);
		} finally {
			busy.kill("SIGKILL");
			idle.kill("SIGKILL");
		}
		await sleep(200);
		expect(measure(busy.pid)).toBeNull();
	});
});
