import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { connect as connectTls, createServer as createTlsServer } from "node:tls";
import { expect, test } from "vitest";
import type { Exchange } from "../contract/traffic.ts";
import { createAuthority } from "./testing/certificates.ts";
import { closedPort, listen, until } from "./testing/listen.ts";
import { atEnd, byField, contentOf, echo, framing, gateOf, key, pairsOf, serverOf } from "./testing/stream-cases.ts";
import { framed, openClient, readFrames } from "./testing/stream-gate.ts";

const byOrder = { framing, pairing: { kind: "order" } } as const;
const legacyMode = { kind: "legacy" } as const;

test("[S1][S6] 10,000 messages on 200 connections, answered out of order: every byte arrives, every answer has its request", async () => {
	const legacy = await serverOf((content, socket) => {
		// Each answer takes another time, so they overtake one another.
		setTimeout(() => socket.write(framed(`${content} ok`)), (content[7] as number) % 5);
	});
	const gate = await gateOf(legacy.address, legacyMode, byField);
	const clients = await Promise.all(Array.from({ length: 200 }, () => openClient(gate.port)));
	for (const [index, client] of clients.entries()) {
		const all = Array.from({ length: 50 }, (_, message) => framed(key(index * 50 + message)));
		const wire = Buffer.concat(all);
		// In pieces that know nothing of messages.
		for (let at = 0; at < wire.length; at += 37) client.socket.write(wire.subarray(at, at + 37));
	}
	await until(() => clients.every(({ got }) => got.length === 50), 30_000);
	await until(() => gate.exchanges.length === 10_000);
	const wanted = Array.from({ length: 10_000 }, (_, index) => `${key(index)} > ${key(index)} ok`);
	expect(pairsOf(gate.exchanges).sort()).toEqual(wanted);
	expect(gate.exchanges.map(({ seq }) => seq)).toEqual(Array.from({ length: 10_000 }, (_, index) => index + 1));
	for (const [index, client] of clients.entries()) {
		expect([...client.got].sort()).toEqual(Array.from({ length: 50 }, (_, message) => `${key(index * 50 + message)} ok`));
		client.socket.destroy();
	}
	expect(gate.exchanges[0]).toMatchObject({
		route: "auth",
		arm: "legacy",
		decision: "legacy",
		mirrored: false,
		truncated: false,
		error: null,
		request: { method: "TCP", target: "/cards", headers: [] },
		response: { status: 200, headers: [] },
	});
	const { counters, openRequests } = gate.plane.report();
	expect(counters).toMatchObject({ requests: 10_000, clientErrors: 0, byArm: { legacy: 10_000 }, legacyByRoute: { auth: 10_000 } });
	expect(openRequests).toBe(0);
	expect(legacy.connects()).toBe(200);
});

test("[S8] the oldest open request says since when something is under way", async () => {
	const held: (() => void)[] = [];
	const legacy = await serverOf((content, socket) => {
		if (content.toString().startsWith("slow")) held.push(() => socket.write(framed(content)));
		else socket.write(framed(content));
	});
	const gate = await gateOf(legacy.address, legacyMode, byField);
	const client = await openClient(gate.port);
	client.send("slow0001");
	await until(() => held.length === 1);
	client.send("fast0001");
	await until(() => gate.exchanges.length === 1);
	expect(gate.plane.report().openRequests).toBe(1);
	held[0]?.();
	await until(() => gate.exchanges.length === 2);
	const [fast, slow] = gate.exchanges as [Exchange, Exchange];
	expect(pairsOf([fast, slow])).toEqual(["fast0001 > fast0001", "slow0001 > slow0001"]);
	expect(fast.openSince).toBe(slow.startedAt);
	expect(slow.openSince).toBe(slow.endedAt);
	client.socket.destroy();
});

