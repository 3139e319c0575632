import type { Socket } from "node:net";
import { type BodySink, createBodyReader } from "../http1/body-reader.ts";
import { INCOMPLETE, REFUSED } from "../http1/head-lines.ts";
import { refusals } from "../http1/refusal.ts";
import { createResponseHead, type ResponseHead, scanResponseHead } from "../http1/response-head.ts";
import { takeBytes } from "../take-bytes.ts";
import { isDistrust, readyEvent } from "../tls/upstream-tls.ts";

/**
 * `isSent` false: no byte can have reached the upstream. `untrusted`: it could not prove to be who it should be. `isUnprocessed`: it says
 * itself that it has not touched the request (RFC 9113, 8.7).
 */
export type Failure = {
	kind: "refused" | "untrusted" | "reset" | "timeout" | "malformed";
	isSent: boolean;
	reason: string;
	isUnprocessed?: boolean;
};

/** What becomes of one request; `onEnd` or `onFailure` comes exactly once, and nothing after it. */
export type AnswerListener = BodySink & {
	/** The first byte of the request may leave now. */
	onSent(): void;
	/** A 1xx answer. Both heads are valid during the call only. */
	onInterim(head: ResponseHead): void;
	onHead(head: ResponseHead): void;
	/** All of what just came has been told. */
	onPause(): void;
	onEnd(): void;
	onFailure(failure: Failure): void;
	onDrain(): void;
};

/** One request on its way to an upstream. */
export type UpstreamRequest = {
	/** False: wait for `onDrain`. */
	write(bytes: Buffer): boolean;
	/** The request is whole. */
	finish(): void;
	pause(): void;
	resume(): void;
	/** Ends it without another word to the listener. */
	abort(): void;
	/** Ends it with a failure, unless an end was told already. */
	fail(kind: Failure["kind"], reason: string): void;
	/** The connection had served before: it may have been closed by the other side in the same moment. */
	isReused(): boolean;
	/** A byte of an answer has come. */
	isAnswered(): boolean;
};

export type UpstreamConnection = UpstreamRequest & {
	begin(method: string, listener: AnswerListener): void;
	idleSince: number;
	close(): void;
};

type ConnectionDeps = {
	socket: Socket;
	/** The answers are read leniently: a named choice for an upstream that answers badly. */
	isLenient: boolean;
	/** The connection may serve again. */
	onIdle(connection: UpstreamConnection): void;
	onClosed(connection: UpstreamConnection): void;
};

/** Only read between two calls of the event loop. */
const head = createResponseHead();

/** One keep-alive connection to an upstream: a request at a time, its answer parsed as it comes, and nothing believed that was not asked for. */
export function createUpstreamConnection({ socket, isLenient, onIdle, onClosed }: ConnectionDeps): UpstreamConnection {
	const reader = createBodyReader();
	let listener: AnswerListener | null = null;
	let method = "";
	let pending: Buffer | null = null;
	let [hasHead, isAnswered, isKeepAlive, isFinished, isConnected] = [false, false, false, false, !socket.connecting];
	let served = 0;
	let isPaused = false;
	let isClosed = false;

	function tell(failure: Omit<Failure, "isSent">): void {
		const told = listener;
		listener = null;
		close();
		told?.onFailure({ ...failure, isSent: isConnected });
	}

	function close(): void {
		if (isClosed) return;
		isClosed = true;
		listener = null;
		socket.destroy();
		onClosed(connection);
	}

	/** The answer is whole. The connection is free before the listener hears of it: the next request may take it. */
	function end(hasMore: boolean): void {
		const told = listener;
		listener = null;
		if (isKeepAlive && isFinished && !hasMore && !reader.isUntilClose()) {
			served++;
			// Whoever was answered could take no more; who comes next is another.
			if (isPaused) connection.resume();
			onIdle(connection);
		} else close();
		told?.onEnd();
	}

	function read(chunk: Buffer): void {
		let bytes = chunk;
		if (pending !== null) {
			bytes = Buffer.concat([pending, chunk]);
			pending = null;
		}
		let at = 0;
		while (!hasHead) {
			const next = scanResponseHead(bytes, at, bytes.length, method, isLenient, head);
			if (next === INCOMPLETE) {
				pending = at === 0 ? bytes : bytes.subarray(at);
				return;
			}
			if (next === REFUSED || head.status === 101) {
				const why = next === REFUSED ? head.lines.refusal : refusals.switched;
				tell({ kind: "malformed", reason: `the head of the answer is malformed: ${why.reason}` });
				return;
			}
			at = next;
			if (head.status >= 200) hasHead = true;
			else listener?.onInterim(head);
			if (!hasHead && at === bytes.length) return;
		}
		if (listener === null) return;
		if (!isAnswered) {
			isAnswered = true;
			isKeepAlive = head.isKeepAlive;
			reader.begin(head.body);
			listener.onHead(head);
			if (listener === null) return;
		}
		const after: number = reader.read(bytes, at, bytes.length, listener);
		if (after < 0) tell({ kind: "malformed", reason: reader.refusal().reason });
		else if (reader.isDone()) end(after < bytes.length);
		else listener?.onPause();
	}

	takeBytes(socket, (chunk) => {
		// An answer to nothing: from here on nobody could say which answer belongs to which request.
		if (listener === null) return close();
		read(chunk);
	});
	socket.on(readyEvent(socket), () => {
		isConnected = true;
		listener?.onSent();
	});
	socket.on("drain", () => listener?.onDrain());
	socket.on("end", () => {
		if (listener !== null && isAnswered && reader.isUntilClose()) return end(false);
		if (listener === null) return close();
		tell({ kind: isConnected ? "reset" : "refused", reason: isAnswered ? "the answer broke off" : "the connection was closed" });
	});
	socket.on("error", (error: NodeJS.ErrnoException) => {
		tell({ kind: isConnected ? "reset" : isDistrust(error) ? "untrusted" : "refused", reason: error.message });
	});
	socket.on("close", () => {
		tell({ kind: isConnected ? "reset" : "refused", reason: isAnswered ? "the answer broke off" : "the connection was closed" });
	});

	const connection: UpstreamConnection = {
		idleSince: 0,
		begin(next, to) {
			method = next;
			listener = to;
			pending = null;
			hasHead = false;
			isAnswered = false;
			isFinished = false;
			if (isConnected) to.onSent();
		},
		write: (bytes) => socket.write(bytes) || socket.destroyed,
		finish() {
			isFinished = true;
		},
		pause() {
			isPaused = true;
			socket.pause();
		},
		resume() {
			isPaused = false;
			socket.resume();
		},
		abort() {
			listener = null;
			close();
		},
		fail: (kind, reason) => tell({ kind, reason }),
		close,
		isReused: () => served > 0,
		isAnswered: () => isAnswered,
	};
	return connection;
}
