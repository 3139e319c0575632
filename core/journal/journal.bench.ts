// Prints what the journal takes on this machine: node core/journal/journal.bench.ts [--entries N] [--json]
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createProjector, openJournal, shippedQuestions, verifyJournal } from "./index.ts";
import { aYear, type Costs } from "./testing/a-year.ts";
import { journalTraffic } from "./testing/journal-traffic.ts";

const at = process.argv.indexOf("--entries");
const entries = at < 0 ? 1_000_000 : Number(process.argv[at + 1]);
const isJson = process.argv.includes("--json");
const say = (line: string) => (isJson ? undefined : console.log(line));
const count = (value: number) => Math.round(value).toLocaleString("en");

async function timed(work: () => Promise<unknown> | unknown): Promise<number> {
	const start = performance.now();
	await work();
	return performance.now() - start;
}

/** Bytes that this process and its threads hold; the most that was seen while `work` ran. */
async function highest(work: () => Promise<unknown>): Promise<number> {
	let most = process.memoryUsage.rss();
	const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
	await work().finally(() => clearInterval(timer));
	return Math.max(most, process.memoryUsage.rss());
}

const folder = mkdtempSync(join(tmpdir(), "phoenix-bench-"));
try {
	const file = join(folder, "journal.jsonl");
	const journal = await openJournal({ file });
	const traffic = journalTraffic(7);

	const waits = 200;
	const waiting = await timed(async () => {
		for (let i = 0; i < waits; i++) {
			const { kind, data } = traffic();
			journal.append(kind, data);
			await journal.durable();
		}
	});
	say(`one entry at a time, each waited for   ${(waiting / waits).toFixed(2)} ms per entry`);

	const appendMs = await timed(async () => {
		for (let i = waits; i < entries; i++) {
			const { kind, data } = traffic();
			journal.append(kind, data);
			if (i % 20_000 === 0) await journal.durable();
		}
		await journal.durable();
	});
	const appendPerS = (1_000 * (entries - waits)) / appendMs;
	say(`appended and durable                   ${count(appendPerS)} entries/s`);
	await journal.close();

	const bytes = statSync(file).size;
	const verifyMs = await timed(() => verifyJournal(file));
	say(`${count(entries)} entries (${count(bytes / 1e6)} MB) verified in   ${(verifyMs / 1_000).toFixed(2)} s`);

	let again: Awaited<ReturnType<typeof openJournal>> | undefined;
	const openMs = await timed(async () => {
		again = await openJournal({ file });
	});
	say(`opened (verified, indexed) in          ${(openMs / 1_000).toFixed(2)} s`);
	let replayed = 0;
	let replayMs = 0;
	const replayRss = await highest(async () => {
		replayMs = await timed(() => {
			for (const entry of again?.entries() ?? []) if (entry.seq > 0) replayed++;
		});
	});
	await again?.close();
	if (replayed !== entries) throw new Error(`${replayed} entries were replayed of ${entries}`);
	say(`replayed (every entry parsed) in       ${(replayMs / 1_000).toFixed(2)} s, ${count(replayRss / 1e6)} MB in memory`);

	const before = process.memoryUsage.rss();
	const projector = createProjector({ file });
	let projectMs = 0;
	const projected = await highest(async () => {
		projectMs = await timed(async () => {
			const { rows } = await projector.query("SELECT count(*) FROM entries");
			if (rows[0]?.[0] !== entries) throw new Error(`the projection holds ${rows[0]?.[0]} entries of ${entries}`);
		});
	});
	const projectionBytes = projected - before;
	say(`projected in                           ${(projectMs / 1_000).toFixed(2)} s, ${count(projectionBytes / 1e6)} MB more in memory`);
	const questions: Record<string, number> = {};
	for (const { title, sql } of shippedQuestions) {
		questions[title] = await timed(() => projector.query(sql));
		say(`  ${title.padEnd(36)} ${count(questions[title])} ms`);
	}
	await projector.close();
	const slowestQueryMs = Math.max(...Object.values(questions));

	const costs: Costs = { entries, bytes, appendMs, verifyMs, replayMs, projectMs };
	const year = aYear(costs);
	say(
		`100,000,000 entries, on paper: ${Object.entries(year)
			.map(([key, value]) => `${key} ${count(value)}`)
			.join(", ")}`,
	);
	if (isJson)
		console.log(
			JSON.stringify({
				entries,
				waitMs: waiting / waits,
				appendPerS,
				bytes,
				verifyMs,
				openMs,
				replayMs,
				replayRss,
				projectMs,
				projectionBytes,
				slowestQueryMs,
				questions,
				year,
			}),
		);
} finally {
	rmSync(folder, { recursive: true, force: true });
}
