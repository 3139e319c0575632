import type { JournalRecord } from "../../contract/journal.ts";
import type { RunEvent } from "../../contract/run.ts";
import { outcomeOf } from "../../contract/verdict.ts";
import type { LaneResult } from "../lockstep/lane.ts";

type Compared = Extract<JournalRecord, { kind: "compared" }>["data"];

/** What the journal keeps of one comparison; the differences of a clean one are none. `group`: of a mismatch. */
export function comparedOf(result: LaneResult, group: string | null): Compared {
	const { service, exchange, verdict, legacy, ms } = result;
	return {
		function: service.function,
		version: service.version,
		seq: exchange.seq,
		verdict: verdict.kind,
		rows: legacy.changes.length,
		ms: Math.round(ms * 100) / 100,
		...(outcomeOf(verdict.kind) === "clean" ? {} : { differences: verdict.differences.slice(0, 20) }),
		...(group === null ? {} : { group }),
		...takenOf(result),
	};
}

/** What a comparison tells the arbiter, from the entry that the journal keeps of it. */
export function verdictEvent(at: number, { version, verdict, branches }: Compared): RunEvent {
	const outcome = outcomeOf(verdict);
	return {
		...{ kind: "verdict", at, version, clean: outcome === "clean", failed: outcome === "failed" },
		...(outcome === "skewed" ? { skewed: true } : {}),
		...(outcome === "accepted" ? { accepted: true } : {}),
		...(branches === undefined ? {} : { branches }),
	};
}

/** The branches that the request took, where the service said. */
function takenOf({ branches }: LaneResult): { branches?: number[] } {
	return branches === null ? {} : { branches };
}
