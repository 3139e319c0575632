import { randomFillSync } from "node:crypto";

/** RFC 6455, 5.2. */
export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

/** One whole message, put together from its fragments. `chunks` hold at most the cap; `size` is what it really had. */
export type WebSocketMessage = { isText: boolean; size: number; chunks: Buffer[] };

export type WebSocketSink = {
	onMessage(message: WebSocketMessage): void;
	onControl(opcode: number, payload: Buffer): void;
	/** These bytes are no WebSocket, or carry an extension; nothing is told after this. */
	onLost(reason: string): void;
};

/** Reads one direction from its first byte behind the handshake, however it comes cut. */
export type WebSocketReader = { push(chunk: Buffer): void; isBetween(): boolean };

const controlLimit = 125;
const gathered = 256;

/** `isMasked`: the client's direction. `cap`: bytes of a message that are kept. */
export function createWebSocketReader(isMasked: boolean, cap: number, sink: WebSocketSink): WebSocketReader {
	const head = Buffer.alloc(14);
	let headSize = 0;
	/** Of the frame whose payload comes now. */
	let left = 0;
	let opcode = 0;
	let isFinal = false;
	let passed = 0;
	const mask = Buffer.alloc(4);
	let message: WebSocketMessage | null = null;
	let kept = 0;
	let control: Buffer[] = [];
	let isInPayload = false;
	let isOver = false;

	function lose(reason: string): void {
		isOver = true;
		message = null;
		sink.onLost(reason);
	}

	/** Bytes that the head needs, as far as its bytes so far tell. */
	function headNeed(): number {
		if (headSize < 2) return 2;
		const length = (head[1] as number) & 127;
		return 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + (isMasked ? 4 : 0);
	}

	/** Why this frame may not stand here, or null. */
	function faultOf(first: number, second: number): string | null {
		if ((first & 0x70) !== 0) return "a reserved bit is set: an extension that was not agreed on";
		if (second >= 128 !== isMasked) return isMasked ? "a client's frame without a mask" : "a server's frame with a mask";
		if (opcode > PONG || (opcode > BINARY && opcode < CLOSE)) return `the opcode ${opcode}`;
		if (opcode >= CLOSE && (!isFinal || (second & 127) > controlLimit)) return "a control frame in pieces, or too long";
		if (opcode === 0 && message === null) return "a continuation of nothing";
		if ((opcode === TEXT || opcode === BINARY) && message !== null) return "a message inside another";
		return null;
	}

	/** The first two bytes are there. False: it was the loss. */
	function checkFrame(): boolean {
		const [first, second] = [head[0] as number, head[1] as number];
		isFinal = first >= 128;
		opcode = first & 15;
		const fault = faultOf(first, second);
		if (fault !== null) lose(fault);
		return fault === null;
	}

	/** The whole head is there. False: it was the loss. */
	function beginFrame(): boolean {
		const length = (head[1] as number) & 127;
		left = length === 126 ? head.readUInt16BE(2) : length === 127 ? Number(head.readBigUInt64BE(2)) : length;
		if (!Number.isSafeInteger(left)) {
			lose("a frame without end");
			return false;
		}
		if (isMasked) head.copy(mask, 0, headSize - 4, headSize);
		passed = 0;
		isInPayload = true;
		if (opcode >= CLOSE) control = [];
		else if (opcode !== 0) {
			message = { isText: opcode === TEXT, size: 0, chunks: [] };
			kept = 0;
		}
		return true;
	}

	function plain(piece: Buffer): Buffer {
		if (!isMasked) return piece;
		const clear = Buffer.allocUnsafe(piece.length);
		for (let index = 0; index < piece.length; index++) clear[index] = (piece[index] as number) ^ (mask[(passed + index) & 3] as number);
		return clear;
	}

	function take(piece: Buffer): void {
		if (opcode >= CLOSE) control.push(plain(piece));
		else if (message !== null) {
			message.size += piece.length;
			const room = Math.min(piece.length, cap - kept);
			if (room > 0) {
				message.chunks.push(plain(piece.subarray(0, room)));
				kept += room;
				// Many small fragments cost more than their bytes.
				if (message.chunks.length % gathered === 0) message.chunks.push(Buffer.concat(message.chunks.splice(-gathered)));
			}
		}
		passed += piece.length;
		left -= piece.length;
	}

	function endFrame(): void {
		isInPayload = false;
		headSize = 0;
		if (opcode >= CLOSE) {
			// No data may follow a close.
			if (opcode === CLOSE) isOver = true;
			sink.onControl(opcode, control.length === 1 ? (control[0] as Buffer) : Buffer.concat(control));
		} else if (isFinal && message !== null) {
			const whole = message;
			message = null;
			sink.onMessage(whole);
		}
	}

	return {
		push(chunk) {
			let at = 0;
			while (!isOver && at < chunk.length) {
				if (!isInPayload) {
					const missing = Math.min(headNeed() - headSize, chunk.length - at);
					chunk.copy(head, headSize, at, at + missing);
					headSize += missing;
					at += missing;
					if (headSize === 2 && !checkFrame()) return;
					if (headSize < headNeed()) continue;
					if (!beginFrame()) return;
				}
				const piece = chunk.subarray(at, at + Math.min(left, chunk.length - at));
				if (piece.length > 0) take(piece);
				at += piece.length;
				if (left === 0) endFrame();
			}
		},
		isBetween: () => headSize === 0 && message === null,
	};
}

/** A whole frame, masked as a client must. */
export function encodeClientFrame(opcode: number, payload: Buffer): Buffer {
	const { length } = payload;
	const extra = length > 0xffff ? 8 : length > controlLimit ? 2 : 0;
	const frame = Buffer.allocUnsafe(2 + extra + 4 + length);
	frame[0] = 128 | opcode;
	frame[1] = 128 | (extra === 8 ? 127 : extra === 2 ? 126 : length);
	if (extra === 2) frame.writeUInt16BE(length, 2);
	else if (extra === 8) frame.writeBigUInt64BE(BigInt(length), 2);
	const from = 2 + extra;
	randomFillSync(frame, from, 4);
	for (let index = 0; index < length; index++) frame[from + 4 + index] = (payload[index] as number) ^ (frame[from + (index & 3)] as number);
	return frame;
}

/** Messages one behind the other as one body, of which at most the cap is kept. */
export type MessageList = { count: number; size: number; kept: number; chunks: Buffer[]; described: string[] };

const describedLimit = 1_000;

export const createMessageList = (): MessageList => ({ count: 0, size: 0, kept: 0, chunks: [], described: [] });

export function addMessage(list: MessageList, { isText, size, chunks }: WebSocketMessage, cap: number): void {
	list.count++;
	list.size += size;
	if (list.described.length < describedLimit) list.described.push(`${isText ? "text" : "binary"} ${size}`);
	for (const chunk of chunks) {
		const part = chunk.subarray(0, cap - list.kept);
		if (part.length === 0) return;
		list.chunks.push(part);
		list.kept += part.length;
	}
}

/** Type and length of each, by which the body can be taken apart again: `text 12, binary 40`. */
export const describeMessages = ({ described }: MessageList): string => described.join(", ");
