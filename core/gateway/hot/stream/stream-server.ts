import { connect, type Socket } from "node:net";
import { systemClock } from "../../../base/clock.ts";
import type { Exchange, Mirror, Upstream } from "../../../contract/traffic.ts";
import { countIn } from "../capture/counters.ts";
import { resetSocket } from "../client/reset-socket.ts";
import { createVisit } from "../client/visit.ts";
import type { Plane } from "../plane.ts";
import type { ShadowCopies } from "../shadow/shadow-copies.ts";
import { readyEvent, type UpstreamTls } from "../tls/upstream-tls.ts";
import { type Conversation, createConversation, type TcpListener } from "./conversation.ts";
import { createShadowLine, type ShadowLine } from "./shadow-line.ts";
import { createSplice, type Splice } from "./splice.ts";
import { chooseStreamArm, type StreamArm, stillCarries } from "./stream-table.ts";

/** Milliseconds. */
export type StreamTimes = {
	/** Until an upstream must have taken the connection. */
	connect: number;
	/** Without a byte in either direction; lines between banks are quiet for long. */
	idle: number;
	/** The same once one side has ended. */
	halfOpen: number;
	/** For the answers of what a new service had begun when the plan took its connections away. */
	retire: number;
};

export const streamTimes: StreamTimes = { connect: 10_000, idle: 3_600_000, halfOpen: 65_000, retire: 1_000 };

export type StreamServer = {
	/** An accepted connection of this listener, not read from yet, with `allowHalfOpen`. */
	serve(socket: Socket, listener: TcpListener): void;
	sweep(at: number): void;
	/** Another plan is in force: no new service that it does not name is sent another byte. */
	planned(): void;
	readonly open: number;
};

type StreamDeps = {
	plane: Plane;
	copies: ShadowCopies;
	times?: StreamTimes;
	/** Not connected yet, with `allowHalfOpen`. */
	open(upstream: Upstream): Socket;
};

type Line = { sweep(at: number): void; planned(): void };

const keepAliveMs = 60_000;
const noBytes = Buffer.alloc(0);
const { now } = systemClock;

