import { createHash, randomBytes } from "node:crypto";
import { Agent, type IncomingMessage, request, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { ask, askRaw, startLoad } from "./testing/client.ts";
import { nextPlan, startGateway, type TestGateway, until } from "./testing/gateway.ts";
import { bodyOf, type RawUpstream, startRawUpstream, startUpstream, type TestUpstream } from "./testing/upstream.ts";

let ends: (() => Promise<void>)[] = [];
afterEach(async () => {
	for (const end of ends.reverse()) await end();
	ends = [];
});

function ending<Closable extends { close(): Promise<void> } | TestGateway>(thing: Closable): Closable {
	ends.push("end" in thing ? thing.end : thing.close);
	return thing;
}

async function overRaw(answer: (head: string) => string): Promise<{ legacy: RawUpstream; gate: TestGateway }> {
	const legacy = ending(
		await startRawUpstream((socket, all) => {
			if (!all.includes("\r\n\r\n")) return false;
			const isProbe = all.startsWith("GET / HTTP/1.1\r\nHost: 127.0.0.1");
			socket.write(Buffer.from(isProbe ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" : answer(all), "latin1"));
			return true;
		}),
	);
	return { legacy, gate: ending(await startGateway(legacy.address)) };
}

test("[F1] the upstream sees the client's lines in order, case and number, without the hop's own", async () => {
	const { legacy, gate } = await overRaw(() => "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
	await askRaw(
		gate.port,
		"GET //a/../b%2F?x=1&x=%zz HTTP/1.1\r\nhOsT: bank\r\nX-b: 1\r\nCookie: a=1\r\nx-B:  2 \r\nConnection: close, X-Hop\r\nX-Hop: 1\r\n" +
			"Cookie: b=\xe9\r\nKeep-Alive: 5\r\nTE: trailers\r\nX-Empty:\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n",
	);
	const got = legacy.received().slice(legacy.received().indexOf("GET //a"));
	expect(got.split("\r\n")).toEqual([
		"GET //a/../b%2F?x=1&x=%zz HTTP/1.1",
		"hOsT: bank",
		"X-b: 1",
		"Cookie: a=1",
		"x-B:  2 ",
		"Cookie: b=\xe9",
		"X-Empty:",
		"X-Forwarded-For: 10.0.0.1, 127.0.0.1",
		"X-Forwarded-Proto: http",
		"",
		"",
	]);
});

test("[F2] the client sees the upstream's lines in order, case and number", async () => {
	const { gate } = await overRaw(
		() =>
			"HTTP/1.1 203 Quite Fine\r\nsET-cookie: a\r\nX-z: 1\r\nSet-Cookie: b\r\nServer: old/1.0\r\nCONTENT-length: 3\r\nX-Z: \xe9\r\n\r\nabc",
	);
	const got = await askRaw(gate.port, "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
	expect(got).toBe(
		"HTTP/1.1 203 Quite Fine\r\nsET-cookie: a\r\nX-z: 1\r\nSet-Cookie: b\r\nServer: old/1.0\r\nCONTENT-length: 3\r\nX-Z: \xe9\r\nConnection: close\r\n\r\nabc",
	);
});

test("[F3] bodies of 5 MB, chunked and with a length, arrive unchanged both ways, and are captured up to the cap", async () => {
	const legacy = ending(
		await startUpstream(async (message, answer) => {
			const body = await bodyOf(message);
			answer.setHeader("X-Framing", message.headers["transfer-encoding"] ?? message.headers["content-length"] ?? "none");
			if (message.url === "/length") answer.setHeader("Content-Length", body.length);
			answer.write(body);
			answer.end();
		}),
	);
	const gate = ending(await startGateway(legacy.address));
	const body = randomBytes(5_000_000);
	const hash = createHash("sha256").update(body).digest("hex");
	for (const [path, headers, framing] of [
		["/length", { "Content-Length": body.length }, String(body.length)],
		["/chunked", { "Transfer-Encoding": "chunked" }, "chunked"],
	] as const) {
		const answer = await ask(gate.port, { method: "POST", path, headers, body });
		expect(answer.headers.join("|")).toContain(`X-Framing|${framing}`);
		expect(answer.headers.includes("Transfer-Encoding")).toBe(path === "/chunked");
		expect(createHash("sha256").update(answer.body).digest("hex")).toBe(hash);
	}
	await until(() => gate.seen.length === 2);
	for (const exchange of gate.seen) {
		expect(exchange.truncated).toBe(true);
		expect(Buffer.from(exchange.request.body, "base64").equals(body.subarray(0, 1024 * 1024))).toBe(true);
	}
});

test("[F3] trailers are passed both ways, and a DELETE with a chunked body stays one request", async () => {
	const legacy = ending(
		await startUpstream(async (message, answer) => {
			const body = await bodyOf(message);
			answer.writeHead(200, { "Transfer-Encoding": "chunked", Trailer: "X-Sum" });
			answer.write(`${message.method} ${body} ${message.rawTrailers.join("=")}`);
			answer.addTrailers({ "X-Sum": "42" });
			answer.end();
		}),
	);
	const gate = ending(await startGateway(legacy.address));
	const head = "DELETE /t HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-In\r\nConnection: close\r\n\r\n";
	const got = await askRaw(gate.port, `${head}5\r\nGET /\r\n0\r\nX-In: 7\r\n\r\n`);
	expect(got).toContain("DELETE GET / X-In=7");
	expect(got).toContain("0\r\nX-Sum: 42\r\n\r\n");
	expect(got.match(/HTTP\/1\.1/g)).toHaveLength(1);
});

test("[F4] 1,000 keep-alive requests make at most 2 connections to legacy", async () => {
	const legacy = ending(
		await startUpstream(async (message, answer) => {
			answer.end(await bodyOf(message));
		}),
	);
	const gate = ending(await startGateway(legacy.address));
	const before = legacy.connects();
	const agent = new Agent({ keepAlive: true, maxSockets: 1 });
	for (let n = 0; n < 1_000; n++) {
		const answer = await ask(gate.port, { method: n % 2 ? "POST" : "GET", agent, ...(n % 2 ? { body: `n${n}` } : {}) });
		expect(answer.body.toString()).toBe(n % 2 ? `n${n}` : "");
	}
	agent.destroy();
	expect(legacy.connects() - before).toBeLessThanOrEqual(2);
});

test("[F5] HEAD, 204, 304, HTTP/1.0 and close-delimited answers", async () => {
	const { gate } = await overRaw((head) => {
		if (head.startsWith("HEAD")) return "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n";
		if (head.startsWith("GET /204")) return "HTTP/1.1 204 No Content\r\n\r\n";
		if (head.startsWith("GET /304")) return 'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n';
		return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
	});
	const close = "HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
	expect(await askRaw(gate.port, `HEAD /h ${close}`)).toBe("HTTP/1.1 200 OK\r\nContent-Length: 1234\r\nConnection: close\r\n\r\n");
	expect(await askRaw(gate.port, `GET /204 ${close}`)).toBe("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
	expect(await askRaw(gate.port, `GET /304 ${close}`)).toBe('HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nConnection: close\r\n\r\n');
	expect(await askRaw(gate.port, "GET /old HTTP/1.0\r\n\r\n")).toBe("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabc");
});

test("[F5] an answer without length, ended by the connection, is whole at the client", async () => {
	const legacy = ending(
		await startRawUpstream((socket, all) => {
			if (all.includes("\r\n\r\n")) socket.end("HTTP/1.0 200 OK\r\nX-A: 1\r\n\r\nto the end");
			return false;
		}),
	);
	const gate = ending(await startGateway(legacy.address));
	expect((await ask(gate.port, { path: "/x" })).body.toString()).toBe("to the end");
});

test("[F5] Expect: 100-continue is legacy's to grant or to refuse", async () => {
	const legacy = ending(await startUpstream((_message, answer) => void answer.end()));
	legacy.server.on("checkContinue", async (message, answer) => {
		if (message.url === "/no") return void answer.writeHead(417, { "Content-Length": 0 }).end();
		answer.writeContinue();
		answer.end(await bodyOf(message).catch(() => ""));
	});
	const gate = ending(await startGateway(legacy.address));
	const head = (path: string) => `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n`;
	expect(await askRaw(gate.port, head("/no"))).toMatch(/^HTTP\/1\.1 417 /);
	expect(await askRaw(gate.port, head("/yes"))).toBe("HTTP/1.1 100 Continue\r\n\r\n");
	expect(await askRaw(gate.port, `${head("/yes")}abc`)).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK[\s\S]*abc$/);
});

test("[F6] a client that leaves ends its upstream request", async () => {
	let aborted = 0;
	const legacy = ending(
		await startUpstream((message, answer) => {
			if (message.url === "/") return void answer.end();
			message.socket.on("close", () => aborted++);
		}),
	);
	const gate = ending(await startGateway(legacy.address));
	const socket = connect(gate.port, "127.0.0.1", () => socket.write("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"));
	await delay(100);
	socket.resetAndDestroy();
	await until(() => aborted === 1);
	await until(() => gate.seen.length === 1);
	expect(gate.seen[0]).toMatchObject({ error: "the client left", response: { status: 0 } });
	expect((await gate.gateway.stats()).clientErrors).toBe(0);
});

test("[F6] a client that has said all it has to say is still answered", async () => {
	const legacy = ending(
		await startUpstream(async (message, answer) => {
			const body = await bodyOf(message);
			setTimeout(() => answer.end(`${message.url} ${body}`), 100);
		}),
	);
	const gate = ending(await startGateway(legacy.address));
	const answers = await new Promise<string>((resolve, reject) => {
		const socket = connect({ port: gate.port, host: "127.0.0.1", allowHalfOpen: true }, () =>
			socket.end("GET /a HTTP/1.1\r\nHost: a\r\n\r\nPOST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"),
		);
		let text = "";
		socket.on("data", (chunk) => {
			text += chunk;
		});
		socket.on("end", () => resolve(text)).on("error", reject);
	});
	expect(answers).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*\/a [\s\S]*HTTP\/1\.1 200 OK[\s\S]*\/b hi$/);
});

test("[F6] an answer that breaks off breaks the client's connection and never looks whole", async () => {
	const legacy = ending(
		await startRawUpstream((socket, all) => {
			if (all.includes("/cut")) {
				socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
				setTimeout(() => socket.destroy(), 50);
			} else if (all.includes("\r\n\r\n")) socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
			return false;
		}),
	);
	const gate = ending(await startGateway(legacy.address));
	await expect(ask(gate.port, { path: "/cut" })).rejects.toThrow();
	await until(() => gate.seen.length === 1);
	expect(gate.seen[0]?.error).toContain("broke off");
	await until(async () => (await gate.gateway.stats()).clientErrors === 1);
});

test("[F7] a stale connection is repeated for GET and keyed POST, not for a bare POST", async () => {
	let carriedOut = 0;
	const used = new WeakSet<object>();
	const legacy = ending(
		await startRawUpstream((socket, all) => {
			if (!/\r\n\r\n(body)?$/.test(all) || (all.startsWith("POST") && !all.endsWith("body"))) return false;
			// Every connection answers once and is reset by its second request.
			if (used.has(socket)) {
				socket.resetAndDestroy();
				return true;
			}
			used.add(socket);
			carriedOut++;
			socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
			return true;
		}),
	);
	const gate = ending(await startGateway(legacy.address));
	const warm = () => ask(gate.port, { path: "/warm" });
	const post = (headers: Record<string, string>) => ask(gate.port, { method: "POST", path: "/p", body: "body", headers });
	// A stale connection is repeated on one that is not kept, so each case warms the pool anew.
	expect((await warm()).status).toBe(200);
	expect((await ask(gate.port, { path: "/again" })).status).toBe(200);
	expect((await warm()).status).toBe(200);
	expect((await post({ "Idempotency-Key": "k" })).status).toBe(200);
	expect((await warm()).status).toBe(200);
	const before = carriedOut;
	const bare = await post({});
	expect(bare.status).toBe(502);
	expect(JSON.parse(bare.body.toString()).code).toBe("UPSTREAM_LOST");
	expect(carriedOut).toBe(before);
});

test("[F8] a legacy that is gone, or silent, or retired, is answered in code", async () => {
	const legacy = await startUpstream((message, answer) => {
		if (message.url === "/") answer.end();
	});
	const gate = ending(await startGateway(legacy.address, { limits: { legacyTimeoutMs: 200 } }));
	const silent = await ask(gate.port, { path: "/silent?x=1" });
	expect(silent.status).toBe(504);
	expect(JSON.parse(silent.body.toString())).toMatchObject({ code: "UPSTREAM_LOST" });
	await legacy.close();
	const gone = await ask(gate.port, { method: "POST", path: "/gone", body: "x" });
	expect(gone.status).toBe(502);
	expect(JSON.parse(gone.body.toString())).toMatchObject({ code: "UPSTREAM_UNREACHED", safe: "The request was not carried out." });
	await until(async () => (await gate.gateway.stats()).clientErrors === 2);
	await gate.gateway.setPlan(nextPlan(gate.gateway, null, {}));
	const retired = await ask(gate.port, { path: "/any?x=1" });
	expect(retired.status).toBe(404);
	expect(JSON.parse(retired.body.toString())).toMatchObject({ code: "ROUTE_RETIRED", what: expect.stringContaining("GET /any any more") });
});

test("[F3] a slow client slows the upstream instead of filling the gateway", async () => {
	let written = 0;
	const chunk = Buffer.alloc(64 * 1024);
	const legacy = ending(
		await startUpstream((message, answer: ServerResponse) => {
			if (message.url === "/") return void answer.end();
			const more = () => {
				while (written < 400 * 1024 * 1024) {
					written += chunk.length;
					if (!answer.write(chunk)) return void answer.once("drain", more);
				}
				answer.end();
			};
			more();
		}),
	);
	const gate = ending(await startGateway(legacy.address));
	const out = request({ port: gate.port, host: "127.0.0.1", path: "/flood", agent: false });
	const response = await new Promise<IncomingMessage>((resolve) => out.on("response", resolve).end());
	response.pause();
	await delay(500);
	expect(written).toBeLessThan(40 * 1024 * 1024);
	out.destroy();
	await until(() => gate.seen.length === 1);
	expect(gate.seen[0]?.truncated).toBe(true);
});

test("[R8] plans are swapped under load without a lost or wrong answer", async () => {
	const legacy: TestUpstream = ending(await startUpstream((message, answer) => void answer.end(message.url)));
	const gate = ending(await startGateway(legacy.address));
	const load = startLoad(
		gate.port,
		300,
		16,
		(n) => ({ path: `/r${n % 3}` }),
		(answer, n) => answer.status === 200 && answer.body.toString() === `/r${n % 3}`,
	);
	const modern = { kind: "modern", upstream: legacy.address, failover: "always" } as const;
	for (let swap = 0; swap < 40; swap++) {
		const mode = swap % 2 ? modern : ({ kind: "shadow", percent: 100 } as const);
		await gate.gateway.setPlan(nextPlan(gate.gateway, legacy.address, { "GET /r1": mode, "GET /r2": modern }));
		await delay(25);
	}
	const result = await load.stop();
	expect(result.errors).toEqual([]);
	await until(() => gate.seen.length === result.sent);
	expect(gate.seen.map((exchange) => exchange.seq)).toEqual(Array.from({ length: result.sent }, (_, index) => index + 1));
	expect(new Set(gate.seen.map((exchange) => exchange.planVersion)).size).toBeGreaterThan(20);
	await expect(gate.gateway.setPlan({ ...gate.gateway.plan() })).rejects.toMatchObject({ code: "RUN_STATE" });
});
