// Prints how many recorded change events a second are read from a file: node core/effects/debezium/debezium.bench.ts [--json]
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { beginLine, endLine } from "../testing/debezium-lines.ts";
import { openDebezium } from "./open-debezium.ts";

const rows = 40_000;
const perTransaction = 4;
const dir = mkdtempSync(join(tmpdir(), "phoenix-bench-"));
const figures: Record<string, number> = {};

/** A file of insertions like the recorded one of 22 columns, each with its own row and place in transactions of four. */
async function write(fixture: string, file: string): Promise<void> {
	const text = readFileSync(new URL(`../fixtures/debezium/${fixture}.jsonl`, import.meta.url), "utf8");
	const line = text.split("\n").find((event) => event.includes('"op":"c"') && event.includes("O'Brien"));
	if (line === undefined) throw new Error("the recorded insertion is missing");
	const out = createWriteStream(file);
	for (let row = 0; row < rows; row++) {
		const [txId, lsn] = [1_000_000 + Math.floor(row / perTransaction), 10_000_000 + row * 100];
		if (row % perTransaction === 0) out.write(`${beginLine(txId, lsn)}\n`);
		const event = line
			.replaceAll("9007199254740993", `${row}`)
			.replace(/"txId":\d+/, `"txId":${txId}`)
			.replace(/"lsn":\d+/, `"lsn":${lsn}`)
			.replace(/"transaction":(null|\{"id"[^}]*\})/, `"transaction":{"id":"${txId}:${lsn}","total_order":${(row % perTransaction) + 1}}`);
		out.write(`${event}\n`);
		if (row % perTransaction === perTransaction - 1) out.write(`${endLine(txId, lsn, perTransaction)}\n`);
	}
	out.end();
	await finished(out);
}

try {
	for (const [fixture, name] of [
		["with-schema", "WithSchema"],
		["without-schema", "WithoutSchema"],
	] as const) {
		const file = join(dir, `${fixture}.jsonl`);
		await write(fixture, file);
		const [start, before] = [performance.now(), process.cpuUsage()];
		const source = await openDebezium(`debezium:${file}`, { after: "0@empty", drainMs: 300_000 });
		let seen = 0;
		source.subscribe(({ changes }) => {
			seen += changes.length;
		});
		await source.drain();
		const [wall, { user, system }] = [performance.now() - start, process.cpuUsage(before)];
		await source.stop();
		if (seen !== rows) throw new Error(`${seen} of ${rows} rows were read`);
		figures[`rowsPerSecond${name}`] = (rows / wall) * 1000;
		figures[`rowsPerCpuSecond${name}`] = (rows / (user + system)) * 1e6;
	}
} finally {
	rmSync(dir, { recursive: true, force: true });
}
const rounded = Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Number(value.toPrecision(3))]));
if (process.argv.includes("--json")) console.log(JSON.stringify({ debezium: { rows, ...rounded }, cpus: cpus().length }));
else for (const [name, value] of Object.entries(rounded)) console.log(`${name.padEnd(40)} ${value}`);