/** The connections of TCP listeners: each goes to the arm that the plan chooses, and is one pair of sockets until it ends. */
export function createStreamServer({ plane, copies, times = streamTimes, open }: StreamDeps): StreamServer {
	const { counters, limits } = plane;
	const lines = new Set<Line>();
	/** Of clients that are gone. */
	const leaving = new Set<ShadowLine>();

	/** A connection that never came about is told as an exchange without a message. */
	function tellRefused(listener: TcpListener, route: string | null, arm: Exchange["arm"], decision: StreamArm["why"], error: string): void {
		const visit = createVisit(
			{
				startedAt: now(),
				protocol: "tcp",
				method: "TCP",
				target: `/${listener.id}`,
				minor: 1,
				route,
				isCaptured: plane.isCapturing(),
				requestHead: noBytes,
				isKeyed: false,
				awaitsContinue: false,
				isLast: true,
				decision,
				planVersion: plane.table().version,
			},
			limits.bodyCap,
		);
		visit.arm = arm;
		visit.error = error;
		visit.isClientError = true;
		plane.onBegun(visit);
		plane.onEnded(visit);
	}

	function serve(client: Socket, listener: TcpListener): void {
		countIn(counters.streams, "connections");
		client.on("error", () => resetSocket(client));
		const entry = plane.table().streams.get(listener.id);
		if (entry === undefined) {
			refuse(client, listener);
			return;
		}
		client.setKeepAlive(true, keepAliveMs);
		dial(client, listener, entry.route.id, chooseStreamArm(entry), false);
	}

	function refuse(client: Socket, listener: TcpListener): void {
		tellRefused(listener, null, "legacy", "no route", `no route of the plan names the listener ${listener.id}`);
		resetSocket(client);
	}

	/** `isSecond`: the new service could not be reached; it has had no byte, so legacy may have them all. */
	function dial(client: Socket, listener: TcpListener, route: string, arm: StreamArm, isSecond: boolean): void {
		const server = open(arm.upstream);
		const began = now();
		const limitMs = arm.kind === "modern" ? Math.min(times.connect, limits.modernTimeoutMs) : times.connect;
		let isDone = false;
		const line: Line = {
			sweep(at) {
				if (client.destroyed) done(() => server.destroy());
				else if (at - began >= limitMs) fail(`no connection within ${limitMs} ms`);
			},
			planned() {},
		};
		const done = (then: () => void) => {
			if (isDone) return;
			isDone = true;
			lines.delete(line);
			then();
		};
		const fail = (reason: string) =>
			done(() => {
				server.destroy();
				const { legacy } = plane.table().streams.get(listener.id)?.route ?? {};
				if (arm.kind === "modern" && legacy !== undefined && !client.destroyed) {
					dial(client, listener, route, { kind: "legacy", upstream: legacy, why: arm.why }, true);
					return;
				}
				tellRefused(listener, route, isSecond ? "failover" : arm.kind, arm.why, `no connection: ${reason}`);
				resetSocket(client);
			});
		lines.add(line);
		server.on("error", (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
		// Nothing is said to a server that has not proved itself.
		server.once(readyEvent(server), () =>
			done(() => {
				if (client.destroyed) return resetSocket(server);
				const table = plane.table();
				const current = table.streams.get(listener.id);
				if (arm.kind === "modern" && !stillCarries(current, arm.upstream)) {
					server.destroy();
					if (current === undefined) return refuse(client, listener);
					dial(client, listener, route, { kind: "legacy", upstream: current.route.legacy, why: "plan changed" }, false);
					return;
				}
				join(client, server, listener, route, arm, isSecond ? "failover" : arm.kind);
			}),
		);
	}

	function join(client: Socket, server: Socket, listener: TcpListener, route: string, arm: StreamArm, told: Exchange["arm"]): void {
		let lastByteAt = now();
		let pending = 0;
		let shadow: ShadowLine | null = null;
		let shadowOf: Mirror | null = null;
		let retiredAt = 0;

		const modeNow = () => plane.table().streams.get(listener.id)?.route.mode;
		const mirrorNow = (): Mirror | null => {
			const mode = arm.kind === "legacy" ? modeNow() : undefined;
			return mode?.kind === "shadow" ? (mode.mirror ?? null) : null;
		};
		const conversation: Conversation = createConversation({
			plane,
			listener,
			route,
			arm: told,
			decide() {
				const isShadowed = arm.kind === "legacy" && modeNow()?.kind === "shadow";
				return { decision: isShadowed ? "sampled" : arm.why, mirrored: mirrorNow() !== null };
			},
			copy(frame, key, visit) {
				const mirror = mirrorNow();
				if (mirror === null) return null;
				const copy = copies.begin(visit, mirror);
				if (copy === null) return null;
				if (shadowOf !== mirror && JSON.stringify(shadowOf) !== JSON.stringify(mirror)) {
					dismiss();
					shadow = createShadowLine({ listener, mirror, streams: counters.streams, open, now });
				}
				shadowOf = mirror;
				shadow?.send(frame, key, copy);
				return copy;
			},
		});

		function dismiss(): void {
			if (shadow === null) return;
			shadow.finish();
			if (!shadow.isClosed()) leaving.add(shadow);
			shadow = null;
			shadowOf = null;
		}

		const splice: Splice = createSplice({
			client,
			server,
			onClientBytes(chunk) {
				lastByteAt = now();
				if (arm.kind === "modern") plane.onModernSent();
				conversation.fromClient(chunk, lastByteAt);
			},
			onServerBytes(chunk) {
				lastByteAt = now();
				conversation.fromServer(chunk, lastByteAt);
			},
			onEnd({ reason, by, isOrderly }) {
				const clientLeft = by === "client";
				const how = isOrderly ? "the connection ended before the answer" : `the connection broke off (${reason})`;
				conversation.end(clientLeft ? "the client left" : how, !clientLeft, clientLeft);
				dismiss();
			},
			onClosed: () => lines.delete(line),
		});

		const line: Line = {
			sweep(at) {
				conversation.sweep(at);
				shadow?.sweep(at);
				// A slow reader of what is on its way counts as life.
				if (splice.pending() !== pending) lastByteAt = at;
				pending = splice.pending();
				const limit = splice.isEnding() ? times.halfOpen : times.idle;
				if (at - lastByteAt >= limit) return splice.cut(`no byte for ${limit} ms`);
				if (retiredAt > 0) {
					if (at - retiredAt >= times.retire) splice.cut("the plan took the connection from the new service");
					else if (conversation.isQuiet()) splice.finish();
				} else if (plane.isDraining() && conversation.isQuiet()) splice.finish();
			},
			planned() {
				if (arm.kind !== "modern" || retiredAt > 0) return;
				if (stillCarries(plane.table().streams.get(listener.id), arm.upstream)) return;
				retiredAt = now();
				countIn(counters.streams, "retired");
				splice.muteClient();
				if (conversation.isQuiet()) splice.finish();
			},
		};
		lines.add(line);
	}

	return {
		serve,
		sweep(at) {
			for (const line of lines) line.sweep(at);
			for (const shadow of leaving) {
				shadow.sweep(at);
				if (shadow.isClosed()) leaving.delete(shadow);
			}
		},
		planned() {
			for (const line of lines) line.planned();
		},
		get open() {
			return lines.size;
		},
	};
}

/** Opens connections for the bytes of any protocol. */
export function connectStream(tls: UpstreamTls): (upstream: Upstream) => Socket {
	return (upstream) => {
		const { host, port } = upstream;
		const plain = () => connect({ host, port, noDelay: true, allowHalfOpen: true });
		const socket = upstream.tls === undefined ? plain() : tls.open(upstream, upstream.tls, null);
		socket.setKeepAlive(true, keepAliveMs);
		return socket;
	};
}
