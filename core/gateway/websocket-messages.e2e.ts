import { once } from "node:events";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { type RawData, WebSocketServer, WebSocket as WsClient } from "ws";
import type { Exchange, RouteMode, RoutePlan, ShadowAnswer, Upstream } from "../contract/traffic.ts";
import type { Limits } from "./hot/index.ts";
import { createAuthority } from "./testing/certificates.ts";
import { startPlane, type TestFront } from "./testing/front.ts";
import { closedPort, listen, until } from "./testing/listen.ts";

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close();
});

type Peer = { address: Upstream; server: WebSocketServer; heads: string[]; extensions: string[] };

/** A real WebSocket server that offers compression; `answer` is called for each message. */
async function startPeer(answer: (text: string, socket: WsClient) => void, greeting?: string): Promise<Peer> {
	const server = new WebSocketServer({ host: "127.0.0.1", port: await closedPort(), perMessageDeflate: { threshold: 0 } });
	await once(server, "listening");
	const heads: string[] = [];
	const extensions: string[] = [];
	server.on("connection", (socket, request) => {
		heads.push(`${request.url} ${request.rawHeaders.join("|")}`);
		extensions.push(socket.extensions);
		socket.on("error", () => {});
		if (greeting !== undefined) socket.send(greeting);
		socket.on("message", (data: RawData, isBinary) => answer(isBinary ? `binary ${(data as Buffer).length}` : data.toString(), socket));
	});
	closers.push(() => {
		for (const client of server.clients) client.terminate();
		server.close();
	});
	return { address: { host: "127.0.0.1", port: (server.address() as AddressInfo).port }, server, heads, extensions };
}

type Gate = {
	port: number;
	exchanges: Exchange[];
	answers: ShadowAnswer[];
	plane: TestFront["plane"];
	setMode(mode: RouteMode): void;
};

async function startGate(legacy: Upstream, mode: RouteMode, limits: Partial<Limits> = {}): Promise<Gate> {
	let version = 1;
	const planOf = (next: RouteMode): RoutePlan => ({
		version: version++,
		legacy,
		idempotencyHeader: "Idempotency-Key",
		routes: [{ id: "prices", method: "GET", path: "/prices", mode: next }],
		reason: "test",
	});
	const started = await startPlane(planOf(mode), (port) => ({ kind: "http", id: "test", host: "127.0.0.1", port }), limits);
	const { port, plane, seen, answers, close } = started;
	closers.push(close);
	return { port, exchanges: seen, answers, plane, setMode: (next) => plane.setPlan(planOf(next)) };
}

type Client = { socket: WsClient; got: string[]; isClosed: () => boolean };

async function open(gate: Gate, path = "/prices?x=1"): Promise<Client> {
	const socket = new WsClient(`ws://127.0.0.1:${gate.port}${path}`, {
		perMessageDeflate: { threshold: 0 },
		headers: { "X-Phoenix-Shadow": "fake" },
	});
	const got: string[] = [];
	let isClosed = false;
	socket.on("message", (data: RawData) => got.push(data.toString()));
	socket.on("error", () => {});
	socket.on("close", () => {
		isClosed = true;
	});
	await once(socket, "open");
	return { socket, got, isClosed: () => isClosed };
}

const text = (body: string) => Buffer.from(body, "base64").toString();
const shadow = (upstream?: Upstream, more = {}): RouteMode => ({
	kind: "shadow",
	percent: 100,
	...(upstream && { mirror: { upstream, ...more } }),
});
const brief = (exchanges: Exchange[]) => exchanges.map(({ request, response, error }) => [text(request.body), text(response.body), error]);

