import { connect } from "node:net";

/** What a client got, and how its connection stands. */
export type Heard = { bytes: string; end: "open" | "closed" | "reset" };

type TalkOptions = {
	halfCloses: boolean;
	/** No more is expected; what comes within a moment behind it is still heard. */
	isDone(bytes: string): boolean;
	quietMs: number;
};

const pieceMs = 25;
const settleMs = 12;

/** Sends the pieces and listens until the connection ends, all that is expected has come, or nothing comes any more. */
export function talk(port: number, pieces: readonly string[], { halfCloses, isDone, quietMs }: TalkOptions): Promise<Heard> {
	return new Promise((resolve) => {
		const socket = connect({ host: "127.0.0.1", port, noDelay: true, allowHalfOpen: true });
		let bytes = "";
		let isSent = false;
		let timer = setTimeout(() => {}, 0);
		const finish = (end: Heard["end"]) => {
			clearTimeout(timer);
			socket.destroy();
			resolve({ bytes, end });
		};
		const wait = () => {
			clearTimeout(timer);
			timer = setTimeout(() => finish("open"), isSent && isDone(bytes) ? settleMs : quietMs);
		};
		socket.on("connect", async () => {
			for (const [index, piece] of pieces.entries()) {
				if (index > 0) await new Promise((next) => setTimeout(next, pieceMs));
				if (!socket.destroyed) socket.write(piece, "latin1");
			}
			isSent = true;
			if (halfCloses && !socket.destroyed) socket.end();
			wait();
		});
		socket.on("data", (chunk) => {
			bytes += chunk.toString("latin1");
			wait();
		});
		socket.on("end", () => finish("closed"));
		socket.on("error", () => finish("reset"));
		socket.on("close", () => finish("reset"));
	});
}
