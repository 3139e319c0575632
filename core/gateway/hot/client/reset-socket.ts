import type { Socket } from "node:net";

const carriers = new WeakMap<Socket, Socket>();

/** `carrier`: the TCP connection that a TLS one runs on. */
export function carry(socket: Socket, carrier: Socket): void {
	carriers.set(socket, carrier);
}

/** The other side must see that this was no orderly end. TLS knows no reset; its carrier does, and else the missing close-notify says it. */
export function resetSocket(socket: Socket): void {
	if (socket.destroyed) return;
	const carrier = carriers.get(socket) ?? socket;
	if ("encrypted" in carrier || carrier.connecting) socket.destroy();
	else carrier.resetAndDestroy();
}
