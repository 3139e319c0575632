import type { Socket } from "node:net";

/** The other side must see that this was no orderly end. A TLS socket knows no reset; its missing close-notify says the same. */
export function resetSocket(socket: Socket): void {
	if (socket.destroyed) return;
	if ("encrypted" in socket || socket.connecting) socket.destroy();
	else socket.resetAndDestroy();
}
