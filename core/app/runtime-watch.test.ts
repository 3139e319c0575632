import { spawn } from "node:child_process";
import { appendFileSync, closeSync, mkdtempSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { followOutput } from "./follow-output.ts";
import { createRuntimeWatch, type RuntimeWatch } from "./runtime-watch.ts";

describe("the watch over everything that runs", () => {
	let dir: string;
	let watch: RuntimeWatch;
	let legacy: { legacy: { host: string; port: number }; gatewayPort: number; retired: boolean } | null;
	beforeEach(() => {
		dir = mkdtempSync(join(tmpdir(), "phoenix-watch-"));
		legacy = null;
		watch = createRuntimeWatch({ dir, system: () => legacy, services: () => [] });
	});
	afterEach(() => {
		watch.close();
		rmSync(dir, { recursive: true, force: true });
	});
	const find = (id: string) => watch.state().processes.find((info) => info.id === id);
	async function until(isTrue: () => boolean, limitMs = 6_000): Promise<void> {
		for (let waited = 0; waited < limitMs && !isTrue(); waited += 50) await sleep(50);
		expect(isTrue()).toBe(true);
	}

	it("measures and reads along a process that somebody else started, and sees that it ended", async () => {
		const file = join(dir, "load.log");
		const output = openSync(file, "w");
		const child = spawn("bash", ["-c", "for n in 1 2 3; do echo line $n; sleep 0.6; done"], { stdio: ["ignore", output, output] });
		closeSync(output);
		watch.follow({
			id: "load",
			role: "load",
			title: "Load",
			pid: child.pid ?? 0,
			port: null,
			startedAt: Date.now(),
			adopted: false,
			files: [{ file, stream: "out" }],
		});
		await until(() => (find("load")?.resources?.rss ?? 0) > 0);
		await until(() => find("load")?.endedAt != null);
		expect(find("load")).toMatchObject({ resources: null, output: { captured: true, lines: 3, files: [file] } });
		expect(watch.output.after(0, 10, "load").batch.lines.map(({ text }) => text)).toEqual(["line 1", "line 2", "line 3"]);
	});

	it("knocks at legacy, says that a foreign one is not read along, and reads its log file when it is named", async () => {
		const server = await listening();
		const { port } = server.address() as { port: number };
		legacy = { legacy: { host: "127.0.0.1", port }, gatewayPort: port, retired: false };
		await until(() => find("legacy")?.health?.ok === true);
		expect(find("legacy")).toMatchObject({ pid: null, output: { captured: false } });
		expect(() => watch.followLegacyLog(join(dir, "missing.log"))).toThrow(expect.objectContaining({ code: "SOURCE_UNREADABLE" }));
		const file = join(dir, "bank.log");
		writeFileSync(file, "yesterday\n");
		watch.followLegacyLog(file);
		await until(() => watch.output.last === 1);
		renameSync(file, `${file}.1`);
		writeFileSync(file, "");
		appendFileSync(file, "today\n");
		await until(() => watch.output.last === 2);
		expect(watch.output.after(0, 10).batch.lines.map(({ at, source, stream, text }) => [at === null, source, stream, text])).toEqual([
			[true, "legacy", "file", "yesterday"],
			[false, "legacy", "file", "today"],
		]);
		await new Promise((resolve) => server.close(resolve));
		await until(() => find("legacy")?.health?.ok === false);
		expect(find("legacy")?.health?.answer).toBe("connection refused");
		legacy = { ...legacy, retired: true };
		expect(find("legacy")).toBeUndefined();
	});

	it("feeds a reader from where it stopped, and one from another core from the newest lines", async () => {
		const { output } = watch;
		for (let number = 1; number <= 50; number++) output.add("a", "out", `line ${number}`);
		const read = async (wish: Parameters<typeof followOutput>[1], amount: number) => {
			const over = new AbortController();
			const seen: string[] = [];
			for await (const { lines } of followOutput(output, wish, over.signal)) {
				seen.push(...lines.map(({ text }) => text));
				if (seen.length >= amount) over.abort();
			}
			return seen;
		};
		expect(await read({ since: 47, life: output.life }, 3)).toEqual(["line 48", "line 49", "line 50"]);
		expect((await read({ since: 47, life: "another" }, 50)).length).toBe(50);
		const later = read({ since: 50, life: output.life }, 2);
		await sleep(150);
		output.add("a", "out", "line 51");
		output.add("a", "out", "line 52");
		expect(await later).toEqual(["line 51", "line 52"]);
	});
});

function listening(): Promise<Server> {
	return new Promise((resolve) => {
		const server = createServer((socket) => socket.end());
		server.listen(0, "127.0.0.1", () => resolve(server));
	});
}