test("[S2] an end is passed on as an end, and what is still to be said is said", async () => {
	const server = createServer({ allowHalfOpen: true }, (socket) => {
		const asked: Buffer[] = [];
		readFrames(socket, (content) => asked.push(content));
		// Speaks only when the client has said all.
		socket.on("end", () => {
			for (const content of asked) socket.write(framed(content));
			socket.end();
		});
	});
	const port = await listen(server);
	atEnd(async () => void server.close());
	const gate = await gateOf({ host: "127.0.0.1", port }, legacyMode, byOrder);
	const client = await openClient(gate.port);
	client.send("one");
	client.send("two");
	client.socket.end();
	await until(client.isClosed);
	expect(client.got).toEqual(["one", "two"]);
	await until(() => gate.exchanges.length === 2);
	expect(pairsOf(gate.exchanges)).toEqual(["one > one", "two > two"]);
});

test("[S2][S8] legacy is killed in the middle: the clients are cut off, and open requests end with the reason", async () => {
	const legacy = await serverOf((content, socket) => {
		if (!content.toString().startsWith("last")) socket.write(framed(content));
	});
	const gate = await gateOf(legacy.address, legacyMode, byField);
	const clients = await Promise.all(Array.from({ length: 20 }, () => openClient(gate.port)));
	for (const [index, client] of clients.entries())
		for (const name of ["good", "last"]) client.send(`${name}${String(index).padStart(4, "0")}`);
	await until(() => legacy.received.length === 40 && gate.exchanges.length === 20);
	for (const socket of legacy.sockets) socket.resetAndDestroy();
	await until(() => clients.every(({ isClosed }) => isClosed()));
	await until(() => gate.exchanges.length === 40);
	const failed = gate.exchanges.slice(20);
	expect(new Set(failed.map(({ error }) => error))).toEqual(new Set(["the connection broke off (ECONNRESET)"]));
	expect(failed.every(({ response }) => response.status === 0)).toBe(true);
	expect(gate.plane.report().counters).toMatchObject({ requests: 40, clientErrors: 20 });
	expect(gate.plane.report().openRequests).toBe(0);
});

test("[S2] a client's reset reaches the server, and its request counts as left", async () => {
	const legacy = await serverOf(() => {});
	const gate = await gateOf(legacy.address, legacyMode, byOrder);
	const client = await openClient(gate.port);
	client.send("asked");
	await until(() => legacy.received.length === 1);
	const [server] = legacy.sockets;
	client.socket.resetAndDestroy();
	await until(() => server?.destroyed === true && gate.exchanges.length === 1);
	expect(gate.exchanges[0]).toMatchObject({ error: "the client left", response: { status: 0 } });
	expect(gate.plane.report().counters.clientErrors).toBe(0);
});

test("[S3] 200 MB to a slow reader: nothing is lost and memory stays flat", async () => {
	const size = 200_000_000;
	const server = createServer((socket) => {
		const block = Buffer.alloc(65_536, 7);
		let left = size;
		const more = () => {
			while (left > 0) {
				const piece = block.subarray(0, Math.min(block.length, left));
				left -= piece.length;
				if (!socket.write(piece)) return void socket.once("drain", more);
			}
			socket.end();
		};
		socket.on("error", () => {});
		more();
	});
	const port = await listen(server);
	atEnd(async () => void server.close());
	const fixed = { framing: { kind: "fixed", size: 1_000 }, pairing: { kind: "order" } } as const;
	const gate = await gateOf({ host: "127.0.0.1", port }, legacyMode, fixed);
	gate.setCapturing(false);
	gate.exchanges.push = () => 0;
	const client = connect({ port: gate.port, host: "127.0.0.1" });
	let got = 0;
	let held = 0;
	client.on("data", (chunk: Buffer) => {
		got += chunk.length;
		held = Math.max(held, process.memoryUsage().arrayBuffers);
		if (got % 20 !== 0) return;
		client.pause();
		setTimeout(() => client.resume(), 1);
	});
	const before = process.memoryUsage().arrayBuffers;
	await once(client, "close");
	expect(got).toBe(size);
	expect(held - before).toBeLessThan(64_000_000);
	// Each block was an unasked message; all of them were seen.
	expect(gate.plane.report().counters.streams.unsolicited).toBe(size / 1_000);
});