test("[W6] each message of the client with what the server says until the next one is an exchange", async () => {
	const legacy = await startPeer((message, socket) => {
		if (message === "many") for (const part of ["one ", "two ", "three"]) socket.send(part);
		else if (message !== "none") socket.send(`${message}!`);
	});
	const gate = await startGate(legacy.address, shadow());
	const client = await open(gate);
	client.socket.send("many");
	await until(() => client.got.length === 3);
	client.socket.send("none");
	await delay(30);
	client.socket.send(Buffer.alloc(300, 1));
	await until(() => client.got.length === 4);
	client.socket.close();
	await until(() => gate.exchanges.length === 3);
	expect(brief(gate.exchanges)).toEqual([
		["many", "one two three", null],
		["none", "", "the server said nothing before the client's next message"],
		["\u0001".repeat(300), "binary 300!", null],
	]);
	expect(gate.exchanges[0]).toMatchObject({
		route: "prices",
		arm: "legacy",
		mirrored: false,
		decision: "sampled",
		request: { method: "WEBSOCKET", target: "/prices?x=1", headers: [["WebSocket-Messages", "text 4"]] },
		response: { status: 200, headers: [["WebSocket-Messages", "text 4, text 4, text 5"]] },
	});
	expect(gate.exchanges[2]?.request.headers).toEqual([["WebSocket-Messages", "binary 300"]]);
	expect(gate.plane.counters).toMatchObject({ clientErrors: 0, streams: { sockets: 1 } });
});

test("[W6] what the server says by itself is an exchange without a request; a quiet server has said its part", async () => {
	const legacy = await startPeer((message, socket) => socket.send(message), "welcome");
	const gate = await startGate(legacy.address, shadow());
	const client = await open(gate);
	await until(() => gate.exchanges.length === 1);
	client.socket.send("late");
	// Nothing follows: the turn ends by itself, so that it holds up nobody's openSince.
	await until(() => gate.exchanges.length === 2);
	expect(brief(gate.exchanges)).toEqual([
		["", "welcome", "no message of the client came before"],
		["late", "late", null],
	]);
	expect(gate.plane.counters.streams.unsolicited).toBe(1);
	client.socket.terminate();
});

test("[W7] compression is not offered on where messages are read, and no client minds; elsewhere nothing changes", async () => {
	const legacy = await startPeer((message, socket) => socket.send(message));
	const gate = await startGate(legacy.address, shadow());
	const read = await open(gate);
	const passed = await open(gate, "/other");
	expect(legacy.extensions).toEqual(["", "permessage-deflate"]);
	expect([read.socket.extensions, passed.socket.extensions]).toEqual(["", "permessage-deflate"]);
	const long = "compressible ".repeat(10_000);
	read.socket.send(long);
	passed.socket.send(long);
	// Node's own client, which offers compression too.
	const own = new WebSocket(`ws://127.0.0.1:${gate.port}/prices`);
	await new Promise((resolve) => own.addEventListener("open", resolve));
	const answered = new Promise((resolve) => own.addEventListener("message", ({ data }) => resolve(data)));
	own.send(long);
	expect(await answered).toBe(long);
	expect(own.extensions).toBe("");
	await until(() => read.got[0] === long && passed.got[0] === long);
	await until(() => gate.exchanges.length === 2);
	for (const { request, response } of gate.exchanges) expect([text(request.body), text(response.body)]).toEqual([long, long]);
	own.close();
	read.socket.terminate();
	passed.socket.terminate();
});

test("[W4] a handshake says where it came from, as F1", async () => {
	const legacy = await startPeer(() => {});
	const gate = await startGate(legacy.address, shadow());
	await open(gate);
	const far = new WsClient(`ws://127.0.0.1:${gate.port}/prices`, {
		headers: { "X-Forwarded-For": "10.1.1.1", "X-Forwarded-Proto": "https" },
	});
	await once(far, "open");
	expect(legacy.heads[0]).toContain("X-Forwarded-For|127.0.0.1|X-Forwarded-Proto|http|");
	expect(legacy.heads[1]).toContain("X-Forwarded-For|10.1.1.1, 127.0.0.1");
	expect(legacy.heads[1]).toContain("X-Forwarded-Proto|https");
	expect(legacy.heads[1]).not.toContain("X-Forwarded-Proto|http|");
});

