import type { RoutePlan } from "../../../contract/traffic.ts";
import { BATCH, type ExchangeSummary, summariesOf } from "../capture/exchange-codec.ts";
import type { AccessLogOrder } from "../supervision/observe-request.ts";
import { createPathMask, logLine, unloggable } from "./log-line.ts";
import { openRotatingFile } from "./rotating-file.ts";

export type AccessLogFigures = { written: number; dropped: Record<string, number>; failure: string | null };

export type AccessLog = {
	readonly order: AccessLogOrder;
	/** A batch of exchanges as it came from a worker. */
	take(batch: Buffer, items: number): void;
	/** Exchanges that were lost on their way here. */
	lose(items: number): void;
	figures(): AccessLogFigures;
	close(): Promise<AccessLogFigures>;
};

/** Batches that wait to be written; what comes above it is dropped. */
const waitingLimit = 32 * 1024 * 1024;
/** Lines written in one go: a few tenths of a millisecond, and then whatever else waits, above all the kill switch. */
const linesAtOnce = 100;

/** Why an order cannot be carried out, or null. */
export function refusalOf({ headers }: AccessLogOrder): string | null {
	const named = headers.find((name) => unloggable.has(name.toLowerCase()));
	return named === undefined ? null : `${named} holds credentials and is never logged`;
}

/** Writes one line per request, from what the workers have told anyway; rejects when the file cannot be opened. */
export async function openAccessLog(order: AccessLogOrder, plan: () => RoutePlan): Promise<AccessLog> {
	const file = await openRotatingFile({ ...order, mode: 0o600 });
	const names = order.headers.map((name) => name.toLowerCase());
	const waiting: { lines: Generator<ExchangeSummary>; bytes: number }[] = [];
	let waitingBytes = 0;
	let backlog = 0;
	let transit = 0;
	let isWriting = false;
	let maskedPlan = plan();
	let pathFor = createPathMask(maskedPlan);

	function writeSlice(): boolean {
		const [first] = waiting;
		if (first === undefined) return false;
		if (maskedPlan !== plan()) {
			maskedPlan = plan();
			pathFor = createPathMask(maskedPlan);
		}
		let text = "";
		let lines = 0;
		for (let looked = 0; looked < linesAtOnce; looked++) {
			const { value, done } = first.lines.next();
			if (done) {
				waiting.shift();
				waitingBytes -= first.bytes;
				break;
			}
			if (order.route !== null && value.route !== order.route) continue;
			text += logLine(value, order.format, pathFor(value), names);
			lines++;
		}
		if (lines > 0 && !file.write(text, lines)) backlog += lines;
		return waiting.length > 0;
	}

	function writeOn(): void {
		isWriting = writeSlice();
		if (isWriting) setImmediate(writeOn);
	}

	const figures = (): AccessLogFigures => ({
		written: file.written,
		dropped: { backlog, transit, "not-written": file.failed },
		failure: file.failure,
	});

	return {
		order,
		take(batch, items) {
			if (batch[0] !== BATCH) return;
			if (waitingBytes + batch.length > waitingLimit) {
				backlog += items;
				return;
			}
			waiting.push({ lines: summariesOf(batch), bytes: batch.length });
			waitingBytes += batch.length;
			if (isWriting) return;
			isWriting = true;
			setImmediate(writeOn);
		},
		lose(items) {
			transit += items;
		},
		figures,
		async close() {
			while (writeSlice());
			await file.close();
			return figures();
		},
	};
}
