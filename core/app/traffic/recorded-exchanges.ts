import type { Ending, Recorded, RecordingEntry } from "../../replay/index.ts";

/** The exchanges of a recording alone; `onOther` gets the rest. */
export async function* exchangesOf(
	entries: AsyncIterable<RecordingEntry>,
	onOther: (entry: RecordingEntry) => void,
): AsyncGenerator<Recorded> {
	for await (const entry of entries) {
		if (entry.kind === "exchange") yield entry.record;
		else onOther(entry);
	}
}

/** What is wrong with a file's end, or null. */
export function cutText(ending: Ending | null): string | null {
	if (ending?.kind !== "cut") return null;
	return `The file is cut behind record ${ending.records} (byte ${ending.at}): ${ending.reason}. What stands before it was used.`;
}
