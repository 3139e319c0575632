import { randomBytes } from "node:crypto";
import { createServer, type Socket } from "node:net";
import type { Listener } from "../../contract/listeners.ts";
import type { Exchange, RoutePlan, ShadowAnswer, Upstream } from "../../contract/traffic.ts";
import { compilePlan, type PlannedRoute } from "../control/index.ts";
import { BATCH_HEAD, decodeBatch, encodeBatch } from "../hot/capture/exchange-codec.ts";
import type { Front, HttpListener } from "../hot/client/front.ts";
import { createDataPlane, type DataPlane, type EndedVisit } from "../hot/data-plane.ts";
import { answerSize, decodeAnswers, encodeAnswers, type RawAnswer } from "../hot/mirror/answer-codec.ts";
import { defaultLimits, type Limits } from "../hot/protocol.ts";
import { type StreamTimes, streamTimes } from "../hot/stream/stream-server.ts";
import { readPem, type TlsKeys } from "../hot/tls/pem-files.ts";
import type { HandshakeLimits } from "../hot/tls/tls-front.ts";
import { freePort } from "./upstream.ts";

export { sessionLimits } from "../hot/http2/client-session.ts";

/** Keys of the files on the disk, and a secret of their own. */
export const newKeys = (): TlsKeys => ({ secret: randomBytes(32), read: readPem });

/** Shorter than usual. */
export type FrontTimes = { times?: Partial<StreamTimes>; handshakes?: HandshakeLimits };

export type TestFront = {
	port: number;
	plane: DataPlane;
	front: Front;
	/** Every exchange and every answer of a shadow, as the core would read them. */
	seen: Exchange[];
	answers: ShadowAnswer[];
	setCapturing(isCapturing: boolean): void;
	close(): Promise<void>;
};

/** A data plane in the test's own process behind one listener. */
export async function startPlane(
	plan: RoutePlan,
	listenerOn: (port: number) => Listener,
	limits: Partial<Limits> = {},
	{ times = {}, handshakes = {} }: FrontTimes = {},
): Promise<TestFront> {
	const port = await freePort();
	const seen: Exchange[] = [];
	const answers: ShadowAnswer[] = [];
	let isCapturing = true;
	const plane = createDataPlane({
		plan,
		limits: { ...defaultLimits, ...limits },
		lastSeq: 0,
		isCapturing: () => isCapturing,
		onEnded: (ended: EndedVisit) => seen.push(...decodeBatch(encodeBatch(ended.seq, [ended]).subarray(BATCH_HEAD)).items),
		onShadowAnswer: (answer) => answers.push(...asRead(answer)),
		streamTimes: { ...streamTimes, ...times },
	});
	const front = plane.open(listenerOn(port), newKeys(), handshakes);
	const sockets = new Set<Socket>();
	const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
		sockets.add(socket);
		socket.once("close", () => sockets.delete(socket));
		front.take(socket);
	});
	await new Promise<void>((resolve, reject) => server.once("error", reject).listen({ host: "127.0.0.1", port }, resolve));
	return {
		port,
		plane,
		front,
		seen,
		answers,
		setCapturing(next) {
			isCapturing = next;
		},
		async close() {
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
			plane.close();
		},
	};
}

/** The same for HTTP. */
export function startFront(
	routes: { legacy: Upstream | null; routes?: PlannedRoute[] },
	listener: Partial<HttpListener> = {},
	limits: Partial<Limits> = {},
	handshakes: HandshakeLimits = {},
): Promise<TestFront> {
	const plan = compilePlan({ version: 1, idempotencyHeader: "Idempotency-Key", reason: "test", routes: [], ...routes });
	return startPlane(plan, (port) => ({ kind: "http", id: "test", host: "127.0.0.1", port, ...listener }), limits, { handshakes });
}

const asRead = (answer: RawAnswer): ShadowAnswer[] =>
	decodeAnswers(encodeAnswers([answer], answerSize(answer)).subarray(BATCH_HEAD)).answers;
