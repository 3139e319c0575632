// One measurement in a process of its own, whose peak is then its own; `npm run bench:map` starts it.
//   node core/mapper/bench/measure-map.ts map|rescan DIR [--threads N] [--cache DIR]    ->  one line of JSON
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { followMap, mapProject } from "../index.ts";

const { positionals, values } = parseArgs({ allowPositionals: true, options: { threads: { type: "string" }, cache: { type: "string" } } });
const [what = "", dir = ""] = positionals;
const options = { cacheDir: values.cache ?? null, ...(values.threads === undefined ? {} : { threads: Number(values.threads) }) };

const phases: Record<string, number> = {};
let at = performance.now();
const mapped = await mapProject(dir, {
	...options,
	onProgress(_done, _total, unit) {
		const now = performance.now();
		phases[unit] = Math.round((phases[unit] ?? 0) + now - at);
		at = now;
	},
});
const lines = mapped.graph.files.reduce((sum, file) => sum + file.lines, 0);
const size = { files: mapped.graph.files.length, lines, notRead: mapped.graph.parseErrors.length };
if (what === "map") {
	const ms = mapped.graph.scanMs;
	console.log(JSON.stringify({ ...size, ms, linesPerSecond: Math.round((1000 * lines) / ms), peakMB: peakMB(), phases }));
} else {
	const times = await rescans();
	console.log(JSON.stringify({ ...size, times, medianMs: times.toSorted((a, b) => a - b)[times.length >> 1], peakMB: peakMB() }));
}

/** Milliseconds from the end of a write to a file until the new map is there, five times. */
async function rescans(): Promise<number[]> {
	let heard = () => {};
	const followed = followMap(
		mapped,
		options,
		() => heard(),
		(error) => {
			throw error;
		},
	);
	// The first look finds nothing new.
	await new Promise((done) => setTimeout(done, 1_000));
	const times: number[] = [];
	for (let round = 0; round < 5; round++) {
		const file = mapped.graph.files[(round * 37) % mapped.graph.files.length]?.path ?? "";
		const told = new Promise<void>((done) => {
			heard = done;
		});
		appendFileSync(join(dir, file), `\n\ndef measured_${round}(a):\n    return a + ${round}\n`);
		const started = performance.now();
		await told;
		times.push(Math.round(performance.now() - started));
	}
	await followed.close();
	return times;
}

function peakMB(): number {
	return Math.round(process.resourceUsage().maxRSS / 1024);
}
