import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import { connect as connectPlain } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type ConnectionOptions, connect, type SecureContextOptions, type TLSSocket } from "node:tls";
import { afterEach, expect, test } from "vitest";
import type { Upstream } from "../contract/traffic.ts";
import { createAuthority, type TestAuthority, type TestCertificate } from "./testing/certificates.ts";
import { askRaw } from "./testing/client.ts";
import { newKeys, startFront } from "./testing/front.ts";
import { nextPlan, startGateway, until } from "./testing/gateway.ts";
import { freePort, startRawUpstream, startUpstream } from "./testing/upstream.ts";

let ends: (() => unknown)[] = [];
afterEach(async () => {
	for (const end of ends.reverse()) await end();
	ends = [];
});

function authority(name?: string): TestAuthority {
	const created = createAuthority(name);
	ends.push(created.end);
	return created;
}

function ending<Closable extends { close(): Promise<void> }>(thing: Closable): Closable {
	ends.push(thing.close);
	return thing;
}

const files = (names: string[], { certFile, keyFile }: TestCertificate) => ({ names, certFile, keyFile });

const echo = () =>
	startUpstream((message, answer) => {
		message.resume();
		answer.end(JSON.stringify(message.rawHeaders));
	});

/** A finished handshake, or the error it ended with. */
function handshake(port: number, options: ConnectionOptions): Promise<TLSSocket> {
	return new Promise((resolve, reject) => {
		const socket = connect({ host: "127.0.0.1", port, ...options }, () => resolve(socket));
		socket.once("error", reject);
		ends.push(() => socket.destroy());
	});
}

/** One request over a socket of its own; what came back until the end. */
async function askTls(port: number, options: ConnectionOptions, lines = ""): Promise<string> {
	const socket = await handshake(port, options);
	let text = "";
	socket.on("data", (chunk) => {
		text += chunk;
	});
	const ended = new Promise<void>((resolve) => socket.once("close", () => resolve()));
	socket.on("error", () => {});
	socket.write(`GET /tls HTTP/1.1\r\nHost: bank\r\n${lines}Connection: close\r\n\r\n`);
	await ended;
	return text;
}

const bodyIn = (answer: string): string[] => JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4)) as string[];
const lineIn = (headers: string[], name: string): string | undefined => headers[headers.indexOf(name) + 1];

test("[T1] the certificate is chosen by the name that the client asks for: exact, one label, whoever else", async () => {
	const ca = authority();
	const legacy = ending(await echo());
	const certificates = [
		files(["*"], ca.issue(["fallback.test"])),
		files(["bank.test"], ca.issue(["bank.test"])),
		files(["*.branch.test"], ca.issue(["*.branch.test"])),
	];
	const front = ending(await startFront({ legacy: legacy.address }, { tls: { certificates } }));
	const shown = async (servername: string) => {
		const socket = await handshake(front.port, { ca: ca.ca, servername, checkServerIdentity: () => undefined });
		return socket.getPeerCertificate().subject.CN;
	};
	expect(await shown("bank.test")).toBe("bank.test");
	expect(await shown("BANK.test")).toBe("bank.test");
	expect(await shown("rome.branch.test")).toBe("*.branch.test");
	expect(await shown("a.rome.branch.test")).toBe("fallback.test");
	expect(await shown("branch.test")).toBe("fallback.test");
	expect(await shown("")).toBe("fallback.test");
});

test("[T1] ALPN decides what is spoken, and who offers neither is refused", async () => {
	const ca = authority();
	const legacy = ending(await echo());
	const tls = { certificates: [files(["*"], ca.issue(["bank.test"]))] };
	const front = ending(await startFront({ legacy: legacy.address }, { tls }));
	const trusting = { ca: ca.ca, servername: "bank.test" };
	const chosen = async (ALPNProtocols?: string[]) => (await handshake(front.port, { ...trusting, ALPNProtocols })).alpnProtocol;
	expect(await chosen(["http/1.1", "h2"])).toBe("h2");
	expect(await chosen(["http/1.1"])).toBe("http/1.1");
	expect(await chosen()).toBe(false);
	await expect(chosen(["spdy/3"])).rejects.toThrow(/no application protocol/i);
	const answer = await askTls(front.port, trusting);
	expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
	expect(lineIn(bodyIn(answer), "X-Forwarded-Proto")).toBe("https");
});

