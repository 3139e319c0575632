import type { Mirror } from "../../../contract/traffic.ts";
import { tapBody } from "../capture/body-tap.ts";
import { countIn } from "../capture/counters.ts";
import { createVisit, type Visit } from "../client/visit.ts";
import type { Plane } from "../plane.ts";
import type { Arm } from "../routing/choose-arm.ts";
import type { ShadowCopies, ShadowCopy } from "../shadow/shadow-copies.ts";
import {
	addMessage,
	createMessageList,
	createWebSocketReader,
	describeMessages,
	type MessageList,
	type WebSocketMessage,
	type WebSocketReader,
} from "./frames.ts";
import type { ShadowSocket, ShadowTurn } from "./shadow-socket.ts";

/** What is known of the messages of one WebSocket from the bytes that pass. It only looks; it never holds one up. */
export type Turns = {
	fromClient(chunk: Buffer): void;
	fromServer(chunk: Buffer): void;
	sweep(at: number): void;
	end(clientLeft: boolean): void;
};

/** One exchange: a message of the client, or none, and what the server says until the client's next one. */
type Turn = { visit: Visit; answers: MessageList; copy: ShadowCopy | null; played: ShadowTurn | null; lastServerAt: number };

type TurnsDeps = {
	plane: Plane;
	target: string;
	routeId: string | null;
	arm: Arm;
	mirror: Mirror | null;
	copies: ShadowCopies;
	shadow: ShadowSocket | null;
	/** A server that has been quiet for so long has said its part. */
	settleMs: number;
	/** The plan of the moment still wants these messages. */
	isWanted(): boolean;
	now(): number;
};

const noBytes = Buffer.alloc(0);

export function createTurns({ plane, target, routeId, arm, mirror, copies, shadow, settleMs, isWanted, now }: TurnsDeps): Turns {
	const { limits, counters } = plane;
	let turn: Turn | null = null;
	let isOver = false;
	let hasClientSpoken = false;
	let greetings = 0;
	let greetedAt = now();

	const client = createWebSocketReader(true, limits.bodyCap, {
		onMessage(message) {
			greet();
			endTurn(null);
			if (!isWanted()) return stop();
			begin(message);
		},
		onControl() {},
		onLost: (reason) => lose(`the client's bytes: ${reason}`),
	});
	const server = createWebSocketReader(false, limits.bodyCap, {
		onMessage(message) {
			if (!hasClientSpoken) {
				greetings++;
				greetedAt = now();
			}
			if (turn === null) {
				countIn(counters.streams, "unsolicited");
				begin(null);
			}
			hear(message);
		},
		onControl() {},
		onLost: (reason) => lose(`the server's bytes: ${reason}`),
	});

	/** The shadow may now be told what legacy said by itself at the beginning. */
	function greet(): void {
		if (hasClientSpoken) return;
		hasClientSpoken = true;
		shadow?.opening.expect(greetings);
	}

	function begin(message: WebSocketMessage | null): void {
		const isCaptured = plane.isCapturing();
		const said = message === null ? null : createMessageList();
		if (message !== null && said !== null) addMessage(said, message, limits.bodyCap);
		const visit = createVisit(
			{
				startedAt: now(),
				protocol: "websocket",
				method: "WEBSOCKET",
				target,
				minor: 1,
				route: routeId,
				isCaptured,
				requestHead: isCaptured && said !== null ? headOf(said) : noBytes,
				isKeyed: false,
				awaitsContinue: false,
				isLast: false,
				decision: arm.why,
				planVersion: plane.table().version,
			},
			limits.bodyCap,
		);
		visit.arm = arm.kind;
		visit.mirrored = mirror !== null && message !== null;
		visit.deadline = visit.startedAt + limits.legacyTimeoutMs;
		plane.onBegun(visit);
		turn = { visit, answers: createMessageList(), copy: null, played: null, lastServerAt: 0 };
		if (message === null) {
			visit.error = "no message of the client came before";
			return;
		}
		for (const chunk of message.chunks) tapBody(visit.requestTap, chunk);
		visit.requestTap.size = message.size;
		if (mirror === null || shadow === null || !isCaptured) return;
		turn.copy = copies.begin(visit, mirror);
		if (turn.copy !== null) turn.played = shadow.send(message, turn.copy);
	}

	function hear(message: WebSocketMessage): void {
		if (turn === null) return;
		addMessage(turn.answers, message, turn.visit.answerTap.cap);
		turn.lastServerAt = now();
	}

	function endTurn(error: string | null, clientLeft = false, isCut = false): void {
		if (turn === null) return;
		const { visit, answers, copy, played } = turn;
		turn = null;
		if (answers.count > 0) {
			visit.status = 200;
			if (visit.isCaptured) visit.answerHead = headOf(answers);
			for (const chunk of answers.chunks) tapBody(visit.answerTap, chunk);
			visit.answerTap.size = answers.size;
		} else {
			visit.error = error ?? "the server said nothing before the client's next message";
			visit.clientLeft = clientLeft;
			visit.isClientError = isCut && !clientLeft;
		}
		plane.onEnded(visit);
		played?.expect(answers.count);
		copy?.exchangeEnded();
	}

	function stop(): void {
		isOver = true;
		shadow?.finish();
	}

	function lose(reason: string): void {
		countIn(counters.streams, "framing-lost");
		endTurn(`framing-lost: ${reason}`);
		begin(null);
		endTurn(`framing-lost: ${reason}; the rest of this WebSocket is passed on without being read`);
		stop();
	}

	function look(reader: WebSocketReader, chunk: Buffer): void {
		if (isOver) return;
		try {
			reader.push(chunk);
		} catch (fault) {
			// Whatever goes wrong here must not reach the connection itself.
			lose(`a fault of the gateway's own: ${fault instanceof Error ? fault.message : fault}`);
		}
	}

	return {
		fromClient: (chunk) => look(client, chunk),
		fromServer: (chunk) => look(server, chunk),
		sweep(at) {
			if (isOver) return;
			if (!hasClientSpoken && at - greetedAt >= settleMs) greet();
			if (turn === null) return;
			const { answers, lastServerAt, visit } = turn;
			if (answers.count > 0 && at - lastServerAt >= settleMs) endTurn(null);
			else if (at >= visit.deadline) endTurn(`no message within ${limits.legacyTimeoutMs} ms`);
		},
		end(clientLeft) {
			if (isOver) return;
			if (!client.isBetween() || !server.isBetween()) countIn(counters.streams, "cut-message");
			endTurn(clientLeft ? "the client left" : "the connection ended before the answer", clientLeft, true);
			stop();
		},
	};
}

/** As a head of the wire, which the capture knows to read. */
function headOf(messages: MessageList): Buffer {
	return Buffer.from(`WEBSOCKET\r\nWebSocket-Messages: ${describeMessages(messages)}\r\n\r\n`, "latin1");
}
