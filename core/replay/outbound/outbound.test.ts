import { spawn } from "node:child_process";
import { createServer as createTlsServer } from "node:https";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { createMasker } from "../mask/create-masker.ts";
import { defaultRules } from "../mask/rules.ts";
import type { RecordingEntry } from "../recording/read-recording.ts";
import type { Recorded, Tunnel } from "../recording/recorded.ts";
import { recorded } from "../testing/recorded.ts";
import { startServer, startTcpServer, type TestServer } from "../testing/server.ts";
import { loadAnswers } from "./answers.ts";
import { type Outbound, type OutboundMode, openOutbound } from "./open-outbound.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0).reverse()) await one.close();
});
const keep = <T extends TestServer | Outbound>(one: T): T => {
	open.push(one);
	return one;
};

type Told = { exchanges: Recorded[]; tunnels: Tunnel[] };
async function recorder(): Promise<Told & { proxy: Outbound }> {
	const told: Told = { exchanges: [], tunnels: [] };
	const mode: OutboundMode = { kind: "record", onExchange: (one) => told.exchanges.push(one), onTunnel: (one) => told.tunnels.push(one) };
	return { ...told, proxy: keep(await openOutbound({ port: 0, mode })) };
}

/** Bytes to the proxy, all bytes back until it closes or is quiet. */
function raw(port: number, bytes: string): Promise<string> {
	return new Promise((resolve, reject) => {
		const socket = connect(port, "127.0.0.1", () => socket.write(bytes, "latin1"));
		let text = "";
		let quiet = setTimeout(() => socket.destroy(), 1_500);
		socket.on("data", (chunk) => {
			text += chunk.toString("latin1");
			clearTimeout(quiet);
			quiet = setTimeout(() => socket.destroy(), 250);
		});
		socket.on("error", reject);
		socket.on("close", () => {
			clearTimeout(quiet);
			resolve(text);
		});
	});
}

async function until(isSo: () => boolean): Promise<void> {
	for (let tries = 0; tries < 300 && !isSo(); tries++) await new Promise((done) => setTimeout(done, 10));
	expect(isSo()).toBe(true);
}

async function* entries(records: Recorded[]): AsyncGenerator<RecordingEntry> {
	for (const record of records) yield { kind: "exchange", record };
}

test("[O1] a call in absolute form is made as the service made it, and recorded whole", async () => {
	let received = "";
	const body = gzipSync("zipped answer");
	const upstream = keep(
		await startTcpServer((socket) =>
			socket.on("data", (chunk) => {
				received += chunk.toString("latin1");
				if (!received.endsWith("\r\n\r\n") && !received.endsWith("0\r\n\r\n") && !received.includes("hello")) return;
				socket.write(
					`HTTP/1.1 201 Made\r\nX-B: 1\r\nx-b: 2\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\nKeep-Alive: timeout=5\r\n\r\n`,
				);
				socket.write(body);
			}),
		),
	);
	const { proxy, exchanges } = await recorder();
	const authority = `127.0.0.1:${upstream.port}`;
	const answer = await raw(
		proxy.port,
		`POST http://${authority}/a//b?x=%2F HTTP/1.1\r\nHost: liar.example\r\nX-One: 1\r\nProxy-Connection: keep-alive\r\nProxy-Authorization: Basic eA==\r\nContent-Length: 5\r\n\r\nhello`,
	);
	const [head = ""] = received.split("\r\n\r\n");
	expect(head.split("\r\n")).toEqual([
		"POST /a//b?x=%2F HTTP/1.1",
		`Host: ${authority}`,
		"X-One: 1",
		"Content-Length: 5",
		"Connection: keep-alive",
	]);
	expect(answer).toMatch(/^HTTP\/1\.1 201 Made\r\nX-B: 1\r\nx-b: 2\r\nContent-Encoding: gzip\r\n/);
	expect(answer.endsWith(body.toString("latin1"))).toBe(true);
	expect(exchanges).toHaveLength(1);
	const [record] = exchanges as [Recorded];
	expect(record.request).toMatchObject({
		method: "POST",
		scheme: "http",
		target: "/a//b?x=%2F",
		body: Buffer.from("hello"),
		state: "whole",
	});
	expect(record.request.headers).toEqual([
		["Host", authority],
		["X-One", "1"],
		["Content-Length", "5"],
	]);
	expect(record.response).toMatchObject({ status: 201, body, state: "whole" });
	expect(record.error).toBeNull();
});

