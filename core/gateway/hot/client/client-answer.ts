import type { Socket } from "node:net";
import { createBodyTap, tapBody } from "../capture/body-tap.ts";
import type { BodySink } from "../http1/body-reader.ts";
import { CHUNKED, NO_BODY, UNTIL_CLOSE } from "../http1/request-head.ts";
import type { ResponseHead } from "../http1/response-head.ts";
import { isUnchanged, responseHeadFor } from "../http1/rewrite-head.ts";
import type { CodedAnswer } from "./coded-answer.ts";
import type { Visit } from "./visit.ts";

/** One answer after the other on a client's connection. An answer may be held back until it is known to be whole. */
export type ClientAnswer = BodySink & {
	begin(visit: Visit, isHeld: boolean): void;
	/** `100 Continue` and its like. */
	interim(head: ResponseHead): void;
	/** The upstream's head; valid during the call only. */
	start(head: ResponseHead): void;
	/** No more comes for now: what waits for company goes alone. */
	flush(): void;
	/** What was held back goes to the client, and from here on everything does at once. */
	release(): void;
	/** What was held back is forgotten, as if it had never come. */
	discard(): void;
	end(): void;
	coded(answer: CodedAnswer): void;
	/** The client may have seen a byte of an answer. */
	isStarted(): boolean;
	/** The client cannot take more now; `drained` is to be called when it can. */
	isFull(): boolean;
	drained(): void;
	heldBytes(): number;
};

/** As many bytes are copied together rather than written apart. */
const JOINED = 8 * 1024;

const chunkEnd = Buffer.from("\r\n");
const lastChunk = Buffer.from("0\r\n\r\n");
const continued = Buffer.from("HTTP/1.1 100 Continue\r\n\r\n");
const noBytes = Buffer.alloc(0);

export function createClientAnswer(socket: Socket): ClientAnswer {
	let visit: Visit | null = null;
	let held: Buffer[] | null = null;
	let heldBytes = 0;
	/** Waits to be written together with what follows it. */
	let head: Buffer = noBytes;
	let isStarted = false;
	let isFull = false;
	/** How the upstream's body becomes the client's: its own bytes, only what they frame, or in chunks of our own. */
	let framing: "wire" | "payload" | "chunks" = "wire";

	function send(bytes: Buffer): void {
		// False is also said by a socket that is gone, which will never drain.
		if (!socket.write(bytes)) isFull = socket.writableNeedDrain;
	}

	function write(bytes: Buffer): void {
		if (held !== null) {
			held.push(bytes);
			heldBytes += bytes.length;
			return;
		}
		isStarted = true;
		if (head.length === 0) {
			send(bytes);
			return;
		}
		const first = head;
		head = noBytes;
		// As the upstream sent them, one behind the other.
		if (first.buffer === bytes.buffer && first.byteOffset + first.length === bytes.byteOffset)
			send(Buffer.from(first.buffer, first.byteOffset, first.length + bytes.length));
		else if (first.length + bytes.length <= JOINED) send(Buffer.concat([first, bytes], first.length + bytes.length));
		else {
			socket.cork();
			send(first);
			send(bytes);
			socket.uncork();
		}
	}

	function flush(): void {
		if (held !== null || head.length === 0) return;
		const first = head;
		head = noBytes;
		isStarted = true;
		send(first);
	}

	/** `Connection` for the client; decides whether it may be used again. */
	function connectionLine(answering: Visit, hasEnd: boolean): string {
		if (!hasEnd) answering.isLast = true;
		if (answering.isLast) return "Connection: close\r\n";
		return answering.minor === 0 ? "Connection: keep-alive\r\n" : "";
	}

	return {
		begin(next, isHeld) {
			visit = next;
			held = isHeld ? [] : null;
			heldBytes = 0;
			head = noBytes;
			isStarted = false;
		},
		interim(interim) {
			if (visit === null || visit.minor === 0) return;
			if (interim.status === 100) {
				if (!visit.awaitsContinue) return;
				visit.awaitsContinue = false;
				socket.write(continued);
			} else socket.write(responseHeadFor(interim, { connection: "", withoutCoding: false, addsCoding: false }));
		},
		start(answer) {
			if (visit === null) return;
			const isOld = visit.minor === 0;
			const isBodiless = answer.body === NO_BODY;
			framing = answer.body === UNTIL_CLOSE && !isOld ? "chunks" : answer.body === CHUNKED && isOld ? "payload" : "wire";
			const hasEnd = isBodiless || framing === "chunks" || (answer.body !== UNTIL_CLOSE && framing === "wire");
			visit.status = answer.status;
			const rewrite = {
				connection: connectionLine(visit, hasEnd),
				withoutCoding: isOld || answer.status === 204 || answer.status === 304,
				addsCoding: framing === "chunks",
			};
			const isWhole = isUnchanged(answer, rewrite);
			const found = isWhole || visit.isCaptured ? answer.bytes.subarray(answer.start, answer.end) : noBytes;
			if (visit.isCaptured) visit.answerHead = found;
			head = isWhole ? found : responseHeadFor(answer, rewrite);
		},
		onWire(bytes) {
			if (framing === "wire") write(bytes);
		},
		onPayload(bytes) {
			if (visit !== null) tapBody(visit.answerTap, bytes);
			if (framing === "payload") write(bytes);
			else if (framing === "chunks") {
				write(Buffer.from(`${bytes.length.toString(16)}\r\n`, "latin1"));
				write(bytes);
				write(chunkEnd);
			}
		},
		onTrailers(lines) {
			if (visit?.isCaptured === true) visit.answerTrailers = Buffer.from(lines);
		},
		flush,
		release() {
			if (held === null) return;
			const waiting = held;
			held = null;
			heldBytes = 0;
			for (const bytes of waiting) write(bytes);
		},
		discard() {
			if (visit !== null) {
				visit.answerTap = createBodyTap(visit.requestTap.cap);
				visit.answerHead = noBytes;
				visit.answerTrailers = noBytes;
				visit.status = 0;
			}
			held = null;
			heldBytes = 0;
			head = noBytes;
		},
		end() {
			if (framing === "chunks") write(lastChunk);
			flush();
		},
		coded(answer) {
			if (visit === null) return;
			framing = "wire";
			held = null;
			visit.status = answer.status;
			visit.answerHead = answer.head;
			tapBody(visit.answerTap, answer.body);
			head = answer.head;
			write(answer.body);
		},
		isStarted: () => isStarted,
		isFull: () => isFull,
		drained() {
			isFull = false;
		},
		heldBytes: () => heldBytes,
	};
}
