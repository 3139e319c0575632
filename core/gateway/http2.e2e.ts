import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { type ClientHttp2Session, connect } from "node:http2";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import type { RouteMode } from "../contract/traffic.ts";
import { askRaw } from "./testing/client.ts";
import { startFront, type TestFront } from "./testing/front.ts";
import { nextPlan, startGateway, until } from "./testing/gateway.ts";
import { askStream, readStream } from "./testing/h2-client.ts";
import { END_HEADERS, END_STREAM, fields, frame, frameTypes, openRaw, usualFields } from "./testing/h2-frames.ts";
import { bodyOf, startRawUpstream, startUpstream } from "./testing/upstream.ts";

let ends: (() => unknown)[] = [];
afterEach(async () => {
	for (const end of ends.reverse()) await end();
	ends = [];
});

function ending<Closable extends { close(): Promise<void> }>(thing: Closable): Closable {
	ends.push(thing.close);
	return thing;
}

function open(port: number): ClientHttp2Session {
	const session = connect(`http://127.0.0.1:${port}`);
	session.on("error", () => {});
	ends.push(() => session.destroy());
	return session;
}

const curl = (...args: string[]): Promise<string> =>
	new Promise((resolve) => {
		execFile("curl", ["-sS", "--max-time", "5", ...args], (_error, out, problems) => resolve(out + problems));
	});

const echo = () =>
	startUpstream(async (message, answer) => {
		const body = await bodyOf(message).catch(() => "");
		answer.end(JSON.stringify({ method: message.method, target: message.url, headers: message.rawHeaders, body: body.length }));
	});

