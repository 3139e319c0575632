import { copyFileSync, createReadStream, renameSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import type { RowChange } from "../../contract/effects.ts";
import { captureByTriggers, createShadowState, netChanges, type ShadowState, type TriggerCapture } from "../../effects/index.ts";

type Copy = { database: DatabaseSync; state: ShadowState; close(): void };

export type Sandbox = Omit<Copy, "close"> & {
	capture: TriggerCapture;
	/** What changed up to one of the positions since the last that was asked for; for the caller to apply. */
	advance(position: number): Promise<RowChange[]>;
	close(): Promise<void>;
};

export type Retrace = {
	/** A private copy of the database as it was at the first of the positions; one at a time. */
	open(): Promise<Sandbox>;
};

/** So many rows are kept in memory; a longer past is read from the file each time. */
const ROWS_KEPT = 150_000;

/**
 * The past between a baseline and the commits since, to be run through several times: what precedes the first position is put
 * into the copy once, and what lies between two positions is read and netted once.
 *
 *     baseline --------------> first --step--> second --step--> ... last
 *              prepared once          kept, or read again
 */
export function createRetrace(options: {
	baseline: string;
	commitsFile: string;
	dir: string;
	/** Ascending, each once. */
	positions: number[];
	rowsKept?: number;
}): Retrace {
	const { baseline, commitsFile, dir, positions, rowsKept = ROWS_KEPT } = options;
	const prepared = join(dir, "prepared.db");
	let preparing: Promise<void> | null = null;
	/** null: too long to be kept. */
	let kept: RowChange[][] | null = [];

	/** The net changes up to each position from the one before, the first from the baseline. */
	async function* read(): AsyncGenerator<RowChange[]> {
		const lines = createInterface({ input: createReadStream(commitsFile) });
		try {
			const iterator = lines[Symbol.asyncIterator]();
			let at = 0;
			for (const position of positions) {
				const between: RowChange[] = [];
				for (; at < position; at++) {
					const line = await iterator.next();
					if (line.done) throw new Error(`the history ends at ${at}, before position ${position}`);
					between.push(...(JSON.parse(line.value) as RowChange[]));
				}
				yield netChanges(between);
			}
		} finally {
			lines.close();
		}
	}

	async function prepare(): Promise<void> {
		const file = join(dir, "sandbox.db");
		copyFileSync(baseline, file);
		let isFirst = true;
		let rows = 0;
		for await (const step of read()) {
			if (isFirst) {
				const { state, close } = openSandbox(file);
				state.apply(step);
				close();
				isFirst = false;
				continue;
			}
			rows += step.length;
			if (rows > rowsKept) {
				kept = null;
				break;
			}
			kept?.push(step);
		}
		renameSync(file, prepared);
	}

	async function* readSteps(): AsyncGenerator<RowChange[]> {
		if (kept !== null) {
			yield* kept;
			return;
		}
		let isFirst = true;
		for await (const step of read()) {
			if (!isFirst) yield step;
			isFirst = false;
		}
	}

	return {
		async open() {
			preparing ??= prepare();
			await preparing;
			const file = join(dir, "sandbox.db");
			copyFileSync(prepared, file);
			const sandbox = openSandbox(file);
			const steps = readSteps();
			let index = 0;
			return {
				...sandbox,
				capture: captureByTriggers(sandbox.database),
				async advance(position) {
					const between: RowChange[] = [];
					for (; (positions[index] ?? position) < position; index++) {
						const step = await steps.next();
						if (step.done) throw new Error(`position ${position} is none that was prepared`);
						between.push(...step.value);
					}
					return netChanges(between);
				},
				async close() {
					sandbox.close();
					await steps.return(undefined);
				},
			};
		},
	};
}

function openSandbox(file: string): Copy {
	const database = new DatabaseSync(file);
	database.exec("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -131072; PRAGMA locking_mode = EXCLUSIVE");
	const state = createShadowState({ path: file, connection: database });
	return {
		database,
		state,
		close() {
			state.close();
			database.close();
		},
	};
}
