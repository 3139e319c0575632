import type { Recorded } from "../recording/recorded.ts";

const WINDOW = 4_096;
const WINDOW_BYTES = 64 * 1024 * 1024;

/**
 * By the start of the requests. A gateway records them as they end, so a slow one stands behind faster ones that began later; within a
 * window of some thousand they are put right, and nothing is held that need not be.
 */
export async function* inOrder(records: AsyncIterable<Recorded>): AsyncGenerator<Recorded> {
	const window: Recorded[] = [];
	let bytes = 0;
	for await (const record of records) {
		let at = window.length;
		while (at > 0 && (window[at - 1] as Recorded).startedAt > record.startedAt) at--;
		window.splice(at, 0, record);
		bytes += sizeOf(record);
		while (window.length > WINDOW || (bytes > WINDOW_BYTES && window.length > 0)) {
			const first = window.shift() as Recorded;
			bytes -= sizeOf(first);
			yield first;
		}
	}
	yield* window;
}

const sizeOf = ({ request, response }: Recorded): number => request.body.length + response.body.length;
