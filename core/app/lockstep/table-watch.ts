import { systemClock } from "../../base/index.ts";
import type { TableEquality } from "../../contract/api.ts";
import type { Commit } from "../../contract/effects.ts";
import type { DifferingRows, Equality } from "../../effects/index.ts";

/** Holds the shadow's tables against legacy's whenever the lane is at rest, a part at a time. */
export type TableWatch = {
	isDue(): boolean;
	/**
	 * One look; the shadow must be at rest, with every commit applied but those in `waiting`. Null: no row differs that one of them
	 * does not explain. Else what differs, in words.
	 */
	look(waiting: readonly Commit[]): Promise<string | null>;
	readonly state: TableEquality;
	close(): Promise<void>;
};

/** Rows of one look: some tens of milliseconds. */
const BUDGET_ROWS = 20_000;
/** Looking takes at most this share of the time. */
const SHARE = 0.05;
/** Between two looks; after the last row of the last table, before it begins anew; after one that failed. */
const PAUSE_MS = { look: 100, pass: 1_000, failure: 10_000 };

/**
 * The shadow equals legacy but for the commits that wait. A look reads legacy as it is at that moment, which may be later: the commits
 * that came until then are waited for (`drain`), and what they touch is left to the next pass. So a difference that is told is one.
 */
export function createTableWatch(deps: {
	equality: Equality;
	/** Resolves when every commit made before the call is among those that wait. */
	drain(): Promise<void>;
	/** All rows of all tables were equal, at a moment each. */
	onWhole(pass: { tables: number; rows: number; ms: number }): void;
}): TableWatch {
	const state: TableEquality = { wholeAt: null, tables: 0, rows: 0, passes: 0, failure: null };
	let dueAt = 0;
	let spentMs = 0;

	const rest = (pauseMs: number, ms = 0) => {
		dueAt = systemClock.now() + Math.max(pauseMs, ms / SHARE - ms);
	};

	return {
		isDue: () => systemClock.now() >= dueAt,
		async look(waiting) {
			try {
				const { ms, differing, whole } = await deps.equality.look(BUDGET_ROWS);
				state.failure = null;
				spentMs += ms;
				rest(whole === null ? PAUSE_MS.look : PAUSE_MS.pass, ms);
				if (differing.length > 0) await deps.drain();
				const open = differing.map((found) => unexplained(found, waiting)).filter((found) => found !== null);
				if (open.length > 0) return open.map(inWords).join("; ");
				if (whole === null) return null;
				Object.assign(state, { wholeAt: systemClock.now(), tables: whole.tables, rows: whole.rows, passes: state.passes + 1 });
				deps.onWhole({ ...whole, ms: spentMs });
				spentMs = 0;
				return null;
			} catch (error) {
				// Not looked at is not equal: the state says so, and the time of the last whole pass stands.
				state.failure = error instanceof Error ? error.message : String(error);
				rest(PAUSE_MS.failure);
				return null;
			}
		},
		state,
		close: () => deps.equality.close(),
	};
}

/** Without the rows that a waiting commit changes; null when nothing is left. */
function unexplained(found: DifferingRows, waiting: readonly Commit[]): DifferingRows | null {
	const touched = new Set(waiting.flatMap(({ changes }) => changes.filter(({ table }) => table === found.table).map(({ key }) => key)));
	if (touched.size === 0) return found;
	// Which rows differ is not told: the commits that wait may be all there is to it, and the next pass looks again.
	if (found.keys === null) return null;
	const keys = found.keys.filter((key) => !touched.has(key));
	return keys.length === 0 ? null : { ...found, keys, count: keys.length };
}

function inWords({ table, count, sample }: DifferingRows): string {
	return `${count} ${count === 1 ? "row" : "rows"} of ${table} ${count === 1 ? "differs" : "differ"} (shadow / legacy: ${sample[0]})`;
}
