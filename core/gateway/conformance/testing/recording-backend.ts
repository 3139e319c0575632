import { createServer, type Socket } from "node:net";
import { freePort } from "../../testing/upstream.ts";
import type { Case } from "../case.ts";
import { readStrictly, type StrictRequest } from "./strict-reader.ts";

/** What reached the backend during one case: the bytes of each connection, and the requests that a strict reader finds in them. */
export type Recorded = { connections: string[]; requests: StrictRequest[]; faults: string[] };

export type RecordingBackend = {
	port: number;
	/** Forgets what was, closes what is open, and answers as this case says. */
	begin(next: Case): Promise<void>;
	recorded(): Recorded;
	close(): Promise<void>;
};

export const plainAnswer = (method: string, target: string, connection = ""): string => {
	const text = `${method} ${target}`;
	return `HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n${connection}\r\n${method === "HEAD" ? "" : text}`;
};

export async function startRecordingBackend(): Promise<RecordingBackend> {
	const sockets = new Set<Socket>();
	let current: Pick<Case, "answer" | "atHead" | "answerEnds"> = {};
	let connections: { bytes: string }[] = [];
	/** Requests of this case so far, over all connections: the next answer. */
	let answered = 0;

	function answer(socket: Socket, request: StrictRequest): void {
		const given = current.answer;
		const text =
			given === undefined ? plainAnswer(request.method, request.target) : typeof given === "string" ? given : (given[answered] ?? "");
		answered++;
		socket.write(text, "latin1");
		if (current.answerEnds) socket.end();
	}

	const server = createServer((socket) => {
		sockets.add(socket);
		const own = { bytes: "" };
		let told = 0;
		let isHeadTold = false;
		socket.setNoDelay(true);
		socket.on("error", () => {});
		socket.on("close", () => sockets.delete(socket));
		socket.on("data", (chunk) => {
			if (own.bytes === "") connections.push(own);
			own.bytes += chunk.toString("latin1");
			const { requests, openHead, fault } = readStrictly(own.bytes);
			const isHeadHere = openHead !== null || requests.length > told;
			if (isHeadHere && !isHeadTold && current.atHead !== undefined) {
				isHeadTold = true;
				socket.write(current.atHead, "latin1");
			}
			for (; told < requests.length; told++) answer(socket, requests[told] as StrictRequest);
			if (fault !== null) socket.destroy();
		});
	});
	const port = await freePort();
	await new Promise<void>((resolve, reject) => server.once("error", reject).listen({ host: "127.0.0.1", port }, resolve));

	return {
		port,
		async begin(next) {
			const closing = [...sockets].map((socket) => new Promise((resolve) => socket.once("close", resolve)));
			for (const socket of sockets) socket.end().destroySoon();
			await Promise.all(closing);
			// The other side has seen the end before it is asked for more.
			await new Promise((resolve) => setTimeout(resolve, 8));
			current = next;
			connections = [];
			answered = 0;
		},
		recorded() {
			const readings = connections.map(({ bytes }) => readStrictly(bytes));
			return {
				connections: connections.map(({ bytes }) => bytes),
				requests: readings.flatMap(({ requests }) => requests),
				faults: readings.flatMap(({ fault }) => fault ?? []),
			};
		},
		close: () =>
			new Promise((resolve) => {
				for (const socket of sockets) socket.destroy();
				server.close(() => resolve());
			}),
	};
}
