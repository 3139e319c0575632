import { connect, type Socket } from "node:net";

/** HTTP/2 by hand, for what no library sends. */
export const frame = (type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer => {
	const head = Buffer.alloc(9);
	head.writeUIntBE(payload.length, 0, 3);
	head[3] = type;
	head[4] = flags;
	head.writeUInt32BE(stream, 5);
	return Buffer.concat([head, payload]);
};

export const frameTypes = { data: 0, headers: 1, reset: 3, settings: 4, goaway: 7, continuation: 9 } as const;
export const END_STREAM = 1;
export const END_HEADERS = 4;

/** Fields as literals without indexing; names and values shorter than 127 bytes. */
export const fields = (...pairs: [string, string][]): Buffer =>
	Buffer.concat(
		pairs.flatMap(([name, value]) => [
			Buffer.from([0, name.length]),
			Buffer.from(name, "latin1"),
			Buffer.from([value.length]),
			Buffer.from(value, "latin1"),
		]),
	);

export const usualFields = (method = "GET", path = "/"): [string, string][] => [
	[":method", method],
	[":scheme", "http"],
	[":path", path],
	[":authority", "bank"],
];

export type RawSession = {
	socket: Socket;
	send(...frames: Buffer[]): void;
	/** What came. */
	frames: { type: number; flags: number; stream: number; payload: Buffer }[];
	closed: Promise<void>;
};

/** A connection with the preface and empty settings sent. */
export async function openRaw(port: number): Promise<RawSession> {
	const socket = connect(port, "127.0.0.1");
	const frames: RawSession["frames"] = [];
	let rest = Buffer.alloc(0);
	socket.on("data", (chunk) => {
		rest = Buffer.concat([rest, chunk]);
		while (rest.length >= 9 && rest.length >= 9 + rest.readUIntBE(0, 3)) {
			const end = 9 + rest.readUIntBE(0, 3);
			frames.push({ type: rest[3] ?? 0, flags: rest[4] ?? 0, stream: rest.readUInt32BE(5), payload: Buffer.from(rest.subarray(9, end)) });
			rest = rest.subarray(end);
		}
	});
	socket.on("error", () => {});
	const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
	await new Promise((resolve) => socket.once("connect", resolve));
	socket.write(Buffer.concat([Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), frame(frameTypes.settings, 0, 0)]));
	return { socket, frames, closed, send: (...all) => void socket.write(Buffer.concat(all)) };
}
