import type { Socket } from "node:net";
import { resetSocket } from "../client/reset-socket.ts";

/** `by`: who ended or broke off first; `limit`: the gateway itself. `isOrderly`: both sides had said all they had to say. */
export type SpliceEnd = { reason: string; by: "client" | "server" | "limit"; isOrderly: boolean };

type SpliceDeps = {
	client: Socket;
	server: Socket;
	/** Each piece, after it has been passed on. */
	onClientBytes(chunk: Buffer): void;
	onServerBytes(chunk: Buffer): void;
	/** Once: no more messages come. What was said may still be on its way. */
	onEnd(end: SpliceEnd): void;
	/** Once, after it: both sockets are gone. */
	onClosed(): void;
};

export type Splice = {
	/** Nothing more of the client is passed on; what the server still says is. */
	muteClient(): void;
	/** Both sides are told that no more comes. */
	finish(): void;
	cut(reason: string): void;
	/** One side has ended, or both. */
	isEnding(): boolean;
	/** Bytes that were read and not yet taken by the other side. */
	pending(): number;
};

/**
 * Two connections as one: every byte, both ways, at the pace of the slower side. An end is passed on as an end, a reset as a reset.
 *
 *     client ──▶ server        paused while the server's buffer is full
 *     client ◀── server        paused while the client's is
 */
export function createSplice({ client, server, onClientBytes, onServerBytes, onEnd, onClosed }: SpliceDeps): Splice {
	let isOver = false;
	let isMuted = false;
	let firstToEnd: "client" | "server" | null = null;
	let ends = 0;
	let closed = 0;

	function over(end: SpliceEnd): void {
		if (isOver) return;
		isOver = true;
		onEnd(end);
	}

	function wire(from: Socket, to: Socket, by: "client" | "server", onBytes: (chunk: Buffer) => void): void {
		from.on("data", (chunk: Buffer) => {
			if (by === "client" && isMuted) return;
			// False is also said by a socket that is gone, which will never drain; its end ends this one too.
			if (!to.write(chunk) && to.writableNeedDrain) from.pause();
			onBytes(chunk);
		});
		to.on("drain", () => from.resume());
		const ended = () => {
			firstToEnd ??= by;
			ends++;
			to.end();
			if (ends === 2) over({ reason: "ended", by: firstToEnd, isOrderly: true });
		};
		// Who ends without a word has done so before anybody listened.
		if (from.readableEnded) ended();
		else from.on("end", ended);
		from.on("error", (error: NodeJS.ErrnoException) => {
			over({ reason: error.code ?? error.message, by, isOrderly: false });
			// What the server had said before it broke off is the client's still; a reset at once would take it away.
			if (by === "server" && to.writableLength > 0 && !to.destroyed) to.write(noBytes, () => resetSocket(to));
			else resetSocket(to);
		});
		from.on("close", (hadError: boolean) => {
			closed++;
			over({ reason: "closed", by, isOrderly: false });
			if (!hadError && ends < 2) to.destroy();
			if (closed === 2) onClosed();
		});
	}

	wire(client, server, "client", onClientBytes);
	wire(server, client, "server", onServerBytes);
	return {
		muteClient() {
			isMuted = true;
			// Heard and thrown away, so that its own end is noticed.
			client.resume();
		},
		finish() {
			client.end();
			server.end();
		},
		cut(reason) {
			over({ reason, by: "limit", isOrderly: false });
			resetSocket(server);
			resetSocket(client);
		},
		isEnding: () => isOver || ends > 0,
		pending: () => client.writableLength + server.writableLength,
	};
}

const noBytes = Buffer.alloc(0);