test("[S5] a stream that breaks its framing is passed on untouched, and its pairing ends with a count", async () => {
	const legacy = await serverOf(() => {});
	const raw: Buffer[] = [];
	const gate = await gateOf(legacy.address, legacyMode, byOrder);
	const client = await openClient(gate.port);
	client.send("whole");
	await until(() => legacy.sockets.size === 1 && legacy.received.length === 1);
	const [server] = legacy.sockets;
	server?.removeAllListeners("data");
	server?.on("data", (chunk: Buffer) => raw.push(chunk));
	const noise = Buffer.alloc(300_000, 0xff);
	client.socket.write(noise);
	await until(() => Buffer.concat(raw).equals(noise));
	const back = once(client.socket, "data");
	server?.write("anything");
	expect(String((await back)[0])).toContain("anything");
	expect(gate.exchanges.map(({ error }) => error)).toEqual([
		"framing-lost: the client's bytes do not keep to the framing: a message of 65537 bytes, above the limit of 4096",
		"framing-lost: the client's bytes do not keep to the framing: a message of 65537 bytes, above the limit of 4096; the rest of this connection is passed on without being read",
	]);
	expect(gate.plane.report()).toMatchObject({ openRequests: 0, counters: { streams: { "framing-lost": 1 }, clientErrors: 0 } });
	client.socket.destroy();
});

test("[S8] what the server says unasked, and what it never answers, are exchanges of their own", async () => {
	const legacy = await serverOf((content, socket) => {
		if (!content.toString().startsWith("none")) socket.write(framed(content));
	});
	const gate = await gateOf(legacy.address, legacyMode, byField, { legacyTimeoutMs: 300 });
	const client = await openClient(gate.port);
	client.send("none0001");
	client.send("some0001");
	client.send("short");
	await until(() => client.got.length === 2);
	for (const socket of legacy.sockets) socket.write(framed("notice: closing at six"));
	await until(() => gate.exchanges.length === 5);
	const brief = gate.exchanges.map(({ request, response, error }) => [contentOf(request.body), contentOf(response.body), error]);
	expect(brief).toEqual(
		[
			["some0001", "some0001", null],
			["short", "", "the message has nothing to be paired by"],
			["", "short", "no request waits for this message"],
			["", "notice: closing at six", "no request waits for this message"],
			["none0001", "", "no answer within 300 ms"],
		].sort((a, b) => brief.findIndex(([, , error]) => error === a[2]) - brief.findIndex(([, , error]) => error === b[2])),
	);
	expect(gate.plane.report().counters).toMatchObject({ clientErrors: 0, streams: { unsolicited: 2 } });
	client.socket.destroy();
});

test("[S8] by order alone, a request without its answer puts all that follow in doubt: the pairing ends", async () => {
	const legacy = await serverOf((content, socket) => {
		if (content.toString() !== "none") socket.write(framed(content));
	});
	const gate = await gateOf(legacy.address, legacyMode, byOrder, { legacyTimeoutMs: 300 });
	const client = await openClient(gate.port);
	client.send("none");
	await until(() => gate.exchanges.length === 2);
	expect(gate.exchanges[0]?.error).toBe("pairing-lost: no answer within 300 ms, and answers are paired by their order");
	client.send("more");
	await until(() => client.got.length === 1);
	expect(gate.exchanges).toHaveLength(2);
	expect(gate.plane.report().counters.streams["pairing-lost"]).toBe(1);
	client.socket.destroy();
});

test("[S2] a silent connection is cut after its limit, and sooner when one side has ended", async () => {
	const legacy = createServer({ allowHalfOpen: true }, (socket) => void socket.on("error", () => {}).resume());
	const port = await listen(legacy);
	atEnd(async () => void legacy.close());
	const gate = await gateOf({ host: "127.0.0.1", port }, legacyMode, byOrder, {}, { idle: 2_000, halfOpen: 150 });
	const [whole, half] = [await openClient(gate.port), await openClient(gate.port)];
	const began = performance.now();
	half.socket.end();
	await until(half.isClosed);
	expect(performance.now() - began).toBeLessThan(1_900);
	expect(whole.isClosed()).toBe(false);
	await until(whole.isClosed);
	expect(performance.now() - began).toBeGreaterThan(1_950);
	expect(gate.plane.report()).toMatchObject({ openRequests: 0, counters: { clientErrors: 0 } });
});

