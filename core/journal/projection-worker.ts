// The thread of `createProjector`: keeps a projection of one journal file and brings it up to date before each query.
import { parentPort, workerData } from "node:worker_threads";
import type { SqlValue } from "sql.js";
import { Fault } from "../base/index.ts";
import { type RawLine, readLines } from "./journal-file.ts";
import { checkLine, GENESIS, parseLine } from "./line.ts";
import { openProjection } from "./projection.ts";

const { file } = workerData as { file: string };
const projection = await openProjection();
let seq = 0;
let prev = GENESIS;
let offset = 0;

function catchUp(): void {
	for (const lines of readLines(file, offset)) projection.addAll(entriesOf(lines));
}

function* entriesOf(lines: readonly RawLine[]) {
	for (const line of lines) {
		if (!line.whole) return;
		const hash = checkLine(line.bytes, seq + 1, prev);
		if (hash === null) throw new Fault("JOURNAL_BROKEN", { file, seq: seq + 1 });
		yield parseLine(line.bytes);
		seq++;
		prev = hash;
		offset = line.offset + line.bytes.length + 1;
	}
}

parentPort?.on("message", ({ id, sql, params }: { id: number; sql: string; params: SqlValue[] }) => {
	try {
		catchUp();
		// From here on the query's own time counts: reading a long journal is no fault of a query.
		parentPort?.postMessage({ id, begun: true });
		parentPort?.postMessage({ id, result: projection.query(sql, params) });
	} catch (error) {
		const fault = error instanceof Fault ? { code: error.code, data: error.data } : null;
		parentPort?.postMessage({ id, fault, error: fault ? null : error });
	}
});
