import { createHash } from "node:crypto";
import type { Masker } from "../mask/create-masker.ts";
import type { RecordingEntry } from "../recording/read-recording.ts";
import { headerOf, type Recorded } from "../recording/recorded.ts";

/** Recorded answers to calls. Equal calls get the recorded answers one after the other, then the last one again. */
export type Answers = {
	/** null: no such call was recorded. `isRepeat`: there are fewer recorded answers than calls. */
	find(call: Recorded["request"]): { record: Recorded; isRepeat: boolean } | null;
	readonly calls: number;
};

/**
 * Two calls are equal when method, address, target and body are; with `ignoreBody` without the last. A masked recording knows masked calls
 * only, so the call is masked by the same key before it is looked for.
 */
export async function loadAnswers(
	entries: AsyncIterable<RecordingEntry>,
	options: { masker: Masker | null; ignoreBody: boolean },
): Promise<Answers> {
	const byCall = new Map<string, { records: Recorded[]; next: number }>();
	const keyOf = ({ method, target, headers, body }: Recorded["request"]): string => {
		const digest = options.ignoreBody ? "" : createHash("sha256").update(body).digest("base64");
		return `${method} ${headerOf(headers, "host").toLowerCase().replace(/:80$/, "")} ${target} ${digest}`;
	};
	let calls = 0;
	for await (const entry of entries) {
		if (entry.kind !== "exchange") continue;
		const { record } = entry;
		// A cut or withheld answer is none, and without the body nobody knows which call it was.
		if (record.response.status === 0 || record.response.state !== "whole" || record.request.state !== "whole") continue;
		const key = keyOf(record.request);
		const known = byCall.get(key);
		if (known === undefined) byCall.set(key, { records: [record], next: 0 });
		else known.records.push(record);
		calls++;
	}
	return {
		calls,
		find(call) {
			const asked = options.masker === null ? call : options.masker.mask(emptyAnswer(call)).request;
			const known = byCall.get(keyOf(asked));
			if (known === undefined) return null;
			const isRepeat = known.next >= known.records.length;
			const record = known.records[Math.min(known.next++, known.records.length - 1)] as Recorded;
			return { record, isRepeat };
		},
	};
}

function emptyAnswer(request: Recorded["request"]): Recorded {
	const response = { status: 0, headers: [], body: Buffer.alloc(0), state: "whole" as const };
	return { startedAt: 0, endedAt: 0, route: null, request, response, error: null };
}