test("[S10] a server that takes no connection is given up after the limit", async () => {
	// Its queue of one is full, and nobody takes from it: a stopped process.
	const code =
		"const s=require('node:net').createServer();s.listen({host:'127.0.0.1',port:+process.argv[1],backlog:1},()=>process.send('up'))";
	const port = await closedPort();
	const full = spawn(process.execPath, ["-e", code, String(port)], {
		stdio: ["ignore", "ignore", "inherit", "ipc"],
		cwd: process.cwd(),
		env: {},
	});
	atEnd(async () => void full.kill("SIGKILL"));
	await once(full, "message");
	full.kill("SIGSTOP");
	const fillers = Array.from({ length: 4 }, () => connect({ port, host: "127.0.0.1" }).on("error", () => {}));
	await new Promise((resolve) => setTimeout(resolve, 100));
	const gate = await gateOf({ host: "127.0.0.1", port }, legacyMode, byOrder, {}, { connect: 300 });
	const client = await openClient(gate.port);
	await until(client.isClosed);
	await until(() => gate.exchanges.length === 1);
	expect(gate.exchanges[0]?.error).toBe("no connection: no connection within 300 ms");
	for (const socket of fillers) socket.destroy();
});

test("[S11] a gateway that stops ends quiet connections at once, and busy ones after their answers", async () => {
	const held: (() => void)[] = [];
	const legacy = await serverOf((content, socket) => {
		held.push(() => socket.write(framed(content)));
	});
	const gate = await gateOf(legacy.address, legacyMode, byOrder);
	const [quiet, busy] = [await openClient(gate.port), await openClient(gate.port)];
	busy.send("asked");
	await until(() => held.length === 1);
	gate.plane.drain();
	await until(quiet.hasEnded);
	await new Promise((resolve) => setTimeout(resolve, 120));
	expect(busy.hasEnded()).toBe(false);
	held[0]?.();
	await until(busy.hasEnded);
	expect(busy.got).toEqual(["asked"]);
	for (const { socket } of [quiet, busy]) socket.destroy();
});

test("[S9] a listener that no route names goes nowhere, and an exchange says so", async () => {
	const legacy = await serverOf(echo("old"));
	const gate = await gateOf(legacy.address, legacyMode, byOrder);
	gate.plane.setPlan({ version: 99, legacy: null, idempotencyHeader: "K", routes: [], reason: "test" });
	const client = connect({ port: gate.port, host: "127.0.0.1" }).on("error", () => {});
	await until(() => client.destroyed && gate.exchanges.length === 1);
	expect(gate.exchanges[0]).toMatchObject({ route: null, decision: "no route", error: "no route of the plan names the listener cards" });
	expect(legacy.connects()).toBe(0);
});

test("[S9] a canary takes whole connections, exactly by its weight", async () => {
	const [legacy, modern] = [await serverOf(echo("old")), await serverOf(echo("new"))];
	const gate = await gateOf(legacy.address, { kind: "canary", weight: 25, upstream: modern.address }, byOrder);
	const clients = await Promise.all(Array.from({ length: 40 }, () => openClient(gate.port)));
	for (const client of clients) for (const message of ["a", "b", "c"]) client.send(message);
	await until(() => clients.every(({ got }) => got.length === 3));
	const sides = clients.map(({ got }) => new Set(got.map((text) => text.slice(2))));
	expect(sides.every(({ size }) => size === 1)).toBe(true);
	expect(sides.filter((side) => side.has("new"))).toHaveLength(10);
	await until(() => gate.exchanges.length === 120);
	const decisions = gate.exchanges.map(({ arm, decision }) => `${arm}, ${decision}`);
	expect(decisions.filter((one) => one === "modern, inside by share")).toHaveLength(30);
	expect(decisions.filter((one) => one === "legacy, outside by share")).toHaveLength(90);
	for (const { socket } of clients) socket.destroy();
});

test("[S10] a new service that cannot be reached has had no byte: legacy takes the connection", async () => {
	const legacy = await serverOf(echo("old"));
	const nobody = { host: "127.0.0.1", port: await closedPort() };
	const gate = await gateOf(legacy.address, { kind: "modern", upstream: nobody }, byOrder);
	const client = await openClient(gate.port);
	client.send("a");
	await until(() => client.got.length === 1 && gate.exchanges.length === 1);
	expect(client.got).toEqual(["a old"]);
	expect(gate.exchanges[0]).toMatchObject({ arm: "failover", decision: "modern" });
	expect(gate.plane.report().counters).toMatchObject({ failovers: 1, lastModernAt: 0, clientErrors: 0 });
	client.socket.destroy();
});