test("[W8] 1,000 messages are played to the shadow turn by turn on a connection of its own, marked as copies", async () => {
	const legacy = await startPeer((message, socket) => socket.send(`${message} old`), "hello");
	const modern = await startPeer((message, socket) => {
		// Slower than legacy, and in two parts.
		setTimeout(() => socket.send(`${message} new`), 1);
	}, "hello");
	const gate = await startGate(legacy.address, shadow(modern.address));
	const clients = await Promise.all(Array.from({ length: 20 }, () => open(gate)));
	await until(() => clients.every(({ got }) => got.length === 1));
	for (let round = 0; round < 50; round++) {
		for (const [index, { socket }] of clients.entries()) socket.send(`m${index}-${round}`);
		await until(() => clients.every(({ got }) => got.length === round + 2));
		await delay(4);
	}
	await until(() => gate.answers.length === 1_000);
	expect(modern.heads).toHaveLength(20);
	expect(modern.heads[0]).toContain("/prices?x=1 ");
	expect(modern.heads[0]).toContain("|X-Phoenix-Shadow|1");
	expect(modern.heads[0]).not.toContain("fake");
	const bySeq = new Map(gate.exchanges.map((exchange) => [exchange.seq, exchange]));
	for (const { seq, response, error } of gate.answers) {
		const exchange = bySeq.get(seq);
		expect(exchange?.mirrored).toBe(true);
		expect([error, text(response.body)]).toEqual([null, `${text(exchange?.request.body ?? "")} new`]);
		expect(text(exchange?.response.body ?? "")).toBe(`${text(exchange?.request.body ?? "")} old`);
		expect(response.headers).toEqual([["WebSocket-Messages", `text ${text(response.body).length}`]]);
	}
	expect(gate.plane.report()).toMatchObject({ counters: { mirrored: 1_000, dropped: {} }, copies: { taken: 1_000, open: 0, dropped: {} } });
	for (const { socket } of clients) socket.close();
	await until(() => modern.server.clients.size === 0);
});

test("[W9] a shadow that hangs, refuses, is gone or talks nonsense changes nothing for the client; all is accounted for", async () => {
	const legacy = await startPeer((message, socket) => socket.send(message));
	const hung = await startPeer(() => {});
	const raw = async (answer: string | null) => {
		const server = createServer((socket) => {
			socket.on("error", () => {});
			if (answer !== null) socket.once("data", () => socket.write(Buffer.from(answer, "latin1")));
		});
		const port = await listen(server);
		closers.push(() => void server.close());
		return { host: "127.0.0.1", port };
	};
	const cases: [string, Upstream, RegExp][] = [
		["hung", hung.address, /no answer within 1000 ms/],
		["gone", { host: "127.0.0.1", port: await closedPort() }, /connection failed \(ECONNREFUSED\)/],
		["refusing", await raw("HTTP/1.1 403 No\r\n\r\n"), /refused the upgrade with 403/],
		["mute", await raw(null), /no WebSocket within 1000 ms/],
		["nonsense", await raw("HTTP/1.1 101 Switching\r\n\r\n\xff\xff\xff\xff"), /are no WebSocket/],
	];
	// More than may wait for the shadow at once.
	const sent = 24;
	for (const [name, upstream, reason] of cases) {
		const gate = await startGate(legacy.address, shadow(upstream, { timeoutMs: 1_000, inFlight: 6 }));
		const client = await open(gate);
		let longest = 0;
		for (let message = 0; message < sent; message++) {
			const began = performance.now();
			client.socket.send(`m${message}`);
			await until(() => client.got.length === message + 1);
			longest = Math.max(longest, performance.now() - began);
		}
		// Who waited for the shadow would wait for its time limit.
		expect(longest, name).toBeLessThan(1_000);
		client.socket.close();
		const settled = () =>
			gate.answers.length + Object.values(gate.plane.report().copies?.dropped ?? {}).reduce((sum, count) => sum + count, 0);
		await until(() => gate.exchanges.length === sent && settled() === sent);
		expect(gate.plane.counters.mirrored).toBe(sent);
		for (const { error, response } of gate.answers) {
			expect(String(error), name).toMatch(reason);
			expect(response.status).toBe(0);
		}
		expect(gate.answers.length, name).toBeGreaterThan(0);
	}
});

