import { connect, type Socket } from "node:net";
import { systemClock } from "../../../base/clock.ts";
import type { Upstream } from "../../../contract/traffic.ts";
import { createSessionPool } from "../http2/session-pool.ts";
import type { UpstreamTls } from "../tls/upstream-tls.ts";
import type { PoolFigures } from "./pool-figures.ts";
import { type AnswerListener, createUpstreamConnection, type UpstreamConnection, type UpstreamRequest } from "./upstream-connection.ts";

/**
 * Idle connections are given up before the usual servers (5 s in Node, 2 s in gunicorn) do it from their side:
 * a request written into a connection that the server just closed cannot always be repeated.
 */
const idleMs = 1_800;
const idleLimit = 256;

export type UpstreamPool = {
	/** A kept connection, the last used first so that few stay warm; `isFresh`: a new one, whatever is kept. `at`: now. */
	open(upstream: Upstream, method: string, listener: AnswerListener, at: number, isFresh?: boolean): UpstreamRequest;
	/** Gives up what has been idle for long; to be called several times a second: it is the pool's clock too. */
	sweep(at: number): void;
	/** No others are named by the plan any more: their idle connections are closed at once, those in use after their request. */
	retain(named: readonly Upstream[]): void;
	close(): void;
	readonly connects: number;
	/** By address, for whoever looks. */
	figures(): PoolFigures[];
};

/** The idle connections to one address; `connects` and `open` as in `PoolFigures`. */
type Kept = { host: string; port: number; idle: UpstreamConnection[]; isNamed: boolean; connects: number; open: number };

const { now } = systemClock;

export function createUpstreamPool(open: (upstream: Upstream) => Socket = connectPlain): UpstreamPool {
	const sessions = createSessionPool(open);
	const pools = new Map<string, Kept>();
	/** Plans come and go with addresses of their own; the same address finds the same connections. */
	const known = new WeakMap<Upstream, Kept>();
	const all = new Set<UpstreamConnection>();
	let connects = 0;
	/** When the last sweep was. Who falls idle does so a little later, and is only given up a little early for it. */
	let sweptAt = now();

	function create(upstream: Upstream, kept: Kept): UpstreamConnection {
		connects++;
		kept.connects++;
		kept.open++;
		const created: UpstreamConnection = createUpstreamConnection({
			socket: open(upstream),
			isLenient: upstream.lenient === true,
			onIdle(connection) {
				connection.idleSince = sweptAt;
				if (kept.isNamed && kept.idle.length < idleLimit) kept.idle.push(connection);
				else connection.close();
			},
			onClosed(connection) {
				if (all.delete(connection)) kept.open--;
				const at = kept.idle.lastIndexOf(connection);
				if (at !== -1) kept.idle.splice(at, 1);
			},
		});
		all.add(created);
		return created;
	}

	const keptFor = (upstream: Upstream): Kept => known.get(upstream) ?? meet(upstream);

	function meet(upstream: Upstream): Kept {
		// The same address may be spoken to in several ways.
		const { host, port } = upstream;
		const key = `${host}:${port} ${upstream.lenient === true} ${JSON.stringify(upstream.tls ?? null)}`;
		const kept = pools.get(key) ?? { host, port, idle: [], isNamed: true, connects: 0, open: 0 };
		pools.set(key, kept);
		known.set(upstream, kept);
		return kept;
	}

	return {
		open(upstream, method, listener, at, isFresh = false) {
			if (upstream.protocol === "h2") return sessions.open(upstream, method, listener, at, isFresh);
			const kept = keptFor(upstream);
			const oldest = at - idleMs;
			let connection = isFresh ? undefined : kept.idle.pop();
			while (connection !== undefined && connection.idleSince < oldest) {
				connection.close();
				connection = kept.idle.pop();
			}
			connection ??= create(upstream, kept);
			connection.begin(method, listener);
			return connection;
		},
		sweep(at) {
			sweptAt = at;
			sessions.sweep(at);
			const oldest = at - idleMs;
			// A list that is empty now stays: connections in use come back to it.
			for (const { idle } of pools.values()) while (idle[0] !== undefined && idle[0].idleSince < oldest) idle[0].close();
		},
		retain(named) {
			sessions.retain(named.filter(({ protocol }) => protocol === "h2"));
			for (const kept of pools.values()) kept.isNamed = false;
			for (const upstream of named) meet(upstream).isNamed = true;
			for (const [key, kept] of pools) {
				if (kept.isNamed) continue;
				// Whoever still has one of its connections in use knows this list, and finds it closed.
				pools.delete(key);
				while (kept.idle[0] !== undefined) kept.idle[0].close();
			}
		},
		close() {
			for (const connection of [...all]) connection.close();
			sessions.close();
		},
		get connects() {
			return connects + sessions.connects;
		},
		figures: () => [
			...[...pools.values()].map(({ host, port, connects: opened, open: now, idle }) => ({
				host,
				port,
				connects: opened,
				open: now,
				idle: idle.length,
			})),
			...sessions.figures(),
		],
	};
}

function connectPlain({ host, port }: Upstream): Socket {
	return connect({ host, port, noDelay: true });
}

/** Plain or TLS, as the plan says of each upstream. */
export function connectWith(tls: UpstreamTls): (upstream: Upstream) => Socket {
	return (upstream) =>
		upstream.tls === undefined ? connectPlain(upstream) : tls.open(upstream, upstream.tls, upstream.protocol ?? "http/1.1");
}