test("[O1] large bodies pass whole in both directions; what is kept of them is cut, and says so", async () => {
	const size = 5_000_000;
	let got = 0;
	const upstream = keep(
		await startServer((message, answer) => {
			message.on("data", (chunk: Buffer) => {
				got += chunk.length;
			});
			message.on("end", () => answer.end(Buffer.alloc(size, 97)));
		}),
	);
	const { proxy, exchanges } = await recorder();
	const program = `const r = await fetch("http://127.0.0.1:${upstream.port}/big", { method: "POST", body: Buffer.alloc(${size}, 98) }); console.log((await r.arrayBuffer()).byteLength)`;
	expect(await runNode(program, proxy.port)).toBe(`${size}\n`);
	expect(got).toBe(size);
	await until(() => exchanges.length === 1);
	expect(exchanges[0]).toMatchObject({ request: { state: "cut" }, response: { state: "cut", status: 200 } });
	expect(exchanges[0]?.request.body.length).toBe(1024 * 1024);
});

test("[O2] an address that does not answer is a coded 502 for the service, and a failed call in the recording", async () => {
	const gone = await startTcpServer(() => {});
	await gone.close();
	const { proxy, exchanges } = await recorder();
	const answer = await raw(proxy.port, `GET http://127.0.0.1:${gone.port}/x HTTP/1.1\r\nHost: x\r\n\r\n`);
	expect(answer).toMatch(/^HTTP\/1\.1 502 /);
	expect(answer).toContain('"code":"UPSTREAM_UNREACHED"');
	expect(exchanges[0]).toMatchObject({ response: { status: 0 }, error: expect.stringContaining("ECONNREFUSED") });
});

