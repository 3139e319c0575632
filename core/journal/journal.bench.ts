// node core/journal/journal.bench.ts: what the journal takes on this machine's disk.
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openJournal, openProjection, verifyJournal } from "./index.ts";

const verdict = (seq: number) => ({ function: "operations.transfer", version: 2, seq, verdict: "identical", rows: 3, ms: 0.412 }) as const;

async function timed(work: () => Promise<unknown> | unknown): Promise<number> {
	const start = performance.now();
	await work();
	return (performance.now() - start) / 1_000;
}

const folder = mkdtempSync(join(tmpdir(), "phoenix-bench-"));
try {
	const file = join(folder, "journal.jsonl");
	const journal = await openJournal({ file });

	const waits = 200;
	const waiting = await timed(async () => {
		for (let i = 0; i < waits; i++) {
			journal.append("compared", verdict(i));
			await journal.durable();
		}
	});
	console.log(`one entry at a time, each waited for   ${((waiting / waits) * 1_000).toFixed(2)} ms per entry`);

	const many = 1_000_000 - waits;
	const appending = await timed(async () => {
		for (let i = 0; i < many; i++) {
			journal.append("compared", verdict(i));
			if (i % 20_000 === 0) await journal.durable();
		}
		await journal.durable();
	});
	console.log(`appended and durable                   ${Math.round(many / appending).toLocaleString("en")} entries/s`);
	await journal.close();

	const verifying = await timed(() => verifyJournal(file));
	const megabytes = statSync(file).size / 1e6;
	console.log(`1,000,000 entries (${megabytes.toFixed(0)} MB) verified in   ${verifying.toFixed(2)} s`);

	let again: Awaited<ReturnType<typeof openJournal>> | undefined;
	const opening = await timed(async () => {
		again = await openJournal({ file });
	});
	console.log(`opened (verified, indexed) in          ${opening.toFixed(2)} s`);
	const size = 100_000;
	const projecting = await timed(async () => {
		const projection = await openProjection(again?.entries(1, size));
		const asking = await timed(() => projection.query("SELECT verdict, count(*), avg(ms) FROM verdicts GROUP BY verdict"));
		console.log(`one grouping over ${size.toLocaleString("en")} verdicts     ${(asking * 1_000).toFixed(0)} ms`);
	});
	console.log(`projected ${size.toLocaleString("en")} entries in          ${projecting.toFixed(2)} s`);
	await again?.close();
} finally {
	rmSync(folder, { recursive: true, force: true });
}
