import type { Listener } from "../../../contract/listeners.ts";
import type { Decision, Exchange } from "../../../contract/traffic.ts";
import { tapBody } from "../capture/body-tap.ts";
import { countIn } from "../capture/counters.ts";
import { createVisit, type Visit } from "../client/visit.ts";
import type { Plane } from "../plane.ts";
import type { ShadowCopy } from "../shadow/shadow-copies.ts";
import { createFramer } from "./framing.ts";
import { createKeyReader, createWaiting } from "./pairing.ts";

export type TcpListener = Extract<Listener, { kind: "tcp" }>;

/** What is known of the messages of one connection from the bytes that pass. It only looks; it never holds one up. */
export type Conversation = {
	fromClient(chunk: Buffer, at: number): void;
	fromServer(chunk: Buffer, at: number): void;
	/** Gives up requests that have waited too long; to be called several times a second. */
	sweep(at: number): void;
	/** The connection is over. `isOurs`: the client met a failure that the gateway caused or could not prevent. */
	end(error: string, isOurs: boolean, clientLeft: boolean): void;
	/** No message is half seen and no request waits. */
	isQuiet(): boolean;
};

type ConversationDeps = {
	plane: Plane;
	listener: TcpListener;
	route: string | null;
	arm: Exchange["arm"];
	/** By the plan of the moment. */
	decide(): { decision: Decision; mirrored: boolean };
	/** A copy of a request whose answer will be compared. */
	copy(frame: Buffer, key: string, visit: Visit): ShadowCopy | null;
};

/** Requests that may wait for their answers on one connection. */
const waitingLimit = 1_024;
const waitingBytes = 4 * 1024 * 1024;
const noBytes = Buffer.alloc(0);

type Request = { visit: Visit; copy: ShadowCopy | null };

export function createConversation({ plane, listener, route, arm, decide, copy }: ConversationDeps): Conversation {
	const { limits, counters } = plane;
	const readKey = createKeyReader(listener.pairing);
	const isOrdered = listener.pairing.kind === "order";
	const waiting = createWaiting<Request>();
	let heldBytes = 0;
	let isOver = false;
	let clock = 0;

	const client = createFramer(listener.framing, {
		onMessage(frame, head) {
			if (isOver) return;
			const read = readKey(frame, head, "client");
			if (read === null) return tellAlone(frame, noBytes, "the message has nothing to be paired by");
			if (read.isReply) return tellAlone(frame, noBytes, "an answer to a message of the server");
			begin(frame, read.key);
		},
		onLost: (reason) => lose("framing-lost", `the client's bytes do not keep to the framing: ${reason}`),
	});
	const server = createFramer(listener.framing, {
		onMessage(frame, head) {
			if (isOver) return;
			const read = readKey(frame, head, "server");
			const request = read?.isReply ? waiting.take(read.key) : null;
			if (request !== null) return answer(request, frame);
			countIn(counters.streams, "unsolicited");
			tellAlone(noBytes, frame, "no request waits for this message");
		},
		onLost: (reason) => lose("framing-lost", `the server's bytes do not keep to the framing: ${reason}`),
	});

	function open(frame: Buffer, mirrored: boolean, decision: Decision): Visit {
		const visit = createVisit(
			{
				startedAt: clock,
				protocol: "tcp",
				method: "TCP",
				target: `/${listener.id}`,
				minor: 1,
				route,
				isCaptured: plane.isCapturing(),
				requestHead: noBytes,
				isKeyed: false,
				awaitsContinue: false,
				isLast: false,
				decision,
				planVersion: plane.table().version,
			},
			limits.bodyCap,
		);
		visit.arm = arm;
		visit.mirrored = mirrored;
		if (frame.length > 0) tapBody(visit.requestTap, frame);
		plane.onBegun(visit);
		return visit;
	}

	function begin(frame: Buffer, key: string): void {
		const { decision, mirrored } = decide();
		const visit = open(frame, mirrored, decision);
		visit.deadline = clock + limits.legacyTimeoutMs;
		heldBytes += visit.requestTap.kept;
		// Without somebody who takes the exchange, its drop is counted with it.
		waiting.add(key, { visit, copy: mirrored && visit.isCaptured ? copy(frame, key, visit) : null });
		while (waiting.size > waitingLimit || (heldBytes > waitingBytes && waiting.size > 1)) {
			giveUp(`more than ${waiting.size - 1} requests wait for their answers`);
		}
	}

	function answer(request: Request, frame: Buffer): void {
		const { visit } = request;
		visit.status = 200;
		tapBody(visit.answerTap, frame);
		leave(request);
	}

	function leave({ visit, copy: sent }: Request): void {
		heldBytes -= visit.requestTap.kept;
		plane.onEnded(visit);
		sent?.exchangeEnded();
	}

	/** A message without a partner. */
	function tellAlone(request: Buffer, response: Buffer, error: string): void {
		const visit = open(request, false, decide().decision);
		visit.error = error;
		if (response.length > 0) {
			visit.status = 200;
			tapBody(visit.answerTap, response);
		}
		plane.onEnded(visit);
	}

	/** The oldest request will not be answered. Where answers are told apart by their order alone, all that follow are in doubt. */
	function giveUp(reason: string): void {
		if (isOrdered) {
			lose("pairing-lost", `${reason}, and answers are paired by their order`);
			return;
		}
		const oldest = waiting.oldest();
		if (oldest === null) return;
		waiting.remove(oldest.key, oldest.entry);
		oldest.entry.visit.error = reason;
		leave(oldest.entry);
	}

	function drainWaiting(error: string, isOurs: boolean, clientLeft: boolean): void {
		for (let next = waiting.oldest(); next !== null; next = waiting.oldest()) {
			waiting.remove(next.key, next.entry);
			const { visit } = next.entry;
			visit.error = error;
			visit.isClientError = isOurs;
			visit.clientLeft = clientLeft;
			leave(next.entry);
		}
	}

	/** From here on the bytes of this connection pass unread. */
	function lose(kind: "framing-lost" | "pairing-lost", reason: string): void {
		if (isOver) return;
		isOver = true;
		countIn(counters.streams, kind);
		drainWaiting(`${kind}: ${reason}`, false, false);
		tellAlone(noBytes, noBytes, `${kind}: ${reason}; the rest of this connection is passed on without being read`);
	}

	function look(framer: typeof client, chunk: Buffer, at: number): void {
		if (isOver) return;
		clock = at;
		try {
			framer.push(chunk);
		} catch (fault) {
			// Whatever goes wrong here must not reach the connection itself.
			lose("framing-lost", `a fault of the gateway's own: ${fault instanceof Error ? fault.message : fault}`);
		}
	}

	return {
		fromClient: (chunk, at) => look(client, chunk, at),
		fromServer: (chunk, at) => look(server, chunk, at),
		sweep(at) {
			clock = at;
			for (let next = waiting.oldest(); next !== null && next.entry.visit.deadline <= at; next = waiting.oldest()) {
				giveUp(`no answer within ${limits.legacyTimeoutMs} ms`);
			}
		},
		end(error, isOurs, clientLeft) {
			if (isOver) return;
			isOver = true;
			if (!client.isBetween() || !server.isBetween()) countIn(counters.streams, "cut-message");
			drainWaiting(error, isOurs, clientLeft);
		},
		isQuiet: () => isOver || (waiting.size === 0 && client.isBetween() && server.isBetween()),
	};
}
