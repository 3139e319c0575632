import { createFrameReader, encodeFrame, type Frame, frameLimits } from "./frames.ts";
import { type Hello, type Welcome, welcomeShape } from "./host.ts";

/** As much of a socket of Node as a line needs. */
export type ByteStream = {
	write(bytes: Uint8Array): unknown;
	destroy(): unknown;
	on(event: "data", listener: (piece: Uint8Array) => void): unknown;
	on(event: "error", listener: (error: Error) => void): unknown;
	on(event: "close", listener: () => void): unknown;
};

/** A line to a core whose greeting is over: a message port, as RPC links and the shell take it. */
export type Line = {
	postMessage(frame: Frame): void;
	on(event: string, listener: (event?: { data: Frame }) => void): void;
	close(): void;
};

/**
 * Says whose line it is and waits for the core's answer. Rejects when something else answers, or nobody; a time limit is the
 * caller's, who destroys the stream.
 */
export function greet(stream: ByteStream, whose: Hello["line"]): Promise<{ welcome: Welcome; line: Line }> {
	return new Promise((resolve, reject) => {
		const messages: ((event: { data: Frame }) => void)[] = [];
		const line: Line = {
			// Longer than the core would take: whoever sends it learns that the line is gone, as with any other fault.
			postMessage: (frame) => guard(() => stream.write(encodeFrame(frame, frameLimits.up))),
			on(event, listener) {
				if (event === "message") messages.push(listener);
				else stream.on("close", () => listener());
			},
			close: () => void stream.destroy(),
		};
		let greeted = false;
		const reader = createFrameReader(frameLimits.down, (frame) => {
			if (greeted) for (const listener of messages) listener({ data: frame });
			else {
				greeted = true;
				resolve({ welcome: welcomeShape.parse(JSON.parse(String(frame))), line });
			}
		});
		function guard(act: () => void): void {
			try {
				act();
			} catch (error) {
				reject(error);
				stream.destroy();
			}
		}
		stream.on("data", (piece) => guard(() => reader.push(piece)));
		stream.on("error", reject);
		stream.on("close", () => reject(new Error("The line was closed before the core answered.")));
		stream.write(encodeFrame(JSON.stringify({ line: whose } satisfies Hello), frameLimits.up));
	});
}
