import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, askRaw } from "./testing/client.ts";
import { startGateway, type TestGateway } from "./testing/gateway.ts";
import { type RawUpstream, startRawUpstream } from "./testing/upstream.ts";

let legacy: RawUpstream;
let gate: TestGateway;

beforeAll(async () => {
	legacy = await startRawUpstream((socket, all) => {
		if (!all.includes("\r\n\r\n")) return false;
		socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
		return true;
	});
	gate = await startGateway(legacy.address);
});

afterAll(async () => {
	await gate.end();
	await legacy.close();
});

const inner = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
const post = (lines: string, body = "") => `POST /p HTTP/1.1\r\nHost: a\r\n${lines}\r\n\r\n${body}`;

const vectors: [string, string][] = [
	["a length beside a transfer coding (CL.TE)", post("Content-Length: 6\r\nTransfer-Encoding: chunked", `0\r\n\r\n${inner}`)],
	["a transfer coding beside a length (TE.CL)", post("Transfer-Encoding: chunked\r\nContent-Length: 4", `5c\r\n${inner}\r\n0\r\n\r\n`)],
	["two different lengths", post("Content-Length: 0\r\nContent-Length: 37", inner)],
	["two equal lengths", post("Content-Length: 0\r\nContent-Length: 0", inner)],
	["a list of lengths", post("Content-Length: 0, 37", inner)],
	["a signed length", post("Content-Length: +0", inner)],
	["a hexadecimal length", post("Content-Length: 0x25", inner)],
	["an obscured transfer coding", post("Transfer-Encoding: xchunked", `0\r\n\r\n${inner}`)],
	["a transfer coding list", post("Transfer-Encoding: identity, chunked", `0\r\n\r\n${inner}`)],
	["two transfer codings", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", `0\r\n\r\n${inner}`)],
	["chunked not last", post("Transfer-Encoding: chunked, gzip", `0\r\n\r\n${inner}`)],
	["a blank before the colon", post("Transfer-Encoding : chunked", `0\r\n\r\n${inner}`)],
	["a folded line", post("Transfer-Encoding:\r\n chunked", `0\r\n\r\n${inner}`)],
	["a bare carriage return", post("X: a\rTransfer-Encoding: chunked", inner)],
	["a NUL in a value", post("X: a\0b", inner)],
	["bare line feeds", `POST /p HTTP/1.1\nHost: a\nContent-Length: 0\n\n${inner}`],
	["two hosts", "GET /p HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"],
	["chunked in HTTP/1.0", "POST /p HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
	["no HTTP at all", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
	["CONNECT", "CONNECT bank:443 HTTP/1.1\r\nHost: bank:443\r\n\r\n"],
];

test.each(vectors)("[F9] %s is refused in code and reaches nobody", async (_name, bytes) => {
	const before = legacy.received().length;
	const answer = await askRaw(gate.port, bytes);
	expect(answer).toMatch(/^HTTP\/1\.1 (400|501) /);
	expect(answer).toContain('"code":"REQUEST_REFUSED"');
	expect(answer).toMatch(/\r\nConnection: close\r\n/i);
	expect(answer.match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
	expect(legacy.received().slice(before)).toBe("");
});

test.each([
	["a size that is no number", "5x\r\nhello\r\n0\r\n\r\n"],
	["a chunk longer than its size", "3\r\nhello\r\n0\r\n\r\n"],
	["a negative size", "-1\r\n\r\n0\r\n\r\n"],
])("[F9] a chunked body with %s never becomes a second request", async (_name, body) => {
	const before = legacy.received().length;
	await askRaw(gate.port, `${post("Transfer-Encoding: chunked", body)}${inner}`);
	expect(legacy.received().slice(before)).not.toContain("smuggled");
});

test("[F9] a head above 16 KiB is refused as such", async () => {
	const answer = await askRaw(gate.port, `GET /p HTTP/1.1\r\nHost: a\r\nX: ${"a".repeat(17_000)}\r\n\r\n`);
	expect(answer).toMatch(/^HTTP\/1\.1 431 /);
	expect(answer).toContain('"code":"REQUEST_REFUSED"');
});

test("[F9] an ordinary request still passes; what was refused by its head is no exchange, a body that broke off is", async () => {
	expect((await ask(gate.port, { path: "/fine" })).body.toString()).toBe("ok");
	const refused = gate.seen.filter(({ response }) => response.status === 400);
	expect(refused.filter(({ error }) => !error?.startsWith("broken: "))).toEqual([]);
	expect(legacy.received()).not.toContain("smuggled");
});

test("[F9] a head that comes byte by byte is read as one that comes at once, and costs no more than its length", async () => {
	const head = `GET /drops HTTP/1.1\r\nHost: a\r\nX: ${"a".repeat(3_000)}\r\nConnection: close\r\n\r\n`;
	const answer = await new Promise<string>((resolve, reject) => {
		let text = "";
		const socket = connect({ port: gate.port, host: "127.0.0.1", noDelay: true }, async () => {
			for (const byte of head) {
				socket.write(byte);
				await new Promise(setImmediate);
			}
		});
		socket.on("data", (chunk) => {
			text += chunk;
		});
		socket.on("end", () => resolve(text)).on("error", reject);
	});
	expect(answer).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*ok$/);
	expect(await askRaw(gate.port, `GET /drops HTTP/1.1\r\nHost: a\r\nX: ${"a".repeat(9_000)}`)).toBe("");
});
