import { performServerHandshake, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import { systemClock } from "../../../base/clock.ts";
import type { ClientConnection } from "../client/client-connection.ts";
import type { Plane } from "../plane.ts";
import { type ClientStream, serveStream } from "./client-stream.ts";

/**
 * What one connection may ask for at once. A stream that is reset before its answer takes its upstream connection with it, so few are
 * forgiven (CVE-2023-44487): so many at first, then so many a second, and one for each that was answered.
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
const ENHANCE_YOUR_CALM = 11;
/** For the word that nothing new is taken to reach the client. */
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
	let isLeaving = false;
	let deadline = now() + limits.headMs;
	let forgiven: number = sessionLimits.resets;
	let forgivenAt = now();

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
		stream.on("error", () => {});
		if (forgiven < 0) return;
		// It may be over before anybody has heard of it; then there is nothing to be served.
		if (stream.aborted) return countReset();
		stream.once("aborted", countReset);
		const served = serveStream(stream, raw, (flags & END_STREAM) === 0, deps);
		if (served === null) return;
		streams.add(served);
		stream.once("close", () => {
			streams.delete(served);
			if (!stream.aborted) forgiven++;
			deadline = now() + limits.idleMs;
		});
	});
	session.once("close", () => {
		socket.destroy();
		onClosed();
	});

	/** Who only makes work gets no more of it done. */
	function countReset(): void {
		if (forgiven < 0 || --forgiven >= 0) return;
		session.goaway(ENHANCE_YOUR_CALM);
		session.destroy();
	}

	return {
		socket,
		isIdle: () => streams.size === 0,
		sweep(at) {
			forgiven = Math.min(sessionLimits.resets, forgiven + ((at - forgivenAt) / 1_000) * sessionLimits.resetsPerSecond);
			forgivenAt = at;
			for (const stream of streams) stream.sweep(at);
			if (session.destroyed) return;
			if (isLeaving) {
				if (streams.size === 0 && at >= deadline) session.destroy();
			} else if (plane.isDraining() || (streams.size === 0 && at >= deadline)) {
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
		// The rule above is the stricter one, and knows which resets cost something.
		streamResetBurst: 40 * sessionLimits.resets,
		streamResetRate: 40 * sessionLimits.resetsPerSecond,
		strictSingleValueFields: false,
	});
	session.setLocalWindowSize(sessionLimits.connectionWindow);
	return session;
}
