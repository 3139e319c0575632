import { randomBytes } from "node:crypto";
import { createServer, type Socket } from "node:net";
import type { Exchange, RoutePlan, Upstream } from "../../contract/traffic.ts";
import { compilePlan, type PlannedRoute } from "../control/index.ts";
import { createDataPlane, type DataPlane, type EndedVisit } from "../hot/data-plane.ts";
import { BATCH_HEAD, decodeBatch, encodeBatch } from "../hot/exchange-codec.ts";
import type { HttpFront, HttpListener } from "../hot/http-front.ts";
import { defaultLimits, type Limits } from "../hot/protocol.ts";
import type { HandshakeLimits } from "../hot/tls/tls-front.ts";
import { freePort } from "./upstream.ts";

export type TestFront = {
	port: number;
	plane: DataPlane;
	front: HttpFront;
	/** Every exchange, as the core would read it. */
	seen: Exchange[];
	close(): Promise<void>;
};

/** A data plane in the test's own process behind one listener. */
export async function startFront(
	routes: { legacy: Upstream | null; routes?: PlannedRoute[] },
	listener: Partial<HttpListener> = {},
	limits: Partial<Limits> = {},
	handshakes: HandshakeLimits = {},
): Promise<TestFront> {
	const port = await freePort();
	const plan: RoutePlan = compilePlan({ version: 1, idempotencyHeader: "Idempotency-Key", reason: "test", routes: [], ...routes });
	const seen: Exchange[] = [];
	const onEnded = (ended: EndedVisit) => seen.push(...decodeBatch(encodeBatch(ended.seq, [ended]).subarray(BATCH_HEAD)).items);
	const plane = createDataPlane({ plan, limits: { ...defaultLimits, ...limits }, lastSeq: 0, isCapturing: () => true, onEnded });
	const front = plane.open({ kind: "http", id: "test", host: "127.0.0.1", port, ...listener }, randomBytes(32), handshakes);
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
		async close() {
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
			plane.server.emit("close");
		},
	};
}
