import type { Recorder } from "../run/recorder.ts";
import type { LaneResult } from "./lane.ts";

/** Fields and checks remembered; beyond that a check may be told twice. */
const KEPT = 5_000;

/**
 * What was let pass although it was not the same belongs to the evidence: each field with the check that it passed goes into the journal the
 * first time that a version of a service has it.
 */
export function createToleratedLog(record: Recorder): (result: LaneResult) => void {
	const told = new Set<string>();
	return ({ service, exchange, verdict }) => {
		for (const { field: place, check } of verdict.tolerated) {
			const field = place.replace(/\[\d+\]/g, "");
			const key = JSON.stringify([service.function, service.version, field, check]);
			if (told.has(key)) continue;
			if (told.size >= KEPT) told.clear();
			told.add(key);
			record("tolerated", { function: service.function, version: service.version, seq: exchange.seq, field, check });
		}
	};
}
