import { type ClientHttp2Session, type ClientSessionOptions, connect as connectHttp2 } from "node:http2";
import type { Socket } from "node:net";
import type { Upstream } from "../../../contract/traffic.ts";
import { isDistrust } from "../tls/upstream-tls.ts";
import type { PoolFigures } from "../upstream/pool-figures.ts";
import type { AnswerListener, Failure, UpstreamRequest } from "../upstream/upstream-connection.ts";
import { createUpstreamStream, type SessionRequest } from "./upstream-stream.ts";

export type SessionPool = {
	open(upstream: Upstream, method: string, listener: AnswerListener, at: number, isFresh: boolean): UpstreamRequest;
	/** Gives up what has been idle for long. */
	sweep(at: number): void;
	/** No others are named by the plan any more: their connections are closed when their last request is over. */
	retain(named: readonly Upstream[]): void;
	close(): void;
	readonly connects: number;
	figures(): PoolFigures[];
};

/** Before the upstream has said how many streams it takes, and at most. */
const usualStreams = 100;
/** Connections to one upstream; beyond them streams wait in their sessions for their turn. */
const sessionLimit = 64;
const idleMs = 30_000;
const streamWindow = 256 * 1024;
const connectionWindow = 1024 * 1024;
const keepAliveMs = 30_000;

type Session = {
	native: ClientHttp2Session;
	served: number;
	isConnected: boolean;
	/** It takes no new streams. */
	isLeaving: boolean;
	loss: Pick<Failure, "kind" | "reason"> | null;
	idleSince: number;
	readonly requests: Set<SessionRequest>;
};

/** Kept connections to upstreams that speak HTTP/2, many requests on each. `connect`: plain or TLS, as the upstream wants it. */
export function createSessionPool(connect: (upstream: Upstream) => Socket): SessionPool {
	const pools = new Map<string, Session[]>();
	const known = new WeakMap<Upstream, Session[]>();
	const tallies = new Map<Session[], Pick<PoolFigures, "host" | "port" | "connects">>();
	let connects = 0;
	let sweptAt = 0;

	function create(upstream: Upstream, kept: Session[]): Session {
		connects++;
		const tally = tallies.get(kept);
		if (tally !== undefined) tally.connects++;
		const socket = connect(upstream);
		socket.setKeepAlive(true, keepAliveMs);
		const native = connectHttp2(`${upstream.tls === undefined ? "http" : "https"}://upstream.invalid`, {
			createConnection: () => socket,
			settings: { enablePush: false, initialWindowSize: streamWindow },
			maxHeaderListPairs: 204,
			// Twice is how some answer; the client shall see it.
			strictSingleValueFields: false,
		} as ClientSessionOptions);
		const session: Session = {
			native,
			served: 0,
			isConnected: false,
			isLeaving: false,
			loss: null,
			idleSince: sweptAt,
			requests: new Set(),
		};
		kept.push(session);
		const lose = (kind: Failure["kind"], reason: string) => {
			session.isLeaving = true;
			session.loss ??= { kind, reason };
		};
		socket.once("error", (error) => {
			const isDistrusted = !session.isConnected && isDistrust(error);
			lose(session.isConnected ? "reset" : isDistrusted ? "untrusted" : "refused", error.message);
		});
		native.once("connect", () => {
			if ("encrypted" in socket && (socket as { alpnProtocol?: unknown }).alpnProtocol !== "h2") {
				lose("refused", "it does not speak HTTP/2");
				native.destroy();
				return;
			}
			session.isConnected = true;
			for (const request of session.requests) request.connected();
			native.setLocalWindowSize(connectionWindow);
		});
		native.once("goaway", () => {
			session.isLeaving = true;
		});
		native.on("error", (error) => lose(session.isConnected ? "reset" : "refused", error.message));
		native.once("close", () => {
			lose(session.isConnected ? "reset" : "refused", "the connection was closed");
			const at = kept.indexOf(session);
			if (at !== -1) kept.splice(at, 1);
			for (const request of session.requests) request.lost();
		});
		return session;
	}

	function keptFor(upstream: Upstream): Session[] {
		let kept = known.get(upstream);
		if (kept !== undefined) return kept;
		const key = keyOf(upstream);
		kept = pools.get(key) ?? [];
		pools.set(key, kept);
		if (!tallies.has(kept)) tallies.set(kept, { host: upstream.host, port: upstream.port, connects: 0 });
		known.set(upstream, kept);
		return kept;
	}

	function choose(upstream: Upstream, kept: Session[]): Session {
		let least: Session | null = null;
		for (const session of kept) {
			if (session.isLeaving || session.native.closed || session.native.destroyed) continue;
			if (session.requests.size < capacity(session)) return session;
			if (least === null || session.requests.size < least.requests.size) least = session;
		}
		return least !== null && kept.length >= sessionLimit ? least : create(upstream, kept);
	}

	return {
		open(upstream, method, listener, at, isFresh) {
			sweptAt = at;
			const kept = keptFor(upstream);
			const session = isFresh ? create(upstream, kept) : choose(upstream, kept);
			const request: SessionRequest = createUpstreamStream({
				upstream,
				session: session.native,
				method,
				listener,
				isConnected: () => session.isConnected,
				lossOf: () => session.loss,
				isReused: session.served++ > 0,
				onClosed() {
					if (!session.requests.delete(request)) return;
					session.idleSince = sweptAt;
					if (session.isLeaving && session.requests.size === 0) session.native.close();
				},
			});
			session.requests.add(request);
			if (session.isConnected) request.connected();
			return request;
		},
		sweep(at) {
			sweptAt = at;
			for (const kept of pools.values())
				for (const session of kept) {
					if (session.requests.size === 0 && at - session.idleSince >= idleMs) leave(session);
				}
		},
		retain(named) {
			const keys = new Set(named.map(keyOf));
			for (const [key, kept] of pools) {
				if (keys.has(key)) continue;
				for (const session of kept) leave(session);
			}
		},
		close() {
			for (const kept of pools.values()) for (const session of [...kept]) session.native.destroy();
		},
		get connects() {
			return connects;
		},
		figures: () =>
			[...tallies].map(([kept, tally]) => ({
				...tally,
				open: kept.length,
				idle: kept.filter(({ requests }) => requests.size === 0).length,
			})),
	};
}

const keyOf = ({ host, port, tls }: Upstream): string => `${host}:${port} ${JSON.stringify(tls ?? null)}`;

/** Takes nothing new, and ends with the last of what it has. */
function leave(session: Session): void {
	if (session.isLeaving) return;
	session.isLeaving = true;
	if (session.requests.size === 0) session.native.close();
}

function capacity({ native }: Session): number {
	return Math.min(native.remoteSettings?.maxConcurrentStreams ?? usualStreams, usualStreams);
}
