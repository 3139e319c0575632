import type { Socket } from "node:net";
import { createFrameReader, encodeFrame, type Frame, frameLimits } from "../../contract/frames.ts";

/** One line as the message port that the RPC handlers take. */
export type LinePort = {
	postMessage(frame: Frame): void;
	on(event: string, listener: (event?: { data: unknown }) => void): void;
};

/** A screen that hangs must not fill the memory of the engine; it comes back by itself with the next line. */
const mostUnread = frameLimits.down + 1024 * 1024;

/** Gives the first frame to `onHello`; what comes after it goes to the port. A line that breaks a limit is cut. */
export function openSocketLine(socket: Socket, onHello: (hello: Frame) => void): LinePort {
	let greeted = false;
	const listeners: ((event: { data: unknown }) => void)[] = [];
	const reader = createFrameReader(frameLimits.up, (frame) => {
		if (greeted) for (const listener of listeners) listener({ data: frame });
		else {
			greeted = true;
			onHello(frame);
		}
	});
	socket.on("data", (piece) => {
		try {
			reader.push(piece);
		} catch {
			socket.destroy();
		}
	});
	// What broke the line is of no interest; that it is closed is told by the event which follows.
	socket.on("error", () => {});
	return {
		postMessage(frame) {
			if (socket.destroyed) return;
			socket.write(encodeFrame(frame, frameLimits.down));
			if (socket.writableLength > mostUnread) socket.destroy();
		},
		on(event, listener) {
			if (event === "message") listeners.push(listener);
			else socket.on("close", () => listener());
		},
	};
}
