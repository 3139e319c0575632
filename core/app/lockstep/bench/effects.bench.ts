// What following a database costs, and how soon a verdict falls: npm run -s bench:effects -- [--json] [--rate N] [--seconds N] [--rounds N]
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { openCollector } from "../../../effects/index.ts";
import { load, makeBank, runLane, startBank } from "./live-lane.ts";

const numberOf = (name: string, otherwise: number) => {
	const at = process.argv.indexOf(name);
	return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const isJson = process.argv.includes("--json");
const say = (line: string) => (isJson ? undefined : console.log(line));
const rate = numberOf("--rate", 1_000);
const seconds = numberOf("--seconds", 8);
const rounds = numberOf("--rounds", 6);
const count = (value: number) => Math.round(value).toLocaleString("en");

/** A writer in a thread of its own commits as fast as it can; rows a second until the last one was delivered. */
async function rowsKeptUpWith(): Promise<{ rows: number; rowsPerSecond: number; writtenPerSecond: number }> {
	const dir = mkdtempSync(join(tmpdir(), "phoenix-rows-"));
	const collector = await openCollector((line) => console.error(line));
	try {
		const database = makeBank(dir, 2_000);
		const source = await collector.tail(database);
		let rows = 0;
		source.subscribe((commit) => {
			rows += commit.changes.length;
		});
		const started = performance.now();
		const written = await new Promise<{ rows: number; ms: number }>((resolve, reject) => {
			const worker = new Worker(new URL("./burst-worker.ts", import.meta.url), { workerData: { database, transactions: 40_000 } });
			worker.once("message", resolve);
			worker.once("error", reject);
		});
		await source.drain();
		const ms = performance.now() - started;
		if (rows !== written.rows) throw new Error(`${rows} rows were seen of ${written.rows}`);
		await source.stop();
		return { rows, rowsPerSecond: (1_000 * rows) / ms, writtenPerSecond: (1_000 * written.rows) / written.ms };
	} finally {
		await collector.stop();
		rmSync(dir, { recursive: true, force: true });
	}
}

type Slowdown = { median: number; low: number; high: number; cpuMedian: number; withoutMs: number; withMs: number };

/**
 * Legacy's answer times with and without the tail, in turns: the ratio of the means of each pair of turns, less one. On a machine that has
 * other work all share its cores, and that shows here; `cpuMedian` is the same for the processor time that legacy itself used.
 */
async function slowdown(): Promise<Slowdown> {
	const dir = mkdtempSync(join(tmpdir(), "phoenix-slow-"));
	const collector = await openCollector((line) => console.error(line));
	const database = makeBank(dir, 2_000);
	const bank = await startBank(database, dir);
	try {
		const turn = async (isFollowed: boolean, seed: number) => {
			const source = isFollowed ? await collector.tail(database) : null;
			source?.subscribe(() => {});
			const url = `http://127.0.0.1:${bank.port}`;
			const before = await cpuOf(url);
			const { times } = await load({ url, rate: 300, seconds: 3, accounts: 2_000, seed, reads: 0 });
			const cpu = (await cpuOf(url)) - before;
			await source?.stop();
			// The mean of the quicker nine tenths: the rest is the machine's.
			const kept = times.toSorted((a, b) => a - b).slice(0, Math.floor(times.length * 0.9));
			return { ms: kept.reduce((sum, ms) => sum + ms, 0) / kept.length, cpu };
		};
		await turn(false, 0);
		const pairs: { ratio: number; cpu: number; without: number; with: number }[] = [];
		for (let round = 1; round <= rounds; round++) {
			// Who comes first changes, so that what the machine does over time meets both.
			const isFirst = round % 2 === 0;
			const first = await turn(isFirst, round);
			const second = await turn(!isFirst, round);
			const [followed, alone] = isFirst ? [first, second] : [second, first];
			pairs.push({ ratio: followed.ms / alone.ms - 1, cpu: followed.cpu / alone.cpu - 1, with: followed.ms, without: alone.ms });
		}
		const middle = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
		const ratios = pairs.map((pair) => pair.ratio);
		return {
			median: middle(ratios),
			low: Math.min(...ratios),
			high: Math.max(...ratios),
			cpuMedian: middle(pairs.map((pair) => pair.cpu)),
			withoutMs: middle(pairs.map((pair) => pair.without)),
			withMs: middle(pairs.map((pair) => pair.with)),
		};
	} finally {
		await bank.end();
		await collector.stop();
		rmSync(dir, { recursive: true, force: true });
	}
}

async function cpuOf(url: string): Promise<number> {
	const { user, system } = (await (await fetch(`${url}/cpu`, { method: "POST" })).json()) as NodeJS.CpuUsage;
	return user + system;
}

const rows = await rowsKeptUpWith();
say(`row capture: ${count(rows.rowsPerSecond)} rows/s seen of ${count(rows.writtenPerSecond)} rows/s written, ${count(rows.rows)} rows`);
const slow = await slowdown();
const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
say(
	`legacy followed: ${slow.withoutMs.toFixed(3)} -> ${slow.withMs.toFixed(3)} ms an answer at 300 requests/s, ${percent(slow.median)} slower (${percent(slow.low)} to ${percent(slow.high)} over ${rounds} pairs of turns); its own processor time ${percent(slow.cpuMedian)} more; load of the machine ${loadavg()[0]?.toFixed(1)} on ${cpus().length} cores`,
);
const lanes = [];
for (const wanted of [...new Set([200, 500, rate])].filter((one) => one <= rate)) {
	const figures = await runLane({ rate: wanted, seconds, seed: 7 });
	lanes.push(figures);
	say(
		`lane at ${wanted} requests/s (${count(figures.answeredPerS)} answered): ${figures.compared} of ${figures.requests} compared, ${figures.clean} clean, dropped ${JSON.stringify(figures.dropped)}; verdict p50 ${count(figures.verdictP50Ms)}, p99 ${count(figures.verdictP99Ms)}, last ${count(figures.verdictMaxMs)} ms behind the answer`,
	);
}
const asked = lanes.at(-1);
const summary = {
	rowsPerSecond: Math.round(rows.rowsPerSecond),
	verdictP99Ms: Math.round(asked?.verdictP99Ms ?? Number.NaN),
	legacySlowdown: Math.round(slow.median * 1e4) / 1e4,
};
if (isJson) console.log(JSON.stringify({ ...summary, cores: cpus().length, load: loadavg()[0], rows, slow, lanes }));
