import * as net from "node:net";

/** A bound socket that this process never accepts from. */
export type ListenHandle = { port: number; close(): void; native: net.Server };

type NativeHandle = { getsockname(out: { port?: number }): number; close(): void };
type HandleMaker = { _createServerHandle(host: string, port: number, family: 4 | 6, fd: number, flags: number): NativeHandle | number };

/**
 * Binds the port and nothing more; null: it is taken. A worker that gets the handle listens on it, and the queue of
 * waiting connections outlives that worker, because this process keeps the same socket open.
 *
 * `net.Server` cannot do this (its owner accepts too), so the function under node's own `cluster` module is used. It
 * is the one place of the gateway that leaves the documented interface; the tests of worker death stand on it.
 */
export function bindListenHandle(host: string, port: number): ListenHandle | null {
	const family = net.isIPv6(host) ? 6 : 4;
	const handle = (net as unknown as HandleMaker)._createServerHandle(host, port, family, -1, 0);
	if (typeof handle === "number") return null;
	const address: { port?: number } = {};
	// A bind to a taken port is reported here, not by the bind.
	if (handle.getsockname(address) !== 0 || !address.port) {
		handle.close();
		return null;
	}
	return { port: address.port, close: () => handle.close(), native: handle as unknown as net.Server };
}
