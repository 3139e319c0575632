import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { childEnvironment } from "../../base/index.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const recorded = readFileSync(join(root, "core/effects/fixtures/debezium/with-schema.jsonl"), "utf8").split("\n");
const started: ChildProcess[] = [];
let dir: string;
let file: string;

beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), "phoenix-effects-debezium-"));
	file = join(dir, "events.jsonl");
	writeFileSync(file, "");
});
afterEach(async () => {
	for (const child of started.splice(0)) {
		if (child.exitCode === null && child.signalCode === null) {
			child.kill("SIGKILL");
			await once(child, "close");
		}
	}
	rmSync(dir, { recursive: true, force: true });
});

function phoenix(...args: string[]) {
	const child = spawn(process.execPath, ["core/cli.ts", "effects", ...args], {
		...{ cwd: root, env: childEnvironment(process.env) },
		stdio: ["ignore", "pipe", "pipe"],
	});
	started.push(child);
	let [out, err] = ["", ""];
	child.stdout.setEncoding("utf8").on("data", (text: string) => {
		out += text;
	});
	child.stderr.setEncoding("utf8").on("data", (text: string) => {
		err += text;
	});
	const ended = once(child, "close").then(([code]) => ({ code: code as number | null, err }));
	const lines = () =>
		out
			.split("\n")
			.slice(0, -1)
			.map((line) => JSON.parse(line));
	return { child, ended, lines };
}

const wait = { timeout: 60_000 };

test("[D1] [D8] phoenix effects debezium:FILE prints the commits of a recorded connector with their positions, and goes on after one", async () => {
	const first = phoenix(`debezium:${file}`);
	await expect.poll(() => first.lines().length, wait).toBe(1);
	// Up to the END of the third transaction.
	const whole = recorded.slice(0, 14);
	appendFileSync(file, `${whole.join("\n")}\n`);
	await expect.poll(() => first.lines().length, wait).toBe(4);
	first.child.kill("SIGINT");
	expect(await first.ended).toEqual({ code: 0, err: "" });
	const [source, ...commits] = first.lines();
	expect(source).toMatchObject({ kind: "source", method: "debezium", about: expect.stringContaining("skipped.operations=none") });
	expect(commits.map(({ index, changes }) => [index, changes.length])).toEqual([
		[1, 2],
		[2, 2],
		[3, 1],
	]);

	const again = phoenix(`debezium:${file}`, "--after", commits[1].position);
	await expect.poll(() => again.lines().length, wait).toBe(2);
	again.child.kill("SIGINT");
	await again.ended;
	expect(again.lines()[1].changes).toEqual(commits[2].changes);
}, 90_000);

test("[D6] events without the rows as they were end the command with the remedy", async () => {
	const run = phoenix(`debezium:${file}`);
	await expect.poll(() => run.lines().length, wait).toBe(1);
	appendFileSync(file, recorded.join("\n"));
	const { code, err } = await run.ended;
	expect(code).not.toBe(0);
	expect(err).toContain("do not hold the rows of table short as they were before a change");
	expect(err).toContain("ALTER TABLE short REPLICA IDENTITY FULL");
}, 90_000);