test("[T2] nothing older than the chosen version, and no cipher without forward secrecy and authentication", async () => {
	const ca = authority();
	const legacy = ending(await echo());
	const certificates = [files(["*"], ca.issue(["bank.test"]))];
	const usual = ending(await startFront({ legacy: legacy.address }, { tls: { certificates } }));
	const strict = ending(await startFront({ legacy: legacy.address }, { tls: { certificates, minVersion: "TLSv1.3" } }));
	// The lowest level of OpenSSL, so that the refusal is the gateway's and not the test's own.
	const trusting = { ca: ca.ca, servername: "bank.test", ciphers: "ALL:@SECLEVEL=0" } as const;
	const protocol = async (port: number, options: SecureContextOptions) =>
		(await handshake(port, { ...trusting, ...options })).getProtocol();
	expect(await protocol(usual.port, {})).toBe("TLSv1.3");
	expect(await protocol(usual.port, { maxVersion: "TLSv1.2" })).toBe("TLSv1.2");
	await expect(protocol(usual.port, { minVersion: "TLSv1.1", maxVersion: "TLSv1.1" })).rejects.toThrow(/version/);
	await expect(protocol(strict.port, { maxVersion: "TLSv1.2" })).rejects.toThrow(/version/);
	for (const ciphers of ["ECDHE-ECDSA-AES128-SHA256@SECLEVEL=0", "AES128-GCM-SHA256@SECLEVEL=0", "ECDHE-ECDSA-AES256-SHA@SECLEVEL=0"])
		await expect(protocol(usual.port, { maxVersion: "TLSv1.2", ciphers })).rejects.toThrow(/handshake failure/);
	expect(usual.front.tls?.failed["handshake refused"]).toBe(4);
});

test("[T3] what a client proves to be goes to the upstream and into the record, with its chain, and a forged line never does", async () => {
	const ca = authority();
	const clients = authority("Clients");
	const legacy = ending(await echo());
	const client = clients.issue(["till 7"], { by: "intermediate" });
	const certificates = [files(["*"], ca.issue(["bank.test"]))];
	const tls = { certificates, clientCertificate: "optional", clientCaFile: clients.caFile } as const;
	// Of what the client sends beside its own certificate, node tells nothing: the authorities' file has what stands between.
	appendFileSync(clients.caFile, client.cert.slice(client.cert.indexOf("-----BEGIN", 10)));
	const front = ending(await startFront({ legacy: legacy.address }, { tls }));
	const plain = ending(await startFront({ legacy: legacy.address }));
	const trusting = { ca: ca.ca, servername: "bank.test" };
	const forged = "Client-Cert: :Zm9yZ2Vk:\r\nclient-CERT-chain: :Zm9yZ2Vk:\r\nX-Kept: 1\r\n";
	const der = (pem: string) => pem.replace(/-----[A-Z ]+-----|\s/g, "");
	const [own, middle] = client.cert.split(/(?<=-----END CERTIFICATE-----)/).map(der);

	const shown = bodyIn(await askTls(front.port, { ...trusting, cert: client.cert, key: client.key }, forged));
	expect(lineIn(shown, "Client-Cert")).toBe(`:${own}:`);
	expect(lineIn(shown, "Client-Cert-Chain")).toBe(`:${middle}:`);
	expect(shown.filter((name) => /^client-cert/i.test(name))).toHaveLength(2);
	expect(lineIn(shown, "X-Kept")).toBe("1");
	for (const answer of [
		bodyIn(await askTls(front.port, trusting, forged)),
		bodyIn(await askRaw(plain.port, `GET / HTTP/1.1\r\nHost: a\r\n${forged}Connection: close\r\n\r\n`)),
	]) {
		expect(answer.join()).not.toMatch(/client-cert/i);
		expect(lineIn(answer, "X-Kept")).toBe("1");
	}
	const h2 = connectHttp2(`https://127.0.0.1:${front.port}`, { ...trusting, cert: client.cert, key: client.key });
	ends.push(() => h2.destroy());
	const overH2 = h2.request({ ":path": "/", "client-cert": ":Zm9yZ2Vk:" });
	let text = "";
	for await (const chunk of overH2) text += chunk;
	expect(lineIn(JSON.parse(text) as string[], "Client-Cert")).toBe(`:${own}:`);
	expect(text).not.toContain("Zm9yZ2Vk");
	await until(() => front.seen.length === 3 && plain.seen.length === 1);
	expect(front.seen[0]?.request.headers).toContainEqual(["Client-Cert", `:${own}:`]);
	expect(JSON.stringify([front.seen, plain.seen])).not.toContain("Zm9yZ2Vk");
});

