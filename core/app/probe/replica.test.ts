import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startReplica } from "./replica.ts";

const server = `require("node:http").createServer((_, answer) => answer.end(process.argv[2])).listen(Number(process.argv[1]), "127.0.0.1")`;
let dir = "";

beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), "phoenix replica's-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const line = (script = server) => `'${process.execPath}' -e '${script}' {port} {database}`;
const optionsFor = (database = join(dir, "a b'c.db")) => ({ database, dir });

test("a replica gets its port and its database, whatever the path is called, and ends when it is told to", async () => {
	const { database } = optionsFor();
	const replica = await startReplica({ line: line(), cwd: dir }, optionsFor());
	expect(await (await fetch(`http://127.0.0.1:${replica.port}`)).text()).toBe(database);
	await replica.stop();
	expect(await takes(replica.port)).toBe(false);
});

test("one that ends at once is told with its reason, and its words are kept", async () => {
	const failing = startReplica({ line: `${line("console.error(`no licence`);process.exit(3)")}`, cwd: dir }, optionsFor());
	await expect(failing).rejects.toMatchObject({ code: "REPLICA_UNSTARTED", message: expect.stringContaining("code 3") });
	expect(readFileSync(join(dir, "replica.log"), "utf8")).toContain("no licence");
});

test("what is cancelled leaves no process", async () => {
	const asked = new AbortController();
	const silent = startReplica(
		{ line: line(`require("node:fs").writeFileSync("pid", String(process.pid)); setInterval(() => {}, 1e6)`), cwd: dir },
		optionsFor(),
		asked.signal,
	);
	await sleep(600);
	asked.abort();
	await expect(silent).rejects.toMatchObject({ name: "AbortError" });
	const pid = readFileSync(join(dir, "pid"), "utf8");
	for (let waited = 0; waited < 5_000 && runs(pid); waited += 50) await sleep(50);
	expect(runs(pid)).toBe(false);
});

test("it ends when the engine that started it is killed", async () => {
	const starter = join(dir, "starter.ts");
	const module = JSON.stringify(new URL("./replica.ts", import.meta.url).href);
	writeFileSync(
		starter,
		`const { startReplica } = await import(${module});
		const { port } = await startReplica(${JSON.stringify({ line: line(), cwd: dir })}, ${JSON.stringify(optionsFor())});
		process.send(port);`,
	);
	const engine = fork(starter, [], { cwd: dir, env: process.env, execArgv: [] });
	const [port] = (await once(engine, "message")) as [number];
	expect(await takes(port)).toBe(true);
	engine.kill("SIGKILL");
	for (let waited = 0; waited < 5_000 && (await takes(port)); waited += 50) await sleep(50);
	expect(await takes(port)).toBe(false);
});

/** One that nobody has buried yet runs no more. */
function runs(pid: string): boolean {
	const stat = `/proc/${pid}/stat`;
	return existsSync(stat) && !/\) Z /.test(readFileSync(stat, "utf8"));
}

function takes(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect({ host: "127.0.0.1", port })
			.once("connect", () => resolve(true))
			.once("error", () => resolve(false))
			.once("connect", () => socket.destroy());
	});
}
