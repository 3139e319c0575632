import { Session } from "node:inspector";

/** V8's own coverage of the blocks of some files, taken between two batches of inputs. */
export type BlockCoverage = {
	/** How many blocks have been reached for the first time since the last call. */
	newlyReached(): number;
	/** Of all blocks that V8 ever told of: those that once stood unreached in a function that ran, and the functions themselves. */
	totals(): { reached: number; known: number };
	stop(): void;
};

type Range = { startOffset: number; endOffset: number; count: number };
type Script = { url: string; functions: { ranges: Range[] }[] };
type Block = { start: number; end: number; isReached: boolean };

/** `isWatched`: by the URL of a loaded file. Each call of `newlyReached` costs some ms. */
export function watchBlocks(isWatched: (url: string) => boolean): BlockCoverage {
	const session = new Session();
	session.connect();
	// Answers come before `post` returns: the session is of this thread.
	const ask = (method: string, parameters: object = {}): unknown => {
		let answer: unknown;
		session.post(method, parameters, (error, result) => {
			if (error) throw error;
			answer = result;
		});
		return answer;
	};
	/** Of each function, by its place. */
	const functions = new Map<string, Map<string, Block>>();
	let [reached, known] = [0, 0];

	/** V8 tells of functions that ran since the last time, and which of their blocks did not. */
	function take(url: string, [whole, ...parts]: Range[]): void {
		if (whole === undefined) return;
		const place = `${url}:${whole.startOffset}`;
		const blocks = functions.get(place) ?? new Map<string, Block>();
		functions.set(place, blocks);
		for (const { startOffset: start, endOffset: end } of [whole, ...parts]) {
			const key = `${start}:${end}`;
			if (blocks.has(key)) continue;
			blocks.set(key, { start, end, isReached: false });
			known++;
		}
		const unreached = [whole, ...parts].filter(({ count }) => count === 0);
		for (const block of blocks.values()) {
			if (block.isReached || unreached.some(({ startOffset, endOffset }) => startOffset <= block.start && endOffset >= block.end)) continue;
			block.isReached = true;
			reached++;
		}
	}

	ask("Profiler.enable");
	ask("Profiler.startPreciseCoverage", { callCount: false, detailed: true });
	return {
		newlyReached() {
			const before = reached;
			const { result } = ask("Profiler.takePreciseCoverage") as { result: Script[] };
			for (const { url, functions: seen } of result) if (isWatched(url)) for (const { ranges } of seen) take(url, ranges);
			return reached - before;
		},
		totals: () => ({ reached, known }),
		stop() {
			ask("Profiler.stopPreciseCoverage");
			session.disconnect();
		},
	};
}
