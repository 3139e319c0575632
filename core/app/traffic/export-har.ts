import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { Fault } from "../../base/index.ts";
import type { ExportedHar } from "../../contract/recording.ts";
import { type Ending, harEntryOf, harFrame, openRecording } from "../../replay/index.ts";
import type { Step } from "../progress.ts";
import { version } from "../snapshot.ts";
import { cutText } from "./recorded-exchanges.ts";

/**
 * Writes the exchanges of a recording as HAR 1.2 into a file that is not there yet, one by one. RECORDING_UNREADABLE for the recording,
 * RECORDING_FAILED for the file, CANCELLED.
 */
export async function exportHar({ from, to }: { from: string; to: string }, step: Step, signal: AbortSignal): Promise<ExportedHar> {
	const { entries } = await openRecording(from);
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
	const work = async () => {
		await write(harFrame.head(version));
		for await (const entry of entries()) {
			if (signal.aborted)
				throw new Fault("CANCELLED", { what: `Writing ${to}`, safe: `${to} holds what was written so far and is no whole HAR.` });
			if (entry.kind === "ending") ending = entry.ending;
			if (entry.kind === "tunnel") tunnels++;
			if (entry.kind !== "exchange") continue;
			await write((count > 0 ? harFrame.between : "") + JSON.stringify(harEntryOf(entry.record)));
			step(++count);
		}
		out.end(harFrame.tail);
		await Promise.race([once(out, "close"), failed]);
	};
	try {
		await Promise.race([work(), failed]);
	} finally {
		out.destroy();
	}
	return { file: to, entries: count, tunnels, cut: cutText(ending) };
}
