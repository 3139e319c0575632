import type { Visit } from "../client/visit.ts";
import type { WorkerNotice } from "../protocol.ts";
import { beginTrace, recordOf, type Trace, type TraceRecord } from "./trace.ts";

/** Records between two sendings; what comes above it is lost and counted. */
const recordLimit = 2_048;
const sendMs = 200;
/** At once, so that no request waits for a long message. */
const recordsAtOnce = 64;

export type Tracer = {
	/** null: tracing is off. */
	ratio(): number | null;
	setRatio(ratio: number | null): void;
	begin(parent: string | null, minor: number): Trace | null;
	end(trace: Trace, visit: Visit, endedAt: number): void;
};

/** The worker's part of tracing. `send` says whether the channel can take more. */
export function createTracer(first: number | null, send: (notice: WorkerNotice) => boolean): Tracer {
	let ratio = first;
	let records: TraceRecord[] = [];
	let lost = 0;
	let isClear = true;
	let timer: NodeJS.Timeout | null = null;

	function sendOn(): void {
		timer = null;
		if (records.length === 0 && lost === 0) return;
		isClear = send({ kind: "traces", records: records.slice(0, recordsAtOnce), lost });
		lost = 0;
		records = records.slice(recordsAtOnce);
		if (records.length > 0) timer = setTimeout(sendOn, isClear ? 0 : sendMs);
	}

	return {
		ratio: () => ratio,
		setRatio(next) {
			ratio = next;
		},
		begin: (parent, minor) => (ratio === null ? null : beginTrace(parent, minor, ratio)),
		end(trace, visit, endedAt) {
			if (records.length >= recordLimit) lost++;
			else records.push(recordOf(trace, visit, endedAt));
			if (timer === null) timer = setTimeout(sendOn, sendMs);
		},
	};
}
