import type { Socket } from "node:net";
import type { Mirror, Upstream } from "../../../contract/traffic.ts";
import { countIn } from "../capture/counters.ts";
import { defaultMirrorTimeoutMs, type ShadowCopy } from "../shadow/shadow-copies.ts";
import { readyEvent } from "../tls/upstream-tls.ts";
import {
	addMessage,
	BINARY,
	CLOSE,
	createMessageList,
	createWebSocketReader,
	describeMessages,
	encodeClientFrame,
	type MessageList,
	PING,
	PONG,
	TEXT,
	type WebSocketMessage,
} from "./frames.ts";
import { type Handshake, shadowHandshake } from "./handshake.ts";

/** A turn of the client's connection, played again. `expect`: how many messages legacy's turn had, once that is over. */
export type ShadowTurn = { expect(count: number): void };

/** The shadow's side of one client's WebSocket: a connection of its own, on which the client's messages come turn by turn. */
export type ShadowSocket = {
	send(message: WebSocketMessage, copy: ShadowCopy): ShadowTurn;
	/** What legacy says before the client's first word. */
	readonly opening: ShadowTurn;
	sweep(at: number): void;
	/** The client is gone: closes when the turns have been played or given up. */
	finish(): void;
	isClosed(): boolean;
};

type Turn = {
	message: WebSocketMessage | null;
	copy: ShadowCopy | null;
	expected: number | null;
	got: MessageList;
	sentAt: number;
	lastAt: number;
};

type SocketDeps = {
	handshake: Handshake;
	mirror: Mirror;
	streams: Record<string, number>;
	cap: number;
	/** A server that has been quiet for so long has said its part. */
	settleMs: number;
	open(upstream: Upstream): Socket;
	now(): number;
};

const headLimit = 16 * 1024;
const waitingLimit = 64;
const waitingBytes = 4 * 1024 * 1024;
const noBytes = Buffer.alloc(0);

export function createShadowSocket({ handshake, mirror, streams, cap, settleMs, open, now }: SocketDeps): ShadowSocket {
	const { upstream, timeoutMs = defaultMirrorTimeoutMs } = mirror;
	const socket = open(upstream);
	const turns: Turn[] = [];
	let current: Turn | null = null;
	let heldBytes = 0;
	let head: Buffer | null = noBytes;
	let gone: string | null = null;
	let isFinishing = false;

	const reader = createWebSocketReader(false, cap, {
		onMessage(message) {
			if (current === null) {
				countIn(streams, "shadow-unsolicited");
				return;
			}
			addMessage(current.got, message, cap);
			current.lastAt = now();
			play(current.lastAt);
		},
		onControl(opcode, payload) {
			if (opcode === PING && gone === null) socket.write(encodeClientFrame(PONG, payload));
			else if (opcode === CLOSE) hangUp("the shadow closed the WebSocket");
		},
		onLost: (reason) => hangUp(`the shadow's bytes are no WebSocket: ${reason}`),
	});

	socket.on(readyEvent(socket), () => socket.write(shadowHandshake(handshake, `${upstream.host}:${upstream.port}`)));
	socket.on("data", (chunk: Buffer) => {
		if (head === null) return reader.push(chunk);
		head = Buffer.concat([head, chunk]);
		const end = head.indexOf("\r\n\r\n");
		if (end === -1) return head.length > headLimit ? hangUp("the shadow's answer to the handshake has no end") : undefined;
		const status = /^HTTP\/1\.[01] (\d{3})/.exec(head.toString("latin1", 0, end))?.[1];
		if (status !== "101") return hangUp(`the shadow refused the upgrade with ${status ?? "no status"}`);
		const rest = head.subarray(end + 4);
		head = null;
		play(now());
		if (rest.length > 0) reader.push(rest);
	});
	socket.on("error", (error: NodeJS.ErrnoException) => hangUp(`the shadow's connection failed (${error.code ?? error.message})`));
	socket.on("end", () => hangUp("the shadow ended the connection"));
	socket.on("close", () => hangUp("the shadow closed the connection"));

	function hangUp(reason: string): void {
		if (gone !== null) return;
		gone = reason;
		socket.destroy();
		for (const turn of current === null ? turns : [current, ...turns]) settle(turn, reason);
		turns.length = 0;
		current = null;
	}

	function settle({ copy, got }: Turn, error: string): void {
		if (copy !== null) {
			if (got.count === 0) copy.fail(error);
			else copy.answer([["WebSocket-Messages", describeMessages(got)]], got.chunks, got.size);
		} else if (got.count > 0) streams["shadow-unsolicited"] = (streams["shadow-unsolicited"] ?? 0) + got.count;
	}

	/** Why the turn is over, or null while the shadow still has the word. */
	function endOf(turn: Turn, at: number): string | null {
		if (at - turn.sentAt >= timeoutMs) return `no answer within ${timeoutMs} ms`;
		if (turn.expected === null || turn.got.count < turn.expected) return null;
		return turns.length > 0 || at - turn.lastAt >= settleMs ? "no message came" : null;
	}

	function play(at: number): void {
		while (gone === null && head === null) {
			if (current !== null) {
				const end = endOf(current, at);
				if (end === null) return;
				settle(current, end);
				current = null;
			}
			const next = turns.shift();
			if (next === undefined) {
				if (isFinishing) {
					socket.write(encodeClientFrame(CLOSE, Buffer.from([0x03, 0xe8])));
					hangUp("");
				}
				return;
			}
			current = next;
			next.sentAt = at;
			next.lastAt = at;
			if (next.message !== null) {
				heldBytes -= next.message.size;
				socket.write(encodeClientFrame(next.message.isText ? TEXT : BINARY, Buffer.concat(next.message.chunks)));
				next.message = null;
			}
		}
	}

	function add(message: WebSocketMessage | null, copy: ShadowCopy | null): ShadowTurn {
		const at = now();
		const turn: Turn = { message, copy, expected: null, got: createMessageList(), sentAt: at, lastAt: at };
		heldBytes += message?.size ?? 0;
		turns.push(turn);
		play(at);
		return {
			expect(count) {
				turn.expected = count;
				play(now());
			},
		};
	}

	return {
		opening: add(null, null),
		send(message, copy) {
			const { size } = message;
			if (size > cap) copy.drop("shadow-large");
			else if (gone !== null) copy.fail(gone);
			else if (isFinishing) copy.drop("shadow-late");
			else if (turns.length >= waitingLimit || heldBytes + size > waitingBytes || socket.writableLength > waitingBytes)
				copy.drop("shadow-busy");
			else return add(message, copy);
			return { expect() {} };
		},
		sweep(at) {
			if (gone !== null) return;
			if (head === null) return play(at);
			// Not open yet: what has waited too long is given up in its order.
			while (turns[0] !== undefined && at - turns[0].sentAt >= timeoutMs) {
				if (turns[0].copy === null) return hangUp(`the shadow took no WebSocket within ${timeoutMs} ms`);
				const late = turns.shift() as Turn;
				heldBytes -= late.message?.size ?? 0;
				settle(late, `no answer within ${timeoutMs} ms`);
			}
		},
		finish() {
			isFinishing = true;
			if (head !== null && turns.every(({ copy }) => copy === null)) hangUp("");
			else play(now());
		},
		isClosed: () => gone !== null,
	};
}
