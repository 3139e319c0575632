import { Agent, type AgentOptions, type ClientRequest } from "node:http";
import type { Socket } from "node:net";

/**
 * Idle connections are given up before the usual servers (5 s in Node, 2 s in gunicorn) do it from their side:
 * a request written into a connection that the server just closed cannot always be repeated.
 */
const idleMs = 1_800;

/** The two documented hooks around an idle connection; the installed types know less of them than node does. */
type IdleHooks = { keepSocketAlive(socket: Socket): boolean; reuseSocket(socket: Socket, request: ClientRequest): void };

/** Keep-alive connections to the upstreams, the last used first, so that few stay warm and the rest fall away. */
export function createUpstreamPool(): Agent {
	const options: AgentOptions = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, maxFreeSockets: 256, scheduling: "lifo" };
	const agent = new Agent(options);
	const hooks = agent as unknown as IdleHooks;
	const keep = hooks.keepSocketAlive.bind(agent);
	const reuse = hooks.reuseSocket.bind(agent);
	hooks.keepSocketAlive = (socket) => {
		const kept = keep(socket);
		if (!socket.timeout || socket.timeout > idleMs) socket.setTimeout(idleMs);
		return kept;
	};
	hooks.reuseSocket = (socket, request) => {
		socket.setTimeout(0);
		reuse(socket, request);
	};
	return agent;
}
