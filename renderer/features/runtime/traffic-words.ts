import type { ExportedHar, ImportedRecording } from "../../../core/contract/recording.ts";
import type { ReplayState } from "../../../core/contract/replay.ts";
import { count, plural } from "../../ui/index.ts";

/** The last part of a path, whichever system it is of. */
export const shortFile = (file: string): string => file.split(/[/\\]/).at(-1) ?? file;

/** `3 slow-disk, 1 dropped`; empty when there is nothing to tell. */
export const countsText = (counts: Readonly<Record<string, number>>): string =>
	Object.entries(counts)
		.filter(([, amount]) => amount > 0)
		.sort(([, a], [, b]) => b - a)
		.map(([reason, amount]) => `${count(amount)} ${reason}`)
		.join(", ");

/** What came of a replay that has ended. */
export function answeredText({ sent, figures, comparison }: ReplayState): string {
	if (figures === null) return `ended after ${plural(sent, "request")}.`;
	const { answered, latency, perSecond, skipped, failed, cancelled } = figures;
	const parts = [
		`${count(answered)} of ${plural(figures.sent, "request")} answered, ${count(perSecond)} a second, p50 ${latency.p50.toFixed(1)} ms, p99 ${latency.p99.toFixed(1)} ms`,
	];
	if (comparison !== null)
		parts.push(
			comparison.different === 0
				? `all ${count(comparison.compared)} compared are the same`
				: `${count(comparison.different)} of ${count(comparison.compared)} compared differ`,
		);
	const notCompared = countsText(comparison?.notCompared ?? {});
	if (notCompared !== "") parts.push(`not compared: ${notCompared}`);
	for (const [what, counts] of [
		["not sent", skipped],
		["failed", failed],
	] as const)
		if (countsText(counts) !== "") parts.push(`${what}: ${countsText(counts)}`);
	return `${cancelled ? "stopped; " : ""}${parts.join("; ")}`;
}

/** The same in a line. */
export function shortAnsweredText({ sent, figures, comparison }: ReplayState): string {
	if (figures === null) return `ended after ${plural(sent, "request")}`;
	const answered = `${count(figures.answered)} of ${count(figures.sent)} answered`;
	if (comparison === null || comparison.compared === 0) return answered;
	return `${answered}, ${comparison.different === 0 ? "none" : count(comparison.different)} different`;
}

/** `yesterday.rec: 17,960 of 18,204 requests; left out: 244 no body in the log`. */
export function importedText({ file, read, records, skipped, withheld }: ImportedRecording): string {
	const lost = Object.entries({ "left out": skipped, withheld }).flatMap(([what, counts]) =>
		countsText(counts) === "" ? [] : [`${what}: ${countsText(counts)}`],
	);
	return [`${shortFile(file)}: ${count(records)} of ${plural(read, "request")}`, ...lost].join("; ");
}

export function exportedText({ file, entries, tunnels, cut }: ExportedHar): string {
	const left = tunnels === 0 ? "" : `; ${plural(tunnels, "tunnel")} left out, for which a HAR has no place`;
	return `${shortFile(file)}: ${plural(entries, "exchange")}${left}${cut === null ? "" : `. ${cut}`}`;
}