test("[T3] a certificate of somebody else is refused, and so is none where one is required", async () => {
	const ca = authority();
	const [clients, strangers] = [authority("Clients"), authority("Strangers")];
	const legacy = ending(await echo());
	const certificates = [files(["*"], ca.issue(["bank.test"]))];
	const of = async (clientCertificate: "optional" | "required") =>
		ending(await startFront({ legacy: legacy.address }, { tls: { certificates, clientCertificate, clientCaFile: clients.caFile } }));
	const [optional, required] = [await of("optional"), await of("required")];
	const trusting = { ca: ca.ca, servername: "bank.test" };
	const known = clients.issue(["till"]);
	const stranger = strangers.issue(["till"]);
	const ask = (port: number, who: { cert?: string; key?: string }) => askTls(port, { ...trusting, ...who }).catch(() => "");
	expect(await ask(required.port, known)).toMatch(/ 200 OK/);
	expect(await ask(optional.port, {})).toMatch(/ 200 OK/);
	for (const [port, who] of [
		[required.port, {}],
		[required.port, stranger],
		[optional.port, stranger],
	] as const)
		expect(await ask(port, who)).toBe("");
	expect(required.front.tls?.failed).toMatchObject({ "client certificate missing": 1, "client certificate not trusted": 1 });
	expect(optional.front.tls?.failed).toEqual({ "client certificate not trusted": 1 });
});

test("[T4] a handshake that stands still is ended, and one too many is not begun", async () => {
	const ca = authority();
	const legacy = ending(await echo());
	const tls = { certificates: [files(["*"], ca.issue(["bank.test"]))] };
	const front = ending(await startFront({ legacy: legacy.address }, { tls }, {}, { handshakeMs: 300, handshakes: 3 }));
	const silent = [0, 1, 2, 3, 4].map(() => connectPlain(front.port, "127.0.0.1").on("error", () => {}));
	await Promise.all(silent.map((socket) => new Promise((resolve) => socket.once("close", resolve))));
	expect(front.front.tls?.failed).toEqual({ "too many handshakes": 2, "handshake timeout": 3 });
	expect(await askTls(front.port, { ca: ca.ca, servername: "bank.test" })).toMatch(/ 200 OK/);
	await askRaw(front.port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n").catch(() => "");
	expect(front.front.tls?.failed["plain HTTP"]).toBe(1);
});

test("[T5] a session is resumed, but never where a client proves itself by a certificate", async () => {
	const ca = authority();
	const legacy = ending(await echo());
	const certificates = [files(["*"], ca.issue(["fallback.test"])), files(["bank.test"], ca.issue(["bank.test"]))];
	const open = ending(await startFront({ legacy: legacy.address }, { tls: { certificates } }));
	const closed = { certificates, clientCertificate: "optional", clientCaFile: ca.caFile } as const;
	const proving = ending(await startFront({ legacy: legacy.address }, { tls: closed }));
	const isResumed = async (port: number, maxVersion: "TLSv1.2" | "TLSv1.3") => {
		const trusting = { ca: ca.ca, servername: "bank.test", maxVersion };
		const first = await handshake(port, trusting);
		let session: Buffer | undefined;
		first.on("session", (found) => {
			session = found;
		});
		first.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
		await new Promise((resolve) => first.once("data", resolve));
		return (await handshake(port, { ...trusting, session: session ?? first.getSession() })).isSessionReused();
	};
	for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
		expect(await isResumed(open.port, version)).toBe(true);
		expect(await isResumed(proving.port, version)).toBe(false);
	}
	expect(open.front.tls).toMatchObject({ done: 4, resumed: 2 });
});

