import { unsuitable } from "../unsuitable.ts";
import type { LogRecord } from "./envelope.ts";
import { type Json, parseExactJson } from "./exact-json.ts";

/** Where Debezium's records are kept in their order: a file, a topic of one partition. */
export type RecordLog = {
	/** As faults name it. */
	readonly name: string;
	/** What distinguishes it from another log of the same name; positions of one are of no use in the other. */
	identity(): string;
	/** The next records from `position` on, none when there are none yet. Throws DATABASE_UNSUITABLE when they are not to be had any more. */
	read(position: bigint, signal: AbortSignal): Promise<{ records: LogRecord[]; next: bigint }>;
	/** Where the next record will be written. */
	end(): Promise<bigint>;
	/** A bounded number of records before `position`, as far as they are still there. */
	before(position: bigint): Promise<LogRecord[]>;
	close(): Promise<void>;
};

export function parseRecordText(text: string | null, log: string, position: bigint): Json {
	if (text === null || text === "") return null;
	try {
		return parseExactJson(text);
	} catch (error) {
		const remedy = "Let the connector write with the JSON converter (org.apache.kafka.connect.json.JsonConverter).";
		throw unsuitable(log, `the record at ${position} is no JSON`, remedy, error);
	}
}
