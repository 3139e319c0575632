import { createHash } from "node:crypto";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, askRaw } from "./testing/client.ts";
import { nextPlan, startGateway, type TestGateway, until } from "./testing/gateway.ts";
import { freePort, type RawUpstream, startRawUpstream } from "./testing/upstream.ts";

const key = "dGhlIHNhbXBsZSBub25jZQ==";
const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
const handshake = (path: string) =>
	`GET ${path} HTTP/1.1\r\nhOst: bank\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\nX-Odd: 1\r\nx-odd: 2\r\n\r\n`;

let legacy: RawUpstream;
let gate: TestGateway;
const peers: Socket[] = [];

/** Speaks just enough WebSocket: after the handshake every byte is echoed. */
beforeAll(async () => {
	const open = new WeakSet<Socket>();
	legacy = await startRawUpstream((socket, all) => {
		if (open.has(socket)) {
			socket.write(Buffer.from(all, "latin1"));
			return true;
		}
		if (!all.includes("\r\n\r\n")) return false;
		if (all.includes("/refused")) {
			socket.write("HTTP/1.1 403 No\r\nX-Why: closed\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nno way\r\n0\r\n\r\n");
		} else if (all.includes("Upgrade: websocket")) {
			open.add(socket);
			peers.push(socket);
			socket.write(
				`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
			);
		} else socket.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nplain");
		return true;
	});
	gate = await startGateway(legacy.address);
});

afterAll(async () => {
	await gate.end();
	await legacy.close();
});

type Talk = { socket: Socket; text: () => string; isClosed: () => boolean };

async function upgrade(path: string): Promise<Talk> {
	let text = "";
	let isClosed = false;
	const socket = connect(gate.port, "127.0.0.1", () => socket.write(handshake(path)));
	socket.on("data", (chunk) => {
		text += chunk.toString("latin1");
	});
	socket.on("error", () => {});
	socket.on("close", () => {
		isClosed = true;
	});
	await until(() => text.includes("\r\n\r\n") || isClosed);
	return { socket, text: () => text, isClosed: () => isClosed };
}

test("[W1] bytes flow both ways, and the target and header lines arrive as sent", async () => {
	const { socket, text } = await upgrade("//chat/../x?a=%zz");
	expect(text()).toMatch(/^HTTP\/1\.1 101 /);
	socket.write(Buffer.from([0x81, 0x02, 0x68, 0x69]));
	await until(() => text().endsWith("\x81\x02hi"));
	const got = legacy.received();
	expect(got).toContain("GET //chat/../x?a=%zz HTTP/1.1\r\nhOst: bank\r\n");
	expect(got).toContain(`Sec-WebSocket-Key: ${key}\r\n`);
	expect(got).toContain("X-Odd: 1\r\nX-Odd: 2\r\n");
	socket.destroy();
});

test("[W2] a refused upgrade gives the upstream's answer and ends", async () => {
	const answer = await askRaw(gate.port, handshake("/refused"), 2_000);
	expect(answer).toBe("HTTP/1.1 403 No\r\nX-Why: closed\r\nConnection: close\r\n\r\nno way");
});

test("[W3] the upstream's death closes the client, and the client's death the upstream", async () => {
	const first = await upgrade("/a");
	peers.at(-1)?.resetAndDestroy();
	await until(first.isClosed);
	const second = await upgrade("/b");
	let isPeerClosed = false;
	peers.at(-1)?.on("close", () => {
		isPeerClosed = true;
	});
	second.socket.resetAndDestroy();
	await until(() => isPeerClosed);
});

test("[W1] an upgrade to anything but WebSocket is an ordinary request", async () => {
	const answer = await ask(gate.port, {
		path: "/h2",
		headers: { Connection: "Upgrade, HTTP2-Settings", Upgrade: "h2c", "HTTP2-Settings": "x" },
	});
	expect(answer.body.toString()).toBe("plain");
});

test("[W1][W2] a promoted WebSocket route goes to the new service, and to nobody when that is gone", async () => {
	const nobody = { host: "127.0.0.1", port: await freePort() };
	await gate.gateway.setPlan(
		nextPlan(gate.gateway, legacy.address, { "GET /ws": { kind: "modern", upstream: nobody, failover: "always" } }),
	);
	const answer = await askRaw(gate.port, handshake("/ws"), 2_000);
	expect(answer).toMatch(/^HTTP\/1\.1 502 /);
	expect(answer).toContain('"code":"UPSTREAM_UNREACHED"');
	await delay(50);
	expect((await upgrade("/other")).text()).toMatch(/^HTTP\/1\.1 101 /);
});
