import { createHash, type Hash } from "node:crypto";
import { systemClock } from "../../../base/clock.ts";
import type { BodyDigest, Mirror, Upstream } from "../../../contract/traffic.ts";
import type { AnswerListener, Failure, UpstreamRequest } from "../upstream-connection.ts";
import type { UpstreamPool } from "../upstream-pool.ts";
import type { RawAnswer } from "./answer-codec.ts";
import type { ShadowHead } from "./shadow-head.ts";
import type { StoredBody } from "./spill-store.ts";

/** A request to be sent once more, to another. */
export type Copy = {
	readonly seq: number;
	readonly mirror: Mirror;
	readonly head: ShadowHead;
	/** Without framing; of a long one where it is, as soon as all of it is there, or null when it never will be. */
	readonly body: Buffer | (() => Promise<StoredBody | null>);
	/** What keeps its place in an order; null: it has none. */
	readonly key: string | null;
	readonly isRepeatable: boolean;
	/** When it was handed over. */
	readonly since: number;
	/** Of the answer that the client got: null when the exchange holds all of it, undefined when it is not known. */
	readonly clientDigest: BodyDigest | null | undefined;
};

/** A copy under way. */
export type Sending = { readonly deadline: number; timeOut(): void };

/** What is kept of all answers at once. */
export type AnswerBudget = { take(bytes: number): boolean };

export type SendDeps = {
	pool: UpstreamPool;
	budget: AnswerBudget;
	bodyCap: number;
	spillCap: number;
	/** Exactly once, and never before `sendCopy` has returned. null: nothing was sent, for the body is not there. */
	onDone(answer: RawAnswer | null): void;
};

export const defaultTimeoutMs = 5_000;
const JOINED = 8 * 1024;
const PIECE = 64 * 1024;
const noBytes = Buffer.alloc(0);
const { now } = systemClock;

export function sendCopy(copy: Copy, { pool, budget, bodyCap, spillCap, onDone }: SendDeps): Sending {
	let startedAt = now();
	let deadline = Number.POSITIVE_INFINITY;
	const limitMs = copy.mirror.timeoutMs ?? defaultTimeoutMs;
	let status = 0;
	let head: Buffer = noBytes;
	const kept: Buffer[] = [];
	let [size, keptSize] = [0, 0];
	let hash: Hash | null = null;
	let isOver = false;
	let onDrained: (() => void) | null = null;
	let request: UpstreamRequest;

	function keep(piece: Buffer): void {
		size += piece.length;
		if (size > spillCap) {
			request.fail("malformed", `the answer is longer than ${spillCap} bytes`);
			return;
		}
		if (hash !== null) {
			hash.update(piece);
			return;
		}
		const room = Math.min(piece.length, bodyCap - keptSize);
		const isKept = room > 0 && budget.take(room);
		if (!isKept || room < piece.length) {
			// From here on it is only digested.
			hash = createHash("sha256");
			for (const before of kept) hash.update(before);
			hash.update(piece);
		}
		if (!isKept) return;
		kept.push(piece.subarray(0, room));
		keptSize += room;
	}

	function shadowDigest(): BodyDigest {
		if (hash !== null) return { size, sha256: hash.digest("hex") };
		const all = createHash("sha256");
		for (const piece of kept) all.update(piece);
		return { size, sha256: all.digest("hex") };
	}

	function finish(error: string | null): void {
		if (isOver) return;
		isOver = true;
		onDrained?.();
		const { seq, clientDigest } = copy;
		const isWhole = error === null;
		const isLong = hash !== null || clientDigest !== null;
		onDone({
			seq,
			startedAt,
			endedAt: now(),
			truncated: size > keptSize,
			status: isWhole ? status : 0,
			head,
			body: kept,
			error,
			...(isWhole && isLong && clientDigest !== undefined ? { whole: { shadow: shadowDigest(), client: clientDigest } } : {}),
		});
	}

	const listener: AnswerListener = {
		onSent() {},
		onInterim() {},
		onHead(found) {
			status = found.status;
			head = Buffer.from(found.bytes.subarray(found.start, found.end));
		},
		onWire() {},
		onPayload: keep,
		onTrailers(lines) {
			head = Buffer.concat([head, lines]);
		},
		onPause() {},
		onEnd: () => finish(null),
		onFailure(failure) {
			if (isStale(failure)) ask(copy.body as Buffer, true);
			else finish(failure.reason);
		},
		onDrain: () => onDrained?.(),
	};

	/** As with a client's request: a kept connection that was closed in the moment it was used. */
	function isStale(failure: Failure): boolean {
		if (failure.kind !== "reset" || !request.isReused || request.isAnswered || !Buffer.isBuffer(copy.body)) return false;
		return copy.isRepeatable || failure.isUnprocessed === true;
	}

	function ask(body: Buffer | StoredBody, isFresh: boolean): void {
		const { mirror } = copy;
		const { bytes, method, isChunked } = copy.head;
		request = pool.open(mirror.upstream as Upstream, method, listener, now(), isFresh);
		if (!Buffer.isBuffer(body)) {
			request.write(bytes);
			void stream(body, request, isChunked);
			return;
		}
		const framed = isChunked ? [bytes, ...chunk(body), lastChunk] : [bytes, body];
		if (bytes.length + body.length <= JOINED) request.write(Buffer.concat(framed));
		else for (const part of framed) request.write(part);
		request.finish();
	}

	async function stream(body: StoredBody, to: UpstreamRequest, isChunked: boolean): Promise<void> {
		try {
			for (let at = 0; at < body.size && !isOver; ) {
				const piece = Buffer.allocUnsafe(Math.min(PIECE, body.size - at));
				const read = await body.read(piece, at);
				if (read === 0) throw new Error("the stored body is shorter than it was");
				at += read;
				const part = piece.subarray(0, read);
				let isTaken = true;
				for (const bytes of isChunked ? chunk(part) : [part]) if (!isOver) isTaken = to.write(bytes);
				if (!isTaken && !isOver)
					await new Promise<void>((resolve) => {
						onDrained = resolve;
					});
			}
			if (isOver) return;
			if (isChunked) to.write(lastChunk);
			to.finish();
		} catch (error) {
			to.fail("reset", error instanceof Error ? error.message : String(error));
		}
	}

	function begin(body: Buffer | StoredBody): void {
		startedAt = now();
		deadline = startedAt + limitMs;
		ask(body, false);
	}

	if (Buffer.isBuffer(copy.body)) begin(copy.body);
	else void copy.body().then((stored) => (stored === null ? onDone(null) : begin(stored)));
	return {
		get deadline() {
			return deadline;
		},
		timeOut: () => request.fail("timeout", `no answer within ${limitMs} ms`),
	};
}

const lastChunk = Buffer.from("0\r\n\r\n");
const chunkEnd = Buffer.from("\r\n");

function chunk(body: Buffer): Buffer[] {
	return body.length === 0 ? [] : [Buffer.from(`${body.length.toString(16)}\r\n`, "latin1"), body, chunkEnd];
}