test("[T6] certificates are read anew without touching open connections, and a broken file changes nothing", async () => {
	const ca = authority();
	const legacy = ending(await echo());
	const used = ca.issue(["old.test"]);
	const other = ca.issue(["new.test"]);
	const front = ending(await startFront({ legacy: legacy.address }, { tls: { certificates: [files(["*"], used)] } }));
	const loose = { ca: ca.ca, servername: "x.test", checkServerIdentity: () => undefined };
	const before = await handshake(front.port, loose);
	writeFileSync(used.certFile, other.cert);
	expect(() => front.front.reload(newKeys())).toThrow(expect.objectContaining({ code: "CERTIFICATE_UNUSABLE" }));
	expect((await handshake(front.port, loose)).getPeerCertificate().subject.CN).toBe("old.test");
	writeFileSync(used.keyFile, other.key);
	front.front.reload(newKeys());
	expect((await handshake(front.port, loose)).getPeerCertificate().subject.CN).toBe("new.test");
	before.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	expect(String(await new Promise((resolve) => before.once("data", resolve)))).toMatch(/ 200 OK/);
});

test("[T7] a certificate or key that cannot be used is a fault by its name, and nothing is opened", async () => {
	const ca = authority();
	const good = ca.issue(["bank.test"]);
	const other = ca.issue(["bank.test"]);
	const open = (certificate: { certFile: string; keyFile: string }, more = {}) =>
		startFront({ legacy: null }, { tls: { certificates: [{ names: ["*"], ...certificate }], ...more } });
	for (const [certificate, more, file] of [
		[{ ...good, keyFile: `${good.keyFile}.gone` }, {}, `${good.keyFile}.gone`],
		[{ ...good, keyFile: other.keyFile }, {}, good.certFile],
		[{ ...good, certFile: good.keyFile }, {}, good.keyFile],
		[good, { clientCertificate: "required" }, "of listener test"],
	] as const)
		await expect(open(certificate, more)).rejects.toMatchObject({ code: "CERTIFICATE_UNUSABLE", data: { file } });
});

/** An HTTPS upstream that answers with what it saw of the connection. */
async function startSecure(options: Parameters<typeof createHttpsServer>[0]) {
	const server = createHttpsServer(options, (message, answer) => {
		const socket = message.socket as TLSSocket;
		message.resume();
		answer.setHeader("Connection", "close");
		answer.end(JSON.stringify([socket.servername, socket.isSessionReused(), socket.getPeerCertificate()?.subject?.CN ?? null]));
	});
	const port = await freePort();
	await new Promise<void>((resolve) => server.listen({ host: "127.0.0.1", port }, resolve));
	ends.push(() => new Promise((resolve) => server.close(resolve)));
	return { host: "127.0.0.1", port };
}

const ask = (port: number) => askRaw(port, "GET / HTTP/1.1\r\nHost: bank\r\nConnection: close\r\n\r\n");

test("[T8] an upstream is spoken to by name, verified, with the gateway's own certificate, and its session is used again", async () => {
	const ca = authority();
	const server = ca.issue(["core.bank.test"]);
	const own = ca.issue(["gateway"]);
	const address = await startSecure({ cert: server.cert, key: server.key, ca: ca.ca, requestCert: true, rejectUnauthorized: true });
	const legacy: Upstream = {
		...address,
		tls: { serverName: "core.bank.test", caFile: ca.caFile, certFile: own.certFile, keyFile: own.keyFile },
	};
	const front = ending(await startFront({ legacy }));
	expect(bodyIn(await ask(front.port))).toEqual(["core.bank.test", false, "gateway"]);
	expect(bodyIn(await ask(front.port))).toEqual(["core.bank.test", true, "gateway"]);
});

