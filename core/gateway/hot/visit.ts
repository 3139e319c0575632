import type { IncomingMessage, ServerResponse } from "node:http";
import type { Exchange } from "../../contract/traffic.ts";
import { type BodyTap, createBodyTap } from "./body-tap.ts";
import { type CodedAnswer, sendCoded } from "./coded-answer.ts";
import type { Answer, Sent } from "./forward.ts";
import { pairsOf, type RawHeaders, withoutHeader, withoutHopByHop } from "./headers.ts";
import { pump } from "./pump.ts";

/** One request on its way through the gateway, and what will be told of it. Mutable; lives as long as the request is open. */
export type Visit = {
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
	readonly startedAt: number;
	readonly method: string;
	readonly target: string;
	readonly route: string | null;
	readonly requestTap: BodyTap;
	readonly answerTap: BodyTap;
	/** The client sent `Expect: 100-continue` and nobody has answered it yet. */
	awaitsContinue: boolean;
	isKeyed: boolean;
	/** The gateway is going: this connection is not to be used again. */
	isLast: boolean;
	mirrored: boolean;
	arm: Exchange["arm"];
	planVersion: number;
	status: number;
	answerHeaders: [string, string][];
	error: string | null;
	/** The client met a failure that the gateway caused or could not prevent. */
	isClientError: boolean;
	clientLeft: boolean;
	sent: Sent | null;
};

export type VisitStart = Pick<
	Visit,
	"request" | "response" | "startedAt" | "route" | "awaitsContinue" | "isKeyed" | "isLast" | "planVersion"
>;

export function createVisit(start: VisitStart, bodyCap: number): Visit {
	return {
		...start,
		method: start.request.method ?? "GET",
		target: start.request.url ?? "/",
		requestTap: createBodyTap(bodyCap),
		answerTap: createBodyTap(bodyCap),
		mirrored: false,
		arm: "legacy",
		status: 0,
		answerHeaders: [],
		error: null,
		isClientError: false,
		clientLeft: false,
		sent: null,
	};
}

/** The client may send its body now. */
export function letContinue(visit: Visit): void {
	if (!visit.awaitsContinue) return;
	visit.awaitsContinue = false;
	visit.response.writeContinue();
}

/** An upstream's answer that is there as a whole. Throws when node refuses its head as malformed. */
export function answerWhole(visit: Visit, answer: Answer, bytes: Buffer): void {
	startAnswer(visit, answer);
	visit.answerTap.push(bytes);
	endAnswer(visit, answer, bytes);
}

/** An upstream's answer as it comes; `head` was read before. Throws when node refuses its head as malformed. */
export function answerStreamed(visit: Visit, answer: Answer, head: Buffer | null): void {
	startAnswer(visit, answer);
	if (head) {
		visit.answerTap.push(head);
		visit.response.write(head);
	}
	pump(answer.body, visit.response, (chunk) => visit.answerTap.push(chunk), {
		onEnd: () => endAnswer(visit, answer, null),
		onCut(reason) {
			if (visit.clientLeft) return;
			visit.error = `the answer broke off (${reason})`;
			visit.isClientError = true;
			visit.response.destroy();
		},
	});
}

export function answerCoded(visit: Visit, coded: CodedAnswer): void {
	visit.status = coded.status;
	visit.answerHeaders = coded.headers;
	visit.answerTap.push(coded.body);
	// A request body that nobody reads would be taken for the next request.
	sendCoded(visit.response, coded, visit.isLast || !visit.request.complete);
}

function startAnswer(visit: Visit, answer: Answer): void {
	visit.response.sendDate = false;
	visit.response.writeHead(answer.status, answer.statusText, clientHeaders(visit, answer));
	visit.status = answer.status;
	visit.answerHeaders = pairsOf(answer.headers);
}

function endAnswer(visit: Visit, answer: Answer, bytes: Buffer | null): void {
	if (answer.body.rawTrailers.length > 0) visit.response.addTrailers(pairsOf(answer.body.rawTrailers));
	if (bytes) visit.response.end(bytes);
	else visit.response.end();
}

function clientHeaders(visit: Visit, answer: Answer): RawHeaders {
	let headers = withoutHopByHop(answer.headers);
	const isUnframed = visit.request.httpVersion === "1.0" || answer.status === 204 || answer.status === 304;
	if (isUnframed) headers = withoutHeader(headers, "transfer-encoding");
	if (visit.isLast) headers.push("Connection", "close");
	return headers;
}