test("[H1] by prior knowledge it is spoken on a plain listener, and only from the first byte of a connection", async () => {
	const legacy = ending(await echo());
	const front = ending(await startFront({ legacy: legacy.address }));
	const url = `http://127.0.0.1:${front.port}/x`;
	expect(await curl("--http2-prior-knowledge", "-w", "%{http_version} %{response_code}", "-o", "/dev/null", url)).toBe("2 200");
	expect(await curl("--http2", "-w", "%{http_version} %{response_code}", "-o", "/dev/null", url)).toBe("1.1 200");
	const late = await askRaw(front.port, "GET / HTTP/1.1\r\nHost: a\r\n\r\nPRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
	expect(late.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 505"]);
});

test("[H2] the upstream sees an HTTP/1.1 request: authority as Host, cookies joined, names and order as they were sent", async () => {
	const legacy = ending(await startRawUpstream((socket, all) => all.includes("\r\n\r\n") && socket.write("HTTP/1.1 204 No\r\n\r\n")));
	const front = ending(await startFront({ legacy: legacy.address }));
	const raw = await openRaw(front.port);
	const sent = fields(
		...usualFields("GET", "//a/../b?x=%zz"),
		["x-b", "1"],
		["cookie", "a=1"],
		["te", "trailers"],
		["x-B".toLowerCase(), "2 \xe9"],
		["cookie", "b=2"],
	);
	raw.send(frame(frameTypes.headers, END_HEADERS | END_STREAM, 1, sent));
	await until(() => legacy.received().includes("\r\n\r\n"));
	expect(legacy.received().split("\r\n")).toEqual([
		"GET //a/../b?x=%zz HTTP/1.1",
		"Host: bank",
		"x-b: 1",
		"x-b: 2 \xe9",
		"cookie: a=1; b=2",
		"X-Forwarded-For: 127.0.0.1",
		"X-Forwarded-Proto: http",
		"",
		"",
	]);
	raw.socket.destroy();
});

test("[H2] the client sees the upstream's lines in order and number, in lower case, and nothing of its hop", async () => {
	const head =
		"HTTP/1.1 203 Quite Fine\r\nsET-cookie: a\r\nX-z: 1\r\nSet-Cookie: b\r\nContent-Type: x\r\nContent-type: y\r\nConnection: X-Hop\r\nX-Hop: 1\r\n";
	const legacy = ending(
		await startRawUpstream(
			(socket, all) => all.includes("\r\n\r\n") && socket.write(Buffer.from(`${head}X-Z: \xe9\r\nContent-Length: 3\r\n\r\nabc`, "latin1")),
		),
	);
	const front = ending(await startFront({ legacy: legacy.address }));
	const answer = await askStream(open(front.port), { ":path": "/" });
	expect(answer).toMatchObject({ status: 203, body: Buffer.from("abc"), code: null });
	const pairs = answer.raw.flatMap((_text, at) => (at % 2 === 0 ? [`${answer.raw[at]}: ${answer.raw[at + 1]}`] : []));
	expect(pairs.sort()).toEqual(
		["set-cookie: a", "x-z: 1", "set-cookie: b", "content-type: x", "content-type: y", "x-z: \xe9", "content-length: 3"].sort(),
	);
});

test("[H3] what is malformed ends its stream, and no byte of it reaches the upstream; the connection goes on", async () => {
	const legacy = ending(await echo());
	const front = ending(await startFront({ legacy: legacy.address }));
	const usual = usualFields();
	const bad: [string, string][][] = [
		[
			[":method", "GET"],
			[":scheme", "http"],
			[":authority", "bank"],
		],
		[...usual, [":path", "/again"]],
		[...usual, [":status", "200"]],
		[["x-a", "1"], ...usual],
		[...usual, ["X-Upper", "1"]],
		[...usual, ["connection", "close"]],
		[...usual, ["transfer-encoding", "chunked"]],
		[...usual, ["te", "gzip"]],
		[...usual, ["upgrade", "websocket"]],
		[...usual, ["host", "other"]],
		[...usual, ["content-length", "1"], ["content-length", "2"]],
		usualFields("GET", "/a b"),
		usualFields("GET", ""),
		usualFields("G T"),
		usualFields("GET", "/\r\nX: 1"),
		[
			[":method", "GET"],
			[":scheme", "http"],
			[":path", "/"],
			[":authority", "bank\r\nx: 1"],
		],
		[
			[":method", "GET"],
			[":scheme", "http"],
			[":path", "/"],
			[":authority", "bank@other"],
		],
	];
	for (const [index, pairs] of bad.entries()) {
		const raw = await openRaw(front.port);
		raw.send(frame(frameTypes.headers, END_HEADERS | END_STREAM, 1, fields(...pairs)));
		raw.send(frame(frameTypes.headers, END_HEADERS | END_STREAM, 3, fields(...usualFields("GET", "/good"))));
		await until(() => raw.frames.some(({ type, stream, flags }) => type === frameTypes.data && stream === 3 && (flags & END_STREAM) !== 0));
		const reset = raw.frames.find(({ type, stream }) => type === frameTypes.reset && stream === 1);
		expect([index, reset?.payload.readUInt32BE(0)]).toEqual([index, 1]);
		raw.socket.destroy();
	}
	await until(() => front.seen.length === bad.length);
	expect(new Set(front.seen.map(({ request }) => request.target))).toEqual(new Set(["/good"]));
});

test("[H3] a field that no message may hold is left out, as nghttp2 does it", async () => {
	const legacy = ending(await startRawUpstream((socket, all) => all.includes("\r\n\r\n") && socket.write("HTTP/1.1 204 No\r\n\r\n")));
	const front = ending(await startFront({ legacy: legacy.address }));
	const raw = await openRaw(front.port);
	const bad: [string, string][] = [
		["x-a", "a\rb"],
		["x-b", "a\nb"],
		["x-c", "a\0b"],
		["x d", "1"],
	];
	raw.send(frame(frameTypes.headers, END_HEADERS | END_STREAM, 1, fields(...usualFields(), ...bad, ["x-good", "1"])));
	await until(() => legacy.received().includes("\r\n\r\n"));
	expect(legacy.received()).not.toMatch(/x-a|x-b|x-c|x d/);
	expect(legacy.received()).toContain("x-good: 1\r\n");
	raw.socket.destroy();
});

test("[H3] a body that is not as long as it says is no whole request", async () => {
	let ended = 0;
	const legacy = ending(
		await startUpstream((message, answer) => {
			message.resume();
			message.on("error", () => {});
			message.on("end", () => {
				ended++;
				answer.end();
			});
		}),
	);
	const front = ending(await startFront({ legacy: legacy.address }));
	for (const [length, body] of [
		["5", "abc"],
		["2", "abc"],
		["5", ""],
	] as const) {
		const raw = await openRaw(front.port);
		const head = fields(...usualFields("POST"), ["content-length", length]);
		if (body === "") raw.send(frame(frameTypes.headers, END_HEADERS | END_STREAM, 1, head));
		else raw.send(frame(frameTypes.headers, END_HEADERS, 1, head), frame(frameTypes.data, END_STREAM, 1, Buffer.from(body)));
		// nghttp2 ends the whole connection for some of these.
		await until(() => raw.frames.some(({ type, stream }) => (type === frameTypes.reset && stream === 1) || type === frameTypes.goaway));
		raw.socket.destroy();
	}
	const whole = await askStream(open(front.port), { ":method": "POST", ":path": "/whole", "content-length": 3 }, "abc");
	expect([whole.status, ended]).toEqual([200, 1]);
	for (const seen of front.seen)
		if (seen.request.target !== "/whole") expect(seen).toMatchObject({ response: { status: 0 }, error: "the client left" });
});

test("[H3] what HTTP/1.1 refuses with a code is refused here with the same", async () => {
	const legacy = ending(await echo());
	const front = ending(await startFront({ legacy: legacy.address }));
	const session = open(front.port);
	for (const [headers, status] of [
		[{ ":method": "CONNECT", ":authority": "a:1" }, 501],
		[{ ":path": "/#x" }, null],
		[{ ":path": "*" }, null],
		[{ ":path": "/", expect: "tea" }, 417],
		[{ ":path": `/${"x".repeat(20_000)}` }, 414],
	] as const) {
		const answer = await askStream(session, headers);
		if (status === null) expect(answer.code).toBe(1);
		else expect([answer.status, JSON.parse(String(answer.body))]).toMatchObject([status, { code: "REQUEST_REFUSED" }]);
	}
	expect((await askStream(session, { ":path": "/" })).status).toBe(200);
});

test("[H4] bodies of 5 MB arrive unchanged both ways, with a length and without, many at once", async () => {
	const legacy = ending(
		await startUpstream(async (message, answer) => {
			const body = await bodyOf(message);
			answer.setHeader("X-Framing", message.headers["transfer-encoding"] ?? message.headers["content-length"] ?? "none");
			if (message.url === "/length") answer.setHeader("Content-Length", body.length);
			answer.end(body);
		}),
	);
	const front = ending(await startFront({ legacy: legacy.address }));
	const session = open(front.port);
	const body = randomBytes(5_000_000);
	const hash = createHash("sha256").update(body).digest("hex");
	const answers = await Promise.all([
		askStream(session, { ":method": "POST", ":path": "/length", "content-length": body.length }, body),
		askStream(session, { ":method": "POST", ":path": "/chunked" }, body),
		askStream(session, { ":method": "POST", ":path": "/chunked" }, body),
	]);
	expect(answers.map(({ headers }) => headers["x-framing"])).toEqual([String(body.length), "chunked", "chunked"]);
	for (const answer of answers) expect(createHash("sha256").update(answer.body).digest("hex")).toBe(hash);
	await until(() => front.seen.length === 3);
	for (const seen of front.seen) {
		expect(seen.truncated).toBe(true);
		expect(Buffer.from(seen.request.body, "base64").equals(body.subarray(0, 1024 * 1024))).toBe(true);
		expect(Buffer.from(seen.response.body, "base64").equals(body.subarray(0, 1024 * 1024))).toBe(true);
	}
});

test("[H4] a side that reads slowly holds the other up, not the memory, and no other stream", async () => {
	let written = 0;
	let taken = 0;
	const legacy = ending(
		await startUpstream((message, answer) => {
			if (message.url === "/up") {
				// Takes nothing.
				setTimeout(() => message.pause());
				message.socket.pause();
				return;
			}
			if (message.url !== "/down") {
				answer.end("quick");
				return;
			}
			const chunk = Buffer.alloc(64 * 1024);
			const write = () => {
				while (written < 200_000_000) {
					written += chunk.length;
					if (!answer.write(chunk)) return void answer.once("drain", write);
				}
				answer.end();
			};
			write();
		}),
	);
	const front = ending(await startFront({ legacy: legacy.address }));
	const session = open(front.port);
	const slow = session.request({ ":path": "/down" });
	slow.on("error", () => {});
	await new Promise((resolve) => slow.once("response", resolve));
	slow.pause();
	const up = session.request({ ":method": "POST", ":path": "/up" });
	up.on("error", () => {});
	const chunk = Buffer.alloc(64 * 1024);
	const push = () => {
		while (taken < 200_000_000) {
			taken += chunk.length;
			if (!up.write(chunk)) return void up.once("drain", push);
		}
	};
	push();
	let before = -1;
	await until(async () => {
		const isStill = before === written + taken;
		before = written + taken;
		if (!isStill) await delay(300);
		return isStill && written > 0 && taken > 0;
	});
	// What the kernel takes on loopback, in both connections, and the windows.
	expect(written).toBeLessThan(24_000_000);
	expect(taken).toBeLessThan(24_000_000);
	expect(String((await askStream(session, { ":path": "/other" })).body)).toBe("quick");
	slow.close();
	up.close();
});

test("[H5] a reset ends the upstream's request, and an answer that breaks off resets its stream alone", async () => {
	let [begun, closed] = [0, 0];
	const legacy = ending(
		await startUpstream((message, answer) => {
			if (message.url === "/cut") {
				answer.writeHead(200, { "Content-Length": 100 });
				answer.write("half");
				setTimeout(() => message.socket.destroy(), 30);
				return;
			}
			if (message.url === "/good") {
				answer.end("good");
				return;
			}
			begun++;
			message.socket.once("close", () => closed++);
		}),
	);
	const front = ending(await startFront({ legacy: legacy.address }));
	const session = open(front.port);
	const hanging = session.request({ ":path": "/hang" });
	hanging.on("error", () => {});
	await until(() => begun === 1);
	hanging.close(8);
	await until(() => closed === 1);
	const cut = await askStream(session, { ":path": "/cut" });
	expect([cut.status, String(cut.body), cut.code]).toEqual([200, "half", 2]);
	expect(String((await askStream(session, { ":path": "/good" })).body)).toBe("good");
	await until(() => front.seen.length === 3);
	expect(front.seen.map(({ error, response }) => [error?.replace(/ \(.*/, ""), response.status])).toEqual([
		["the client left", 0],
		["the answer broke off", 200],
		[undefined, 200],
	]);
	expect(front.plane.counters.clientErrors).toBe(1);
});

test("[H5] who resets in the middle of a body has not sent a whole one", async () => {
	let [ended, aborted] = [0, 0];
	const legacy = ending(
		await startUpstream((message) => {
			message.resume();
			message.on("error", () => {});
			message.on("end", () => ended++);
			message.on("aborted", () => aborted++);
		}),
	);
	const front = ending(await startFront({ legacy: legacy.address }));
	for (const code of [0, 8]) {
		const raw = await openRaw(front.port);
		raw.send(frame(frameTypes.headers, END_HEADERS, 1, fields(...usualFields("POST"))), frame(frameTypes.data, 0, 1, Buffer.from("abc")));
		await delay(30);
		raw.send(frame(frameTypes.data, 0, 1, Buffer.from("def")), frame(frameTypes.reset, 0, 1, Buffer.from([0, 0, 0, code])));
		await until(() => aborted === (code === 0 ? 1 : 2));
		raw.socket.destroy();
	}
	expect(ended).toBe(0);
});

test("[H8] HEAD, 204, 304, interim answers and trailers are what they are in HTTP/1.1", async () => {
	const legacy = ending(
		await startUpstream(async (message, answer) => {
			switch (message.url) {
				case "/204":
					return answer.writeHead(204).end();
				case "/304":
					return answer.writeHead(304, { ETag: "x" }).end();
				case "/hints":
					answer.writeEarlyHints({ link: "</a>; rel=preload" });
					return answer.end("hinted");
				case "/trailers": {
					const body = await bodyOf(message);
					answer.writeHead(200, { "Transfer-Encoding": "chunked", Trailer: "X-Sum" });
					answer.write(`${body} ${message.rawTrailers.join("=")}`);
					answer.addTrailers({ "X-Sum": "42" });
					return answer.end();
				}
				default:
					return answer.setHeader("Content-Length", 7).end(message.method === "HEAD" ? undefined : "content");
			}
		}),
	);
	const front = ending(await startFront({ legacy: legacy.address }));
	const session = open(front.port);
	expect(await askStream(session, { ":method": "HEAD", ":path": "/" })).toMatchObject({
		status: 200,
		headers: { "content-length": "7" },
		code: null,
	});
	expect(await askStream(session, { ":path": "/204" })).toMatchObject({ status: 204, code: null });
	expect(await askStream(session, { ":path": "/304" })).toMatchObject({ status: 304, headers: { etag: "x" }, code: null });
	expect(await askStream(session, { ":path": "/hints" })).toMatchObject({ status: 200, interim: [103], body: Buffer.from("hinted") });
	const stream = session.request({ ":method": "POST", ":path": "/trailers" }, { waitForTrailers: true });
	stream.once("wantTrailers", () => stream.sendTrailers({ "x-in": "7" }));
	const answer = await readStream(stream, "body");
	expect([String(answer.body), answer.trailers["x-sum"]]).toEqual(["body x-in=7", "42"]);
	await until(() => front.seen.length === 5);
	expect(front.seen[4]).toMatchObject({ request: { trailers: [["x-in", "7"]] }, response: { trailers: [["X-Sum", "42"]] } });
});

test("[H8] who waits for 100-continue gets it when the upstream gives it", async () => {
	const legacy = ending(await echo());
	legacy.server.on("checkContinue", (message, answer) => {
		if (message.url === "/no") {
			answer.writeHead(417).end();
			return;
		}
		answer.writeContinue();
		legacy.server.emit("request", message, answer);
	});
	const front = ending(await startFront({ legacy: legacy.address }));
	const session = open(front.port);
	const waiting = session.request({ ":method": "POST", ":path": "/yes", expect: "100-continue" }, { endStream: false });
	waiting.once("continue", () => waiting.end("body"));
	const answer = await readStream(waiting);
	expect([answer.status, JSON.parse(String(answer.body)).body]).toEqual([200, 4]);
	const refused = session.request({ ":method": "POST", ":path": "/no", expect: "100-continue" }, { endStream: false });
	expect(await readStream(refused)).toMatchObject({ status: 417, code: null });
});

const route = (port: number, path: string, failover: "always" | "unsent"): [string, RouteMode] => [
	`GET ${path}`,
	{ kind: "modern", upstream: { host: "127.0.0.1", port }, failover },
];

test("[H9] a stream is one visit: routes, failover, coded answers, capture and counters are those of HTTP/1.1", async () => {
	const legacy = ending(await startUpstream((message, answer) => answer.end(`legacy ${message.url}`)));
	const modern = ending(
		await startUpstream((message, answer) => {
			if (message.url === "/bad") answer.writeHead(500);
			answer.end(`modern ${message.url}`);
		}),
	);
	const gate = await startGateway(legacy.address);
	ends.push(gate.end);
	const gone = legacy.port === 1 ? 2 : 1;
	await gate.gateway.setPlan(
		nextPlan(
			gate.gateway,
			legacy.address,
			Object.fromEntries([route(modern.port, "/good", "always"), route(modern.port, "/bad", "always"), route(gone, "/gone", "unsent")]),
		),
	);
	const session = open(gate.port);
	const text = async (path: string) => String((await askStream(session, { ":path": path })).body);
	expect(await text("/good?x=1")).toBe("modern /good?x=1");
	expect(await text("/bad")).toBe("legacy /bad");
	expect(await text("/gone")).toBe("legacy /gone");
	expect(await text("/other")).toBe("legacy /other");
	await legacy.close();
	const lost = await askStream(session, { ":path": "/other" });
	expect([lost.status, JSON.parse(String(lost.body))]).toMatchObject([502, { code: "UPSTREAM_UNREACHED" }]);
	await until(() => gate.seen.length === 5);
	expect(gate.seen.map(({ arm, response, planVersion }) => [arm, response.status, planVersion])).toEqual([
		["modern", 200, 1],
		["failover", 200, 1],
		["failover", 200, 1],
		["legacy", 200, 1],
		["legacy", 502, 1],
	]);
	const stats = await gate.gateway.stats();
	expect(stats).toMatchObject({ requests: 5, failovers: 2, clientErrors: 1, byArm: { modern: 1, failover: 2, legacy: 2 } });
});

test("[H4] 1,000 streams of one connection make few connections to legacy, and every answer is its own", async () => {
	const legacy = ending(await startUpstream((message, answer) => answer.end(message.url)));
	const front: TestFront = ending(await startFront({ legacy: legacy.address }));
	const session = open(front.port);
	let next = 0;
	let right = 0;
	const one = async () => {
		while (next < 1_000) {
			const path = `/${next++}`;
			if (String((await askStream(session, { ":path": path })).body) === path) right++;
		}
	};
	await Promise.all(Array.from({ length: 20 }, one));
	expect(right).toBe(1_000);
	expect(legacy.connects()).toBeLessThanOrEqual(40);
	expect(front.plane.counters.requests).toBe(1_000);
});
