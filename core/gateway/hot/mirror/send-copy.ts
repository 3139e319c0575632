import { createHash, type Hash } from "node:crypto";
import { systemClock } from "../../../base/clock.ts";
import type { BodyDigest, Mirror, Upstream } from "../../../contract/traffic.ts";
import type { Pass } from "../routing/circuit.ts";
import type { AnswerListener, Failure, UpstreamRequest } from "../upstream/upstream-connection.ts";
import type { UpstreamPool } from "../upstream/upstream-pool.ts";
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
	/** What it holds on to until it is done with: the batch it came in, and its body's file, if there is one (else 0). */
	readonly batch: { readonly bytes: number; left: number };
	readonly requestSpill: number;
};

/** Sends one copy after the other. */
export type Sender = {
	/** `pass`: of the breaker, given back with the answer. */
	send(copy: Copy, pass: Pass): void;
	/** When the answer must be whole. */
	deadline(): number;
	timeOut(): void;
};

/** What is kept of all answers at once. */
export type AnswerBudget = { take(bytes: number): boolean };

export type SenderDeps = {
	pool: UpstreamPool;
	budget: AnswerBudget;
	bodyCap: number;
	spillCap: number;
	/** Once for each copy, and never before `send` has returned. null: nothing was sent, for the body is not there. */
	onDone(copy: Copy, pass: Pass, answer: RawAnswer | null): void;
};

export const defaultTimeoutMs = 5_000;
const JOINED = 8 * 1024;
const PIECE = 64 * 1024;
const noBytes = Buffer.alloc(0);
const { now } = systemClock;

export function createSender({ pool, budget, bodyCap, spillCap, onDone }: SenderDeps): Sender {
	let copy: Copy | null = null;
	let pass: Pass = "closed";
	let [startedAt, deadline] = [0, Number.POSITIVE_INFINITY];
	let status = 0;
	let head: Buffer = noBytes;
	let kept: Buffer[] = [];
	let [size, keptSize] = [0, 0];
	let hash: Hash | null = null;
	let onDrained: (() => void) | null = null;
	let request: UpstreamRequest | null = null;

	function keep(piece: Buffer): void {
		size += piece.length;
		if (size > spillCap) {
			request?.fail("malformed", `the answer is longer than ${spillCap} bytes`);
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
		if (copy === null) return;
		const { seq, clientDigest } = copy;
		const isWhole = error === null;
		const isLong = hash !== null || clientDigest !== null;
		settle({
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

	/** Ready for the next one before anybody hears of this one. */
	function settle(answer: RawAnswer | null): void {
		const done = copy;
		copy = null;
		request = null;
		hash = null;
		kept = [];
		deadline = Number.POSITIVE_INFINITY;
		onDrained?.();
		if (done !== null) onDone(done, pass, answer);
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
			if (isStale(failure)) ask(copy?.body as Buffer, true);
			else finish(failure.reason);
		},
		onDrain: () => onDrained?.(),
	};

	/** As with a client's request: a kept connection that was closed in the moment it was used. */
	function isStale({ kind, isUnprocessed = false }: Failure): boolean {
		if (kind !== "reset" || request === null || copy === null || !Buffer.isBuffer(copy.body)) return false;
		return request.isReused() && !request.isAnswered() && (copy.isRepeatable || isUnprocessed);
	}

	function ask(body: Buffer | StoredBody, isFresh: boolean): void {
		if (copy === null) return;
		const { bytes, method, isChunked } = copy.head;
		const to = pool.open(copy.mirror.upstream as Upstream, method, listener, now(), isFresh);
		request = to;
		if (!Buffer.isBuffer(body)) {
			to.write(bytes);
			void stream(copy, body, to);
			return;
		}
		const framed = isChunked ? [bytes, ...chunk(body), lastChunk] : [bytes, body];
		if (!isChunked && body.length === 0) to.write(bytes);
		else if (bytes.length + body.length <= JOINED) to.write(Buffer.concat(framed));
		else for (const part of framed) to.write(part);
		to.finish();
	}

	/** `sent`: as long as it is the one under way. */
	async function stream(sent: Copy, body: StoredBody, to: UpstreamRequest): Promise<void> {
		const { isChunked } = sent.head;
		try {
			for (let at = 0; at < body.size && copy === sent; ) {
				const piece = Buffer.allocUnsafe(Math.min(PIECE, body.size - at));
				const read = await body.read(piece, at);
				if (read === 0) throw new Error("the stored body is shorter than it was");
				at += read;
				const part = piece.subarray(0, read);
				let isTaken = true;
				for (const bytes of isChunked ? chunk(part) : [part]) if (copy === sent) isTaken = to.write(bytes);
				if (!isTaken && copy === sent)
					await new Promise<void>((resolve) => {
						onDrained = resolve;
					});
			}
			if (copy !== sent) return;
			if (isChunked) to.write(lastChunk);
			to.finish();
		} catch (error) {
			if (copy === sent) to.fail("reset", error instanceof Error ? error.message : String(error));
		}
	}

	function begin(next: Copy, body: Buffer | StoredBody): void {
		startedAt = now();
		deadline = startedAt + limitOf(next);
		ask(body, false);
	}

	return {
		send(next, ticket) {
			copy = next;
			pass = ticket;
			status = 0;
			head = noBytes;
			size = 0;
			keptSize = 0;
			onDrained = null;
			if (Buffer.isBuffer(next.body)) begin(next, next.body);
			else void next.body().then((stored) => (stored === null ? settle(null) : begin(next, stored)));
		},
		deadline: () => deadline,
		timeOut() {
			if (copy !== null) request?.fail("timeout", `no answer within ${limitOf(copy)} ms`);
		},
	};
}

const limitOf = ({ mirror }: Copy): number => mirror.timeoutMs ?? defaultTimeoutMs;

const lastChunk = Buffer.from("0\r\n\r\n");
const chunkEnd = Buffer.from("\r\n");

function chunk(body: Buffer): Buffer[] {
	return body.length === 0 ? [] : [Buffer.from(`${body.length.toString(16)}\r\n`, "latin1"), body, chunkEnd];
}
