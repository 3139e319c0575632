import type { WorkerReport } from "../protocol.ts";

/**
 * The worker's pipe to the supervisor. The supervisor never parses an exchange: it counts by the head and passes the payload on.
 *
 *   {"bytes":812,"items":2,"mirrored":1,...,"report":{...}}\n   head
 *   {"event":"exchanges","batch":1042,"items":[...]}\n      payload, `bytes` long; absent in a bare report
 */
export type FrameHead = FrameCounts & { bytes: number; report: WorkerReport };

/**
 * `answers`: of a shadow; such a payload holds nothing else. `isForLog`: the payload is for the access log alone, not for the core.
 * `unlogged`: exchanges that the log lost before this frame.
 */
export type FrameCounts = { items: number; mirrored: number; answers?: number; isForLog?: boolean; unlogged?: number };

export function encodeFrame(report: WorkerReport, counts: FrameCounts, payload: Buffer | null): Buffer[] {
	const head: FrameHead = { bytes: payload?.length ?? 0, ...counts, report };
	const line = Buffer.from(`${JSON.stringify(head)}\n`);
	return payload === null ? [line] : [line, payload];
}

/** Returns the feeder; each whole frame is given to `onFrame` once, payload null for a bare report. */
export function createFrameReader(onFrame: (head: FrameHead, payload: Buffer | null) => void): (chunk: Buffer) => void {
	let pending: Buffer[] = [];
	let size = 0;
	let head: FrameHead | null = null;
	/** Bytes that must be there before another look is worth it. */
	let wanted = 1;

	function take(bytes: number): Buffer {
		const all = pending.length === 1 && pending[0] ? pending[0] : Buffer.concat(pending);
		const rest = all.subarray(bytes);
		pending = rest.length > 0 ? [rest] : [];
		size = rest.length;
		return all.subarray(0, bytes);
	}

	function readHead(): boolean {
		const all = pending.length === 1 && pending[0] ? pending[0] : Buffer.concat(pending);
		pending = [all];
		const end = all.indexOf(10);
		if (end === -1) {
			wanted = size + 1;
			return false;
		}
		head = JSON.parse(take(end + 1).toString("utf8")) as FrameHead;
		wanted = head.bytes;
		return true;
	}

	return (chunk) => {
		pending.push(chunk);
		size += chunk.length;
		while (size >= wanted) {
			if (head === null && !readHead()) return;
			if (head === null || size < wanted) return;
			const done = head;
			const payload = done.bytes > 0 ? take(done.bytes) : null;
			head = null;
			wanted = 1;
			onFrame(done, payload);
		}
	};
}