test("[W10] a plan that takes the new service away closes its sockets at once", async () => {
	const [legacy, modern] = [
		await startPeer((message, socket) => socket.send(`${message} old`)),
		await startPeer((message, socket) => socket.send(`${message} new`)),
	];
	const gate = await startGate(legacy.address, { kind: "modern", upstream: modern.address, failover: "always" });
	const client = await open(gate);
	client.socket.send("a");
	await until(() => client.got.length === 1);
	expect(client.got).toEqual(["a new"]);
	expect(gate.plane.counters.lastModernAt).toBeGreaterThan(0);
	const other = await open(gate, "/other");
	gate.setMode({ kind: "legacy" });
	await until(client.isClosed);
	expect(other.isClosed()).toBe(false);
	const again = await open(gate);
	again.socket.send("b");
	await until(() => again.got.length === 1);
	expect(again.got).toEqual(["b old"]);
});

test("[W5] bytes that are no WebSocket go through untouched, and the loss is told", async () => {
	const port = await closedPort();
	const server = createServer((socket) => {
		socket.on("error", () => {});
		socket.once("data", () => {
			socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
			socket.on("data", (chunk: Buffer) => socket.write(chunk));
		});
	});
	server.listen({ host: "127.0.0.1", port });
	await once(server, "listening");
	closers.push(() => void server.close());
	const gate = await startGate({ host: "127.0.0.1", port }, shadow());
	const client = connect(gate.port, "127.0.0.1");
	let got = "";
	client.on("data", (chunk: Buffer) => {
		got += chunk.toString("latin1");
	});
	client.write(
		"GET /prices HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
	);
	await until(() => got.includes("\r\n\r\n"));
	client.write("neither frame nor mask");
	await until(() => got.endsWith("neither frame nor mask"));
	await until(() => gate.exchanges.length === 1);
	expect(gate.exchanges[0]?.error).toMatch(
		/^framing-lost: the client's bytes: .*; the rest of this WebSocket is passed on without being read$/,
	);
	expect(gate.plane.counters.streams["framing-lost"]).toBe(1);
	client.destroy();
});

test("[W1][W8] WebSockets to a TLS upstream and to a TLS shadow", async () => {
	const authority = createAuthority();
	closers.push(() => authority.end());
	const { cert, key } = authority.issue(["127.0.0.1"]);
	const startSecure = async (name: string) => {
		const server = createHttpsServer({ cert, key });
		const sockets = new WebSocketServer({ server });
		sockets.on("connection", (socket) => socket.on("message", (data: RawData) => socket.send(`${data} ${name}`)));
		const port = await listen(server);
		closers.push(() => {
			for (const client of sockets.clients) client.terminate();
			server.close();
		});
		return { host: "127.0.0.1", port, tls: { caFile: authority.caFile } };
	};
	const [legacy, modern] = [await startSecure("old"), await startSecure("new")];
	const gate = await startGate(legacy, shadow(modern));
	const client = await open(gate);
	client.socket.send("a");
	await until(() => client.got.length === 1);
	expect(client.got).toEqual(["a old"]);
	await until(() => gate.answers.length === 1);
	expect(text(gate.answers[0]?.response.body ?? "")).toBe("a new");
	client.socket.close();
	// Unknown to the gateway: nothing is said to it.
	const strange = await startGate({ ...legacy, tls: {} }, shadow());
	const refused = new WsClient(`ws://127.0.0.1:${strange.port}/prices`);
	const status = await new Promise((resolve) => refused.on("unexpected-response", (_request, answer) => resolve(answer.statusCode)));
	expect(status).toBe(502);
	refused.on("error", () => {}).terminate();
});
