import { Socket } from "node:net";

/**
 * Has `take` called with what comes, as a listener of `data` would be, without what a Readable does besides: an event, and a tick of its own
 * for each piece. While the socket is paused, or has something in store, pieces go the Readable's way. Returns what ends it.
 */
export function takeBytes(socket: Socket, take: (piece: Buffer) => void): () => void {
	socket.on("data", take);
	// Node's reading calls it with each piece, and with null at the end. Did it not, `data` would still be heard.
	socket.push = (piece: Buffer | null, encoding?: BufferEncoding): boolean => {
		if (piece === null || socket.readableFlowing !== true || socket.readableLength > 0)
			return Socket.prototype.push.call(socket, piece, encoding);
		take(piece);
		return true;
	};
	return () => {
		socket.off("data", take);
		Reflect.deleteProperty(socket, "push");
	};
}
