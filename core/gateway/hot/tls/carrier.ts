import type { Socket } from "node:net";

const carriers = new WeakMap<Socket, Socket>();

/** `carrier`: the TCP connection that a TLS one runs on. */
export function carry(socket: Socket, carrier: Socket): void {
	carriers.set(socket, carrier);
}

/** Ends a connection so that the other side cannot take it for whole. TLS has no reset of its own; its carrier has. */
export function reset(socket: Socket): void {
	if (socket.destroyed) return;
	const carrier = carriers.get(socket);
	if (carrier === undefined && "encrypted" in socket) socket.destroy();
	else (carrier ?? socket).resetAndDestroy();
}
