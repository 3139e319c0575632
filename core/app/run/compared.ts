import type { JournalRecord } from "../../contract/journal.ts";
import type { LaneResult } from "../lockstep/lane.ts";

type Compared = Extract<JournalRecord, { kind: "compared" }>["data"];

/** What the journal keeps of one comparison; the differences of a clean one are none. `group`: of a mismatch. */
export function comparedOf(result: LaneResult, group: string | null): Compared {
	const { service, exchange, verdict, legacy, ms } = result;
	const isClean = verdict.kind === "identical" || verdict.kind === "equivalent";
	return {
		function: service.function,
		version: service.version,
		seq: exchange.seq,
		verdict: verdict.kind,
		rows: legacy.changes.length,
		ms: Math.round(ms * 100) / 100,
		...(isClean ? {} : { differences: verdict.differences.slice(0, 20) }),
		...(group === null ? {} : { group }),
		...takenOf(result),
	};
}

/** The branches that the request took, where the service said. */
export function takenOf({ branches }: LaneResult): { branches?: number[] } {
	return branches === null ? {} : { branches };
}
