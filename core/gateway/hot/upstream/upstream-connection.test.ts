import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { type AnswerListener, createUpstreamConnection, type UpstreamConnection } from "./upstream-connection.ts";

const ends: (() => void)[] = [];
afterEach(() => {
	for (const end of ends.splice(0)) end();
});

/** A connection to a real server that answers every request with five bytes. */
async function open(): Promise<{ connection: UpstreamConnection; idle: () => number }> {
	const server = createServer((socket) => {
		socket.on("error", () => {});
		socket.on("data", () => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"));
	});
	server.listen({ host: "127.0.0.1", port: 0 });
	await once(server, "listening");
	const socket = connect({ host: "127.0.0.1", port: (server.address() as AddressInfo).port });
	let idle = 0;
	const connection = createUpstreamConnection({ socket, isLenient: false, onIdle: () => idle++, onClosed: () => {} });
	ends.push(() => {
		connection.close();
		server.close();
	});
	return { connection, idle: () => idle };
}

/** Asks, and tells the body; `onWire` sees each piece as it comes. */
function ask(connection: UpstreamConnection, onWire: () => void): Promise<string> {
	return new Promise((resolve, reject) => {
		let body = "";
		const listener: AnswerListener = {
			onSent() {},
			onInterim() {},
			onHead() {},
			onWire,
			onPayload(piece) {
				body += piece.toString();
			},
			onPause() {},
			onEnd: () => resolve(body),
			onFailure: ({ reason }) => reject(new Error(reason)),
			onDrain() {},
		};
		connection.begin("GET", listener);
		connection.write(Buffer.from("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
		connection.finish();
		setTimeout(() => reject(new Error("no answer within 2 s")), 2_000).unref();
	});
}

test("[F4] who was answered could take no more at the last piece: the next request of this connection is answered all the same", async () => {
	const { connection, idle } = await open();
	expect(await ask(connection, () => connection.pause())).toBe("hello");
	expect(idle()).toBe(1);
	expect(await ask(connection, () => {})).toBe("hello");
	expect(idle()).toBe(2);
	expect(connection.isReused()).toBe(true);
});