test("[O2] an answer that breaks off breaks the service's connection, and is recorded as cut", async () => {
	const upstream = keep(
		await startTcpServer((socket) =>
			socket.on("data", () => {
				socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
				setTimeout(() => socket.destroy(), 30);
			}),
		),
	);
	const { proxy, exchanges } = await recorder();
	const began = performance.now();
	const answer = await raw(proxy.port, `GET http://127.0.0.1:${upstream.port}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
	expect(answer.endsWith("half")).toBe(true);
	// Closed by the proxy, not by this test's patience.
	expect(performance.now() - began).toBeLessThan(240);
	expect(exchanges[0]).toMatchObject({ response: { status: 200, state: "cut" }, error: expect.any(String) });
});

test("[O3] a tunnel passes TLS byte for byte; only address and amount are recorded", async () => {
	const { key, cert } = certificate();
	const tls = createTlsServer({ key, cert }, (_, answer) => answer.end("inside"));
	await new Promise<void>((resolve) => tls.listen({ host: "127.0.0.1", port: 0 }, resolve));
	open.push({
		close: () =>
			new Promise((resolve) => {
				tls.close(() => resolve());
				tls.closeAllConnections();
			}),
	});
	const port = (tls.address() as { port: number }).port;
	const { proxy, tunnels, exchanges } = await recorder();
	const program = `process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0"; const r = await fetch("https://127.0.0.1:${port}/secret-path"); console.log(await r.text()); process.exit(0)`;
	expect(await runNode(program, proxy.port)).toContain("inside\n");
	await until(() => tunnels.length === 1);
	expect(tunnels[0]).toMatchObject({ authority: `127.0.0.1:${port}`, error: null });
	expect(tunnels[0]?.sent).toBeGreaterThan(200);
	expect(tunnels[0]?.received).toBeGreaterThan(200);
	expect(exchanges).toEqual([]);
	expect(JSON.stringify(tunnels)).not.toContain("secret-path");
});

test("[O3] a tunnel to nobody is a 502, one to nonsense a 400", async () => {
	const gone = await startTcpServer(() => {});
	await gone.close();
	const { proxy, tunnels } = await recorder();
	expect(await raw(proxy.port, `CONNECT 127.0.0.1:${gone.port} HTTP/1.1\r\nHost: x\r\n\r\n`)).toMatch(/^HTTP\/1\.1 502 /);
	expect(await raw(proxy.port, "CONNECT nonsense HTTP/1.1\r\nHost: x\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
	expect(tunnels.map(({ error }) => error)).toEqual([expect.stringContaining("ECONNREFUSED"), "the address is malformed"]);
});

test("[O4] from a recording: equal calls get the recorded answers in order, then the last again; nothing is called", async () => {
	let calls = 0;
	const upstream = keep(await startServer((_, answer) => void answer.end(String(++calls))));
	const { proxy, exchanges } = await recorder();
	const get = `GET http://127.0.0.1:${upstream.port}/rate HTTP/1.1\r\nHost: x\r\n\r\n`;
	for (let n = 0; n < 2; n++) await raw(proxy.port, get);
	const answers = await loadAnswers(entries(exchanges), { masker: null, ignoreBody: false });
	expect(answers.calls).toBe(2);
	const replayed = keep(await openOutbound({ port: 0, mode: { kind: "answer", answers } }));
	const bodies: string[] = [];
	for (let n = 0; n < 3; n++) bodies.push((await raw(replayed.port, get)).split("\r\n\r\n")[1] ?? "");
	expect(bodies).toEqual(["1", "2", "2"]);
	expect(calls).toBe(2);
	const other = await raw(replayed.port, get.replace("/rate", "/other"));
	expect(other).toMatch(/^HTTP\/1\.1 502 /);
	expect(other).toContain('"code":"OUTBOUND_REFUSED"');
	expect(await raw(replayed.port, "CONNECT bank.example:443 HTTP/1.1\r\nHost: x\r\n\r\n")).toMatch(/^HTTP\/1\.1 403 /);
	expect(replayed.counts).toMatchObject({ answered: 3, repeated: 1, unknown: 1, refused: 2, forwarded: 0, tunnels: 0 });
	expect(Object.keys(replayed.refusedCalls)).toEqual([`GET http://127.0.0.1:${upstream.port}/other`, "CONNECT bank.example:443"]);
});

test("[O4] a masked recording knows its calls again by the same key", async () => {
	const masker = createMasker(Buffer.alloc(32, 1), defaultRules);
	const headers: [string, string][] = [
		["Host", "psp.example"],
		["Content-Type", "application/json"],
	];
	const call = recorded({ method: "POST", target: "/charge", headers, body: '{"card":"4111111111111111"}', answer: "charged" });
	const answers = await loadAnswers(entries([masker.mask(call)]), { masker, ignoreBody: false });
	expect(answers.find(call.request)?.record.response.body.toString()).toBe("charged");
	const otherCard = recorded({ method: "POST", target: "/charge", headers, body: '{"card":"4012888888881881"}' }).request;
	expect(answers.find(otherCard)).toBeNull();
	const patient = await loadAnswers(entries([masker.mask(call)]), { masker, ignoreBody: true });
	expect(patient.find(otherCard)?.record.response.body.toString()).toBe("charged");
});

test("[O1] Node's fetch and Node's http: one by a tunnel, one in absolute form, both seen and both answered from the recording", async () => {
	const upstream = keep(await startServer((message, answer) => answer.end(`told ${message.url}`)));
	const { proxy, exchanges, tunnels } = await recorder();
	const program = `import http from "node:http";
		console.log(await (await fetch("http://127.0.0.1:${upstream.port}/by-fetch")).text());
		http.get("http://127.0.0.1:${upstream.port}/by-http", (answer) => answer.on("data", (text) => console.log(String(text))).on("end", () => process.exit(0)));`;
	const said = "told /by-fetch\ntold /by-http\n";
	expect(await runNode(program, proxy.port)).toBe(said);
	await until(() => exchanges.length === 2);
	expect(exchanges.map(({ request }) => [request.target, request.headers[0]])).toEqual([
		["/by-fetch", ["Host", `127.0.0.1:${upstream.port}`]],
		["/by-http", ["Host", `127.0.0.1:${upstream.port}`]],
	]);
	expect(tunnels).toEqual([]);
	await upstream.close();
	const answers = await loadAnswers(entries(exchanges), { masker: null, ignoreBody: false });
	const replayed = keep(await openOutbound({ port: 0, mode: { kind: "answer", answers } }));
	expect(await runNode(program, replayed.port)).toBe(said);
	expect(replayed.counts).toMatchObject({ answered: 2, unknown: 0 });
});

test("[O3] a tunnel in which the server speaks first, and one that upgrades, stay tunnels", async () => {
	const greeting = keep(await startTcpServer((socket) => socket.end("220 mail\r\n")));
	const upgrade = keep(
		await startTcpServer((socket) =>
			socket.on("data", (chunk) => socket.write(String(chunk).startsWith("GET") ? "HTTP/1.1 101 ok\r\n\r\n" : chunk)),
		),
	);
	const { proxy, tunnels, exchanges } = await recorder();
	expect(await raw(proxy.port, `CONNECT 127.0.0.1:${greeting.port} HTTP/1.1\r\nHost: x\r\n\r\n`)).toContain("220 mail\r\n");
	const hello = "GET /feed HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
	expect(await raw(proxy.port, `CONNECT 127.0.0.1:${upgrade.port} HTTP/1.1\r\nHost: x\r\n\r\n${hello}`)).toContain("101 ok");
	await until(() => tunnels.length === 2);
	expect(tunnels[1]?.sent).toBe(hello.length);
	expect(exchanges).toEqual([]);
});

test("[O5] refused: nothing leaves, the service is told why", async () => {
	let calls = 0;
	const upstream = keep(await startTcpServer(() => calls++));
	const proxy = keep(await openOutbound({ port: 0, mode: { kind: "refuse" } }));
	const answer = await raw(proxy.port, `GET http://127.0.0.1:${upstream.port}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
	expect(answer).toMatch(/^HTTP\/1\.1 403 /);
	expect(await raw(proxy.port, `CONNECT 127.0.0.1:${upstream.port} HTTP/1.1\r\nHost: x\r\n\r\n`)).toMatch(/^HTTP\/1\.1 403 /);
	expect(await raw(proxy.port, "GET /plain HTTP/1.1\r\nHost: x\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
	expect([calls, proxy.counts.refused]).toEqual([0, 3]);
});

test("[O6] it never calls itself, and a taken port is said", async () => {
	const { proxy } = await recorder();
	const answer = await raw(proxy.port, `GET http://localhost:${proxy.port}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
	expect(answer).toMatch(/^HTTP\/1\.1 403 /);
	await expect(openOutbound({ port: proxy.port, mode: { kind: "refuse" } })).rejects.toMatchObject({ code: "PORT_IN_USE" });
});

/** A service as it would be started: Node heeds the variable when it is told to. */
function runNode(program: string, proxyPort: number): Promise<string> {
	return new Promise((resolve, reject) => {
		const env = {
			...process.env,
			NODE_USE_ENV_PROXY: "1",
			HTTP_PROXY: `http://127.0.0.1:${proxyPort}`,
			HTTPS_PROXY: `http://127.0.0.1:${proxyPort}`,
			NO_PROXY: "",
			no_proxy: "",
		};
		const child = spawn(process.execPath, ["--no-warnings", "--input-type=module", "-e", program], {
			env,
			stdio: ["ignore", "pipe", "pipe"],
		});
		let [out, errors] = ["", ""];
		child.stdout.on("data", (chunk) => {
			out += chunk;
		});
		child.stderr.on("data", (chunk) => {
			errors += chunk;
		});
		child.on("error", reject);
		child.on("exit", (code) => (code === 0 ? resolve(out) : reject(new Error(errors))));
	});
}

/** Of nobody, for this test alone. */
function certificate(): { key: string; cert: string } {
	return {
		key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgVpz8QJmLk1k1YXoM
Vo1Ja/ZrAsnKZkxCWJNutwxsof+hRANCAAQ894gkgMHVnzWAOZsUA/McvWPKya5F
GWxvOFFBZyI6iPSaB9VQg+K7ML/yYmPE9NUtRdxcK7INt7HvSOIsQRmm
-----END PRIVATE KEY-----
`,
		cert: `-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUATHPz94d//1c4FKi+HiXwETCnbIwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzAyMTgwOVoYDzIxMjYxMDMw
MDIxODA5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQ894gkgMHVnzWAOZsUA/McvWPKya5FGWxvOFFBZyI6iPSaB9VQg+K7
ML/yYmPE9NUtRdxcK7INt7HvSOIsQRmmo28wbTAdBgNVHQ4EFgQUP/RyRFheUbjH
IdCiUTkOkYeM/r0wHwYDVR0jBBgwFoAUP/RyRFheUbjHIdCiUTkOkYeM/r0wDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARhwR/AAABgglsb2NhbGhvc3QwCgYIKoZI
zj0EAwIDSQAwRgIhAL40rwga/F+BkGyIoEp20Y5/cFpJCgLvcPWSegO0sdDlAiEA
/D0UQpEswEpaIXqD+bl8RHYS0bwnQAPM7mbDL/yo+9A=
-----END CERTIFICATE-----
`,
	};
}