test("[T8] an upstream that cannot prove itself gets no byte; the client learns no more than that", async () => {
	const [ca, strangers] = [authority(), authority("Strangers")];
	const good = ca.issue(["core.bank.test", "127.0.0.1"]);
	const expired = ca.issue(["core.bank.test"], { isExpired: true });
	const address = await startSecure({ cert: good.cert, key: good.key });
	const old = await startSecure({ cert: expired.cert, key: expired.key });
	const plain = ending(await echo());
	const isTrusted = async (legacy: Upstream) => {
		const front = ending(await startFront({ legacy }));
		const answer = await ask(front.port);
		await until(() => front.seen.length === 1);
		expect(answer).not.toMatch(/127\.0\.0\.1|\.pem|\.key|certificate|core\.bank/i);
		return { status: Number(answer.slice(9, 12)), isNamed: answer.includes("no trusted connection"), error: front.seen[0]?.error };
	};
	const trusting = { caFile: ca.caFile, serverName: "core.bank.test" };
	expect(await isTrusted({ ...address, tls: { caFile: ca.caFile } })).toMatchObject({ status: 200 });
	expect(await isTrusted({ ...address, tls: { ...trusting, serverName: "127.0.0.1" } })).toMatchObject({ status: 200 });
	expect(await isTrusted({ ...address, tls: { caFile: strangers.caFile } })).toMatchObject({ status: 502, isNamed: true });
	expect(await isTrusted({ ...address, tls: { ...trusting, serverName: "other.test" } })).toMatchObject({ status: 502, isNamed: true });
	expect(await isTrusted({ ...old, tls: trusting })).toMatchObject({ status: 502, isNamed: true, error: "certificate has expired" });
	expect(await isTrusted({ ...address, tls: {} })).toMatchObject({ status: 502, isNamed: true });
	expect(await isTrusted({ ...address, tls: { unverified: true } })).toMatchObject({ status: 200 });
	expect(await isTrusted({ ...plain.address, tls: trusting })).toMatchObject({ status: 502, isNamed: false });
	expect(await isTrusted({ ...address, tls: { caFile: `${ca.caFile}.gone` } })).toMatchObject({ status: 502 });
});

test("[T9] an answer that breaks off ends without the farewell of TLS, and a client that has said all is still answered", async () => {
	const ca = authority();
	const tls = { certificates: [files(["*"], ca.issue(["bank.test"]))] };
	const legacy = ending(
		await startRawUpstream((socket, all) => {
			if (!all.includes("\r\n\r\n")) return false;
			if (all.includes("/whole")) setTimeout(() => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), 50);
			else {
				socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
				setTimeout(() => socket.destroy(), 50);
			}
			return true;
		}),
	);
	const front = ending(await startFront({ legacy: legacy.address }, { tls }));
	const end = async (path: string) => {
		const socket = await handshake(front.port, { ca: ca.ca, servername: "bank.test" });
		socket.allowHalfOpen = true;
		let text = "";
		socket.on("data", (chunk) => {
			text += chunk;
		});
		const ended = new Promise<string>((resolve) => {
			socket.once("end", () => resolve("farewell"));
			socket.on("error", () => resolve("cut"));
		});
		socket.end(`GET ${path} HTTP/1.1\r\nHost: bank\r\n\r\n`);
		return [await ended, text.slice(text.indexOf("\r\n\r\n") + 4)];
	};
	expect(await end("/whole")).toEqual(["farewell", "ok"]);
	const [how, body] = await end("/half");
	expect(body).toBe("half");
	expect(how).toBe("cut");
	await delay(10);
	expect(front.seen.at(-1)?.error).toMatch(/broke off/);
});

test("[T10] a whole gateway: certificates by path, read by the supervisor, kept over a worker's death, reloaded on demand", async () => {
	const ca = authority();
	const [used, other] = [ca.issue(["old.test"]), ca.issue(["new.test"])];
	const legacy = ending(await echo());
	const loose = { ca: ca.ca, servername: "x.test", checkServerIdentity: () => undefined };
	const gate = await startGateway(legacy.address, { tls: { certificates: [files(["*"], used)] } });
	ends.push(gate.end);
	const shown = async () => (await handshake(gate.port, loose)).getPeerCertificate().subject.CN;
	const open = await handshake(gate.port, loose);
	expect(await askTls(gate.port, loose)).toMatch(/ 200 OK/);

	writeFileSync(used.certFile, "nothing");
	await expect(gate.gateway.reloadCertificates()).rejects.toMatchObject({ code: "CERTIFICATE_UNUSABLE", data: { file: used.certFile } });
	const { workerPid } = JSON.parse(readFileSync(join(gate.stateDir, "gateway.json"), "utf8")) as { workerPid: number };
	process.kill(workerPid, "SIGKILL");
	await until(async () => (await shown().catch(() => "")) === "old.test");

	writeFileSync(used.certFile, other.cert);
	writeFileSync(used.keyFile, other.key);
	const still = await handshake(gate.port, loose);
	await gate.gateway.reloadCertificates();
	await until(async () => (await shown()) === "new.test");
	still.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	expect(String(await new Promise((resolve) => still.once("data", resolve)))).toMatch(/ 200 OK/);
	open.destroy();
	const state = readdirSync(gate.stateDir).filter((name) => /\.json$|\.log$/.test(name));
	const stored = state.map((name) => readFileSync(join(gate.stateDir, name), "utf8")).join();
	expect(stored).not.toMatch(/PRIVATE KEY|BEGIN CERTIFICATE/);
});