test("[S10] with nobody there the client is cut off, and an exchange says why", async () => {
	const gate = await gateOf({ host: "127.0.0.1", port: await closedPort() }, legacyMode, byOrder);
	const client = connect({ port: gate.port, host: "127.0.0.1" }).on("error", () => {});
	await until(() => client.destroyed && gate.exchanges.length === 1);
	expect(gate.exchanges[0]).toMatchObject({ error: "no connection: ECONNREFUSED", route: "auth", response: { status: 0 } });
	expect(gate.plane.report().counters.clientErrors).toBe(1);
});

test("[S11] a plan that takes the new service away ends its connections: no further byte reaches it, what it had begun is answered", async () => {
	const legacy = await serverOf(echo("old"));
	const held: (() => void)[] = [];
	const modern = await serverOf((content, socket) => {
		held.push(() => socket.write(framed(`${content} new`)));
	});
	const gate = await gateOf(legacy.address, { kind: "modern", upstream: modern.address }, byOrder);
	const [busy, idle] = [await openClient(gate.port), await openClient(gate.port)];
	busy.send("begun");
	await until(() => held.length === 1 && modern.sockets.size === 2);
	gate.setMode(legacyMode);
	const { lastModernAt } = gate.plane.report().counters;
	busy.send("later");
	idle.send("later");
	await until(idle.hasEnded);
	expect(busy.hasEnded()).toBe(false);
	held[0]?.();
	await until(busy.hasEnded);
	expect(busy.got).toEqual(["begun new"]);
	expect(idle.got).toEqual([]);
	expect(modern.received.map(String)).toEqual(["begun"]);
	expect(gate.plane.report().counters).toMatchObject({ lastModernAt, streams: { retired: 2 } });
	const again = await openClient(gate.port);
	again.send("later");
	await until(() => again.got.length === 1);
	expect(again.got).toEqual(["later old"]);
	for (const { socket } of [busy, idle, again]) socket.destroy();
});

test("[S1][S10] TLS on both sides: the same messages, and an upstream that cannot prove itself gets no byte", async () => {
	const authority = createAuthority();
	atEnd(async () => authority.end());
	const { certFile, keyFile, cert, key: secret } = authority.issue(["127.0.0.1"]);
	const received: string[] = [];
	const server = createTlsServer({ cert, key: secret }, (socket) => {
		socket.on("error", () => {});
		readFrames(socket, (content) => {
			received.push(content.toString());
			socket.write(framed(content));
		});
	});
	const port = await listen(server);
	atEnd(async () => void server.close());
	const upstream = { host: "127.0.0.1", port, tls: { caFile: authority.caFile } };
	const tls = { certificates: [{ names: ["*"], certFile, keyFile }] };
	const gate = await gateOf(upstream, legacyMode, { ...byOrder, tls });
	const client = connectTls({ host: "127.0.0.1", port: gate.port, ca: authority.ca, servername: "" });
	const got: string[] = [];
	readFrames(client, (content) => got.push(content.toString()));
	for (const word of ["one", "two", "three"]) client.write(framed(word));
	client.end();
	await until(() => client.destroyed);
	expect(got).toEqual(["one", "two", "three"]);
	await until(() => gate.exchanges.length === 3);
	expect(pairsOf(gate.exchanges)).toEqual(["one > one", "two > two", "three > three"]);

	const strange = await gateOf({ ...upstream, tls: {} }, legacyMode, byOrder);
	const other = connect({ port: strange.port, host: "127.0.0.1" }).on("error", () => {});
	other.write(framed("secret"));
	await until(() => other.destroyed && strange.exchanges.length === 1);
	expect(strange.exchanges[0]?.error).toMatch(/^no connection: .*(SELF_SIGNED|UNABLE_TO|DEPTH_ZERO)/);
	expect(received).toEqual(["one", "two", "three"]);
});
