import { performServerHandshake, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import { systemClock } from "../../../base/clock.ts";
import type { ClientConnection } from "../client-connection.ts";
import type { Plane } from "../plane.ts";
import { type ClientStream, serveStream } from "./client-stream.ts";

/**
 * What one connection may ask for at once. A stream that is reset takes its upstream connection with it, so few are forgiven
 * (CVE-2023-44487): so many at first, and then so many a second.
 */
export const sessionLimits = {
	streams: 128,
	streamWindow: 128 * 1024,
	connectionWindow: 1024 * 1024,
	headBytes: 32 * 1024,
	headLines: 204,
	resets: 256,
	resetsPerSecond: 32,
} as const;

const END_STREAM = 1;
const NO_ERROR = 0;
const LAST_STREAM = 2 ** 31 - 1;
/** Between the word that nothing new is taken, and the end of taking it: what is on the way by then still comes in. */
const farewellMs = 1_000;

const { now } = systemClock;

/** A client's connection that speaks HTTP/2, from its first byte. `bytes`: what has been read of it. */
export function createClientSession(socket: Socket, bytes: Buffer, plane: Plane, onClosed: () => void, clientLines = ""): ClientConnection {
	const { limits } = plane;
	const deps = {
		plane,
		address: socket.remoteAddress ?? "",
		scheme: "encrypted" in socket ? "https" : "http",
		clientLines,
	};
	const streams = new Set<ClientStream>();
	let hasGreeted = false;
	let leavesAt = Number.POSITIVE_INFINITY;
	let isLeaving = false;
	let deadline = now() + limits.headMs;

	socket.on("error", () => socket.destroy());
	if (bytes.length > 0) {
		socket.pause();
		socket.unshift(bytes);
	}
	const session = open(socket);
	session.on("error", () => session.destroy());
	session.once("remoteSettings", () => {
		hasGreeted = true;
		deadline = now() + limits.idleMs;
	});
	session.on("stream", (stream: ServerHttp2Stream, _headers, flags: number, raw: string[]) => {
		const served = serveStream(stream, raw, (flags & END_STREAM) === 0, deps);
		if (served === null) return;
		streams.add(served);
		stream.once("close", () => {
			streams.delete(served);
			deadline = now() + limits.idleMs;
		});
	});
	session.once("close", () => {
		socket.destroy();
		onClosed();
	});

	return {
		socket,
		get isIdle() {
			return streams.size === 0;
		},
		sweep(at) {
			for (const stream of streams) stream.sweep(at);
			if (session.destroyed) return;
			if (plane.isDraining() && leavesAt === Number.POSITIVE_INFINITY) {
				leavesAt = at + farewellMs;
				session.goaway(NO_ERROR, LAST_STREAM);
			}
			if (isLeaving) {
				if (streams.size === 0 && at >= deadline) session.destroy();
			} else if (at >= leavesAt || (streams.size === 0 && at >= deadline)) {
				if (!hasGreeted) return session.destroy();
				isLeaving = true;
				deadline = at + farewellMs;
				session.close();
			}
		},
	};
}

function open(socket: Socket): ServerHttp2Session {
	const session = performServerHandshake(socket, {
		settings: {
			maxConcurrentStreams: sessionLimits.streams,
			initialWindowSize: sessionLimits.streamWindow,
			maxHeaderListSize: sessionLimits.headBytes,
		},
		maxHeaderListPairs: sessionLimits.headLines,
		streamResetBurst: sessionLimits.resets,
		streamResetRate: sessionLimits.resetsPerSecond,
		strictSingleValueFields: false,
	});
	session.setLocalWindowSize(sessionLimits.connectionWindow);
	return session;
}