test("[T10] a gateway whose certificate or upstream's certificate cannot be used does not start, and such a plan is refused", async () => {
	const ca = authority();
	const good = ca.issue(["bank.test"]);
	const legacy = ending(await echo());
	const gone = `${good.keyFile}.gone`;
	const port = await freePort();
	const broken = startGateway(legacy.address, { port, tls: { certificates: [{ names: ["*"], certFile: good.certFile, keyFile: gone }] } });
	await expect(broken).rejects.toMatchObject({ code: "CERTIFICATE_UNUSABLE", data: { file: gone } });
	await expect(handshake(port, {})).rejects.toThrow(/ECONNREFUSED/);
	const server = await startSecure({ cert: good.cert, key: good.key });
	await expect(startGateway({ ...server, tls: { caFile: gone } }, { port })).rejects.toMatchObject({ code: "CERTIFICATE_UNUSABLE" });
	await expect(startGateway({ ...server, tls: {} }, { port })).rejects.toMatchObject({ code: "LEGACY_SILENT" });

	const gate = await startGateway({ ...server, tls: { caFile: ca.caFile, serverName: "bank.test" } }, { port });
	ends.push(gate.end);
	const plan = nextPlan(gate.gateway, { ...server, tls: { caFile: gone } }, {});
	await expect(gate.gateway.setPlan(plan)).rejects.toMatchObject({ code: "CERTIFICATE_UNUSABLE", data: { file: gone } });
	expect(await ask(port)).toMatch(/ 200 OK/);
});

test("[T11] a WebSocket over TLS reaches an upstream behind TLS, and a forged certificate line does not", async () => {
	const ca = authority();
	const server = ca.issue(["bank.test"]);
	const seen: string[] = [];
	const upstream = createHttpsServer({ cert: server.cert, key: server.key });
	upstream.on("upgrade", (message, socket) => {
		seen.push(...message.rawHeaders);
		socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n");
		socket.on("data", (chunk) => socket.write(chunk));
		socket.on("error", () => {});
		ends.push(() => socket.destroy());
	});
	const port = await freePort();
	await new Promise<void>((resolve) => upstream.listen({ host: "127.0.0.1", port }, resolve));
	ends.push(() => new Promise((resolve) => upstream.close(resolve)));
	const legacy: Upstream = { host: "127.0.0.1", port, tls: { caFile: ca.caFile, serverName: "bank.test" } };
	const certificates = [files(["*"], server)];
	const tls = { certificates, clientCertificate: "optional", clientCaFile: ca.caFile } as const;
	const front = ending(await startFront({ legacy }, { tls }));
	const client = ca.issue(["till"]);
	const socket = await handshake(front.port, { ca: ca.ca, servername: "bank.test", cert: client.cert, key: client.key });
	let text = "";
	socket.on("data", (chunk) => {
		text += chunk;
	});
	const upgrade =
		"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
	socket.write(`GET /ws HTTP/1.1\r\nHost: bank\r\nClient-Cert: :Zm9yZ2Vk:\r\n${upgrade}\r\n`);
	await until(() => text.includes("\r\n\r\n"));
	socket.write("echo me");
	await until(() => text.endsWith("echo me"));
	expect(text).toMatch(/^HTTP\/1\.1 101 /);
	expect(seen.join()).not.toContain("Zm9yZ2Vk");
	expect(seen.filter((name) => /^client-cert$/i.test(name))).toHaveLength(1);
});
