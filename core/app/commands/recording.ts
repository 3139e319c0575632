import { type Ending, namedFormats, openRecording } from "../../replay/index.ts";
import { exportHar } from "../traffic/export-har.ts";
import { importRecording } from "../traffic/import-recording.ts";
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
				return writeHar(file, textOf(input, "to") ?? wrongUsage(), input);
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

async function writeHar(from: string, to: string, input: CommandInput): Promise<number> {
	const written = await withProgress({ what: `Writing ${to}`, unit: "entries" }, (step, signal) => exportHar({ from, to }, step, signal));
	const { entries, tunnels, cut } = written;
	if (cut !== null) console.error(cut);
	if (input.json) console.log(JSON.stringify({ ...written, cut: cut !== null }));
	else console.log(`${to}: ${entries} entries${tunnels > 0 ? `; ${tunnels} tunnels have no place in a HAR` : ""}`);
	return cut === null ? 0 : 1;
}

async function importFile(from: string, to: string, input: CommandInput): Promise<number> {
	const format = textOf(input, "format") ?? (from.endsWith(".har") ? "har" : wrongUsage());
	const order = { from, to, format, host: textOf(input, "host"), masker: maskerFrom(input) };
	const about = { what: `Reading ${from}`, unit: "requests" };
	const made = await withProgress(about, (step, signal) => importRecording(order, step, signal));
	if (input.json) console.log(JSON.stringify(made));
	else {
		console.log(`${to}: ${made.records} of ${made.read} requests`);
		for (const [what, counts] of Object.entries({ "left out": made.skipped, masked: made.masked, withheld: made.withheld }))
			if (Object.keys(counts).length > 0) console.log(`  ${what}: ${countsText(counts)}`);
	}
	return made.records > 0 || made.read === 0 ? 0 : 1;
}
