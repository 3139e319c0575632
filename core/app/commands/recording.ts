import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { Fault } from "../../base/index.ts";
import {
	createRecording,
	type Ending,
	harEntryOf,
	harFrame,
	importHar,
	importLog,
	type LogCounts,
	namedFormats,
	openRecording,
	type Recorded,
	type WrittenSoFar,
} from "../../replay/index.ts";
import { version } from "../snapshot.ts";
import { cutText } from "../traffic/recorded-exchanges.ts";
import { type Command, type CommandInput, textOf, wrongUsage } from "./command.ts";
import { withProgress } from "./progress-line.ts";
import { countsText, maskerFrom, maskOptions, maskUsage } from "./traffic-words.ts";

export const recordingCommand: Command = {
	usage: `recording show FILE | export FILE --to HAR | import FILE --to FILE [--format har|json|${Object.keys(namedFormats).join("|")}|'FORMAT'] [--host NAME] ${maskUsage}`,
	about:
		"What a recording holds; a recording as HAR 1.2; a HAR or an access log as a recording. Of a log only what can be sent again, the rest is " +
		"counted with its reason; FORMAT is a log_format of nginx or a LogFormat of Apache.",
	options: { ...maskOptions, to: "string", format: "string", host: "string" },
	async run(input) {
		const [verb, file] = input.positionals;
		if (file === undefined) wrongUsage();
		switch (verb) {
			case "show":
				return show(file, input);
			case "export":
				return exportHar(file, textOf(input, "to") ?? wrongUsage(), input);
			case "import":
				return importFile(file, textOf(input, "to") ?? wrongUsage(), input);
			default:
				return wrongUsage();
		}
	},
};

async function show(file: string, input: CommandInput): Promise<number> {
	const { header, bytes, entries } = await openRecording(file);
	const methods: Record<string, number> = {};
	const statuses: Record<string, number> = {};
	let [exchanges, tunnels, missing, from, to] = [0, 0, 0, Number.POSITIVE_INFINITY, 0];
	let ending: Ending | null = null;
	for await (const entry of entries()) {
		if (entry.kind === "ending") ending = entry.ending;
		else if (entry.kind === "gap") missing += entry.gap.count;
		else if (entry.kind === "tunnel") tunnels++;
		else {
			const { request, response, startedAt, endedAt } = entry.record;
			exchanges++;
			methods[request.method] = (methods[request.method] ?? 0) + 1;
			statuses[response.status] = (statuses[response.status] ?? 0) + 1;
			from = Math.min(from, startedAt);
			to = Math.max(to, endedAt);
		}
	}
	const seconds = exchanges === 0 ? 0 : (to - from) / 1_000;
	if (input.json) console.log(JSON.stringify({ file, bytes, header, exchanges, tunnels, missing, seconds, methods, statuses, ending }));
	else {
		const { source, masking } = header;
		console.log(
			`${exchanges} exchanges and ${tunnels} tunnels over ${seconds.toFixed(1)} s in ${bytes} bytes, from ${source.kind} ${source.name}`,
		);
		console.log(
			masking === null ? "  not masked" : `  masked with key ${masking.key} (${masking.kinds.join(", ")}; ${masking.fields.length} fields)`,
		);
		if (exchanges > 0) console.log(`  ${countsText(methods)}; status ${countsText(statuses).replace(/(\d+) (\d+)/g, "$2: $1")}`);
		if (missing > 0) console.log(`  ${missing} exchanges took place and are missing`);
		const cut = cutText(ending);
		if (cut !== null) console.error(cut);
	}
	return ending?.kind === "cut" ? 1 : 0;
}

async function exportHar(file: string, to: string, input: CommandInput): Promise<number> {
	const { entries } = await openRecording(file);
	const out = createWriteStream(to, { flags: "wx", mode: 0o600 });
	const failed = once(out, "error").then(([error]) => {
		throw new Fault("RECORDING_FAILED", { file: to, reason: (error as Error).message });
	});
	failed.catch(() => {});
	let [count, tunnels] = [0, 0];
	let ending: Ending | null = null;
	const write = async (text: string) => {
		if (!out.write(text)) await Promise.race([once(out, "drain"), failed]);
	};
	const work = withProgress({ what: `Writing ${to}`, unit: "entries" }, async (step, signal) => {
		await write(harFrame.head(version));
		for await (const entry of entries()) {
			if (signal.aborted) throw cancelled(`Writing ${to}`, `${to} holds what was written so far and is no whole HAR.`);
			if (entry.kind === "ending") ending = entry.ending;
			if (entry.kind === "tunnel") tunnels++;
			if (entry.kind !== "exchange") continue;
			await write((count > 0 ? harFrame.between : "") + JSON.stringify(harEntryOf(entry.record)));
			step(++count);
		}
		out.end(harFrame.tail);
		await Promise.race([once(out, "close"), failed]);
	});
	await Promise.race([work, failed]);
	const cut = cutText(ending);
	if (cut !== null) console.error(cut);
	if (input.json) console.log(JSON.stringify({ file: to, entries: count, tunnels, cut: cut !== null }));
	else console.log(`${to}: ${count} entries${tunnels > 0 ? `; ${tunnels} tunnels have no place in a HAR` : ""}`);
	return cut === null ? 0 : 1;
}

async function importFile(file: string, to: string, input: CommandInput): Promise<number> {
	const format = textOf(input, "format") ?? (file.endsWith(".har") ? "har" : wrongUsage());
	const counts: LogCounts = { lines: 0, records: 0, skipped: {} };
	const isHar = format === "har";
	const written = await withProgress({ what: `Reading ${file}`, unit: "requests" }, async (step, signal) => {
		// Read first, so that what is no HAR leaves no file behind.
		const har = isHar ? await importHar(file) : null;
		if (har !== null)
			Object.assign(counts, {
				lines: har.records.length + Object.values(har.skipped).reduce((sum, one) => sum + one, 0),
				skipped: har.skipped,
			});
		const records: AsyncIterable<Recorded> | Recorded[] =
			har?.records ?? importLog(file, { format, host: textOf(input, "host") ?? "localhost" }, counts);
		const source = { kind: isHar ? ("har" as const) : ("access-log" as const), name: file };
		const writer = await createRecording({ file: to, header: { source, routes: null }, masker: maskerFrom(input) });
		try {
			for await (const record of records) {
				if (signal.aborted) throw cancelled(`Reading ${file}`, `${to} is a whole recording of what was read so far.`);
				writer.write(record);
				step(writer.written.records);
				await writer.drained();
			}
		} finally {
			await writer.end();
		}
		return writer.written;
	});
	return tellImport(to, written, counts, input);
}

function tellImport(to: string, { records, masked, withheld }: WrittenSoFar, { lines, skipped }: LogCounts, input: CommandInput): number {
	if (input.json) console.log(JSON.stringify({ file: to, read: lines, records, skipped, masked, withheld }));
	else {
		console.log(`${to}: ${records} of ${lines} requests`);
		for (const [what, counts] of Object.entries({ "left out": skipped, masked, withheld }))
			if (Object.keys(counts).length > 0) console.log(`  ${what}: ${countsText(counts)}`);
	}
	return records > 0 || lines === 0 ? 0 : 1;
}

const cancelled = (what: string, safe: string) => new Fault("CANCELLED", { what, safe });
