import { fork } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { reasonOf } from "../../base/index.ts";
import type { Commit } from "../../contract/effects.ts";
import { openCollector } from "../index.ts";
import { createRandom } from "./bank-history.ts";
import { differing, readTables, replayAgain, startWriter, type Tables, ticksOf, type Writer } from "./follow.ts";

/** One life of a source: what it delivered from the state it began with. */
type Life = { baseline: Tables; commits: Commit[]; losses: string[]; drain(): Promise<void>; kill(): Promise<void> };

export type KillColumn = { name: string; way: "log" | "triggers" | "snapshot"; features: string[] };

export const killColumns: readonly KillColumn[] = [
	{ name: "WAL tail", way: "log", features: [] },
	{ name: "triggers, delete", way: "triggers", features: ["delete"] },
	{ name: "triggers, truncate", way: "triggers", features: ["truncate"] },
	{ name: "triggers, persist", way: "triggers", features: ["persist"] },
	{ name: "snapshot, delete", way: "snapshot", features: ["delete"] },
	{ name: "snapshot, WAL", way: "snapshot", features: [] },
];

export type KillFigures = { writerKills: number; sourceKills: number; commits: number; merged: number; transactions: number };

/**
 * A writer and a source, each killed (-9) at random moments and started again. After every death of the writer the tables must be what
 * the present life of the source replays; what a life delivered must be transactions that were committed, each once, without a gap.
 */
export async function playKills({ way, features }: KillColumn, path: string, seed: number, rounds: number): Promise<KillFigures> {
	const random = createRandom(seed);
	const figures: KillFigures = { writerKills: 0, sourceKills: 0, commits: 0, merged: 0, transactions: 0 };
	let nextSeed = seed * 1000;
	const write = () => startWriter(path, nextSeed++, 1_000_000, 1, random() < 0.5 ? features : [...features, "fullsync"]);
	await (await startWriter(path, nextSeed++, 40, 0, features)).done;
	let life = await begin(way, path);
	let writer: Writer | null = null;
	try {
		for (let round = 0; round < rounds; round++) {
			writer ??= await write();
			await sleep(20 + random() * 150);
			if (random() < 0.4) {
				await life.kill();
				figures.sourceKills++;
				checkTicks(life, path);
				if (way === "snapshot") {
					// What came and went between its first look and the copy it does not tell [N3]: it begins at rest.
					writer.process.kill("SIGKILL");
					await writer.done;
					writer = null;
				}
				life = await begin(way, path);
				continue;
			}
			writer.process.kill("SIGKILL");
			await writer.done;
			writer = null;
			figures.writerKills++;
			await life.drain();
			checkWhole(life, path, figures, way === "snapshot");
		}
		if (writer !== null) {
			writer.process.kill("SIGKILL");
			await writer.done;
			writer = null;
		}
		await life.drain();
		checkWhole(life, path, figures, way === "snapshot");
	} finally {
		writer?.process.kill("SIGKILL");
		await life.kill();
	}
	return figures;
}

function checkWhole(life: Life, path: string, figures: KillFigures, isBlindToZeros: boolean): void {
	expect(life.losses).toEqual([]);
	checkTicks(life, path);
	figures.commits += life.commits.length;
	figures.transactions += life.commits.reduce((sum, { merged = 1 }) => sum + merged, 0);
	figures.merged += life.commits.filter(({ merged }) => merged !== undefined).length;
	replayAgain(life.baseline, life.commits);
	const [replayed, present] = [life.baseline, readTables(path)];
	if (isBlindToZeros) for (const tables of [replayed, present]) dropSignsOfZeros(tables);
	expect(differing(replayed, present)).toEqual([]);
	// What is checked is the baseline of what follows.
	life.commits.splice(0);
}

/** [E14] A comparison of states takes -0.0 for 0.0. */
function dropSignsOfZeros(tables: Tables): void {
	for (const rows of tables.values())
		for (const image of rows.values())
			for (const value of Object.values(image)) if (value !== null && "r" in value && value.r === 0) value.r = 0;
}

/** Every transaction of the writer inserts one number: those of a life are a gapless run of what is in the table. */
function checkTicks({ commits }: Life, path: string): void {
	const ticks = ticksOf({ commits, schema: [] });
	expect(ticks).toEqual(ticks.map((_, place) => (ticks[0] ?? 0) + place));
	const written = readTables(path).get("ticks") ?? new Map();
	expect(ticks.filter((tick) => !written.has(String(tick)))).toEqual([]);
}

async function begin(way: KillColumn["way"], path: string): Promise<Life> {
	const commits: Commit[] = [];
	const losses: string[] = [];
	const life = way === "snapshot" ? await beginSnapshot(path, commits, losses) : await beginCollected(way, path, commits, losses);
	// As the run does it: the source first, then the copy, then what came meanwhile once more.
	return { ...life, commits, losses, baseline: readTables(path) };
}

async function beginCollected(method: "log" | "triggers", path: string, commits: Commit[], losses: string[]) {
	const collector = await openCollector();
	const source = await collector.tail(path, { method, lockTimeoutMs: 20_000 });
	source.subscribe((commit) => commits.push(commit));
	source.onLost((fault) => losses.push(reasonOf(fault)));
	return {
		drain: () => source.drain(),
		async kill() {
			if (losses.length === 0) process.kill(collector.pid, "SIGKILL");
			await collector.stop();
		},
	};
}

async function beginSnapshot(path: string, commits: Commit[], losses: string[]) {
	const program = fileURLToPath(new URL("./snapshot-follower.ts", import.meta.url));
	const child = fork(program, [path], { cwd: dirname(program), env: process.env, serialization: "advanced", execArgv: [] });
	let answered = Promise.withResolvers<void>();
	child.on("message", (message: { kind: string; commit?: Commit; reason?: string }) => {
		if (message.kind === "commit") commits.push(message.commit as Commit);
		else if (message.kind === "lost") losses.push(message.reason ?? "");
		else answered.resolve();
	});
	const ended = once(child, "exit");
	ended.then(
		() => answered.reject(new Error("the follower ended")),
		() => {},
	);
	await answered.promise;
	return {
		async drain() {
			answered = Promise.withResolvers();
			child.send("drain");
			await answered.promise;
		},
		async kill() {
			answered.promise.catch(() => {});
			child.kill("SIGKILL");
			await ended;
		},
	};
}
