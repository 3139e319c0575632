import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { request } from "node:https";
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const cli = fileURLToPath(new URL("../../cli.ts", import.meta.url));
const dir = mkdtempSync(join(tmpdir(), "phoenix-gateway-command-"));
const config = join(dir, "bank.json");
const servers: Server[] = [];
let legacyPort = 0;
let hostPort = 0;

const listening = (server: Server): Promise<number> =>
	new Promise((resolve) => {
		servers.push(server);
		server.listen({ host: "127.0.0.1", port: 0 }, () => resolve((server.address() as AddressInfo).port));
	});

async function phoenix(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
	const environment = { PATH: process.env.PATH, HOME: dir };
	const ran = promisify(execFile)(process.execPath, [cli, "gateway", ...args, "--state", dir], { cwd: dir, env: environment });
	return ran.then(
		({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
		({ code, stdout, stderr }) => ({ code, stdout, stderr }),
	);
}

function write(routes: unknown[], extra: object = {}): void {
	const tls = { certificates: [{ names: ["*"], certFile: "own.pem", keyFile: "own.key" }] };
	const listeners = [
		{
			...{ kind: "tcp", id: "lines", host: "127.0.0.1", port: 0 },
			framing: { kind: "delimiter", hex: "0a", limit: 1_000 },
			pairing: { kind: "order" },
		},
	];
	const streams = [{ id: "echo", listener: "lines", legacy: { host: "127.0.0.1", port: hostPort }, mode: { kind: "legacy" } }];
	const legacy = { host: "127.0.0.1", port: legacyPort };
	writeFileSync(config, JSON.stringify({ listen: { port: 0, tls }, listeners, legacy, routes, streams, ...extra }));
}

function ask(port: number, path: string): Promise<string> {
	return new Promise((resolve, reject) => {
		const asked = request({ host: "127.0.0.1", port, path, ca: readFileSync(join(dir, "own.pem")), servername: "localhost" }, (answer) => {
			let text = "";
			answer.on("data", (part) => {
				text += part;
			});
			answer.on("end", () => resolve(text));
		});
		asked.on("error", reject).end();
	});
}

beforeAll(async () => {
	const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "own.key"];
	const name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
	execFileSync("openssl", ["req", "-x509", ...key, "-out", "own.pem", "-days", "2", ...name], { cwd: dir, stdio: "ignore" });
	legacyPort = await listening(createServer((_request, response) => response.end("legacy")));
	hostPort = await listening(createTcpServer((socket) => socket.pipe(socket)));
});

afterAll(async () => {
	await phoenix("stop", "--drain", "1s");
	for (const server of servers) server.close();
	rmSync(dir, { recursive: true, force: true });
});

test("one file makes a gateway that serves TLS and TCP on, takes other routes without a restart, and is ended by one command", async () => {
	const modern = createServer((_request, response) => response.end("modern"));
	const upstream = { host: "127.0.0.1", port: await listening(modern) };
	write([]);
	const started = await phoenix("start", "--config", config, "--json");
	expect(started).toMatchObject({ code: 0, stderr: "" });
	const { listeners, adopted } = JSON.parse(started.stdout);
	expect(adopted).toBe(false);
	expect(await ask(listeners.main.port, "/rates")).toBe("legacy");
	const echoed = await new Promise((resolve) => {
		const socket = connect({ host: "127.0.0.1", port: listeners.lines.port }, () => socket.write("0200\n"));
		socket.once("data", (bytes) => {
			socket.end();
			resolve(bytes.toString());
		});
	});
	expect(echoed).toBe("0200\n");

	write([{ id: "rates", method: "GET", path: "/rates", mode: { kind: "modern", upstream, failover: "always" } }]);
	const again = await phoenix("start", "--config", config);
	expect(again.stdout).toMatch(/^The gateway has taken plan \d+\.\n {2}main: 127\.0\.0\.1:\d+\n {2}lines: /);
	expect(await ask(listeners.main.port, "/rates")).toBe("modern");
	expect(await ask(listeners.main.port, "/other")).toBe("legacy");

	const before = readFileSync(join(dir, "own.pem"));
	writeFileSync(join(dir, "own.pem"), "no certificate");
	expect(await phoenix("reload")).toMatchObject({ code: 1, stderr: expect.stringMatching(/CERTIFICATE_UNUSABLE.*own\.pem/s) });
	writeFileSync(join(dir, "own.pem"), before);
	expect((await phoenix("reload")).stdout).toBe("The certificates have been read anew.\n");
	expect(await ask(listeners.main.port, "/other")).toBe("legacy");

	await expect.poll(async () => (await phoenix("status")).stdout).toMatch(/(4 requests: legacy 3|5 requests: legacy 4), new services 1/);
	expect((await phoenix("metrics")).stdout).toContain("# TYPE");
	expect((await phoenix("metrics", "--openmetrics")).stdout).toMatch(/# EOF\n$/);
	const served = JSON.parse((await phoenix("metrics", "--listen", ":0", "--json")).stdout);
	expect(await (await fetch(`http://127.0.0.1:${served.port}/metrics`)).text()).toContain("http_server_request_duration_seconds_bucket");
	expect(await phoenix("metrics", "--unlisten")).toMatchObject({ code: 0, stdout: "Metrics are served no more.\n" });
	await expect(fetch(`http://127.0.0.1:${served.port}/metrics`)).rejects.toThrow();
	const log = join(dir, "own.log");
	expect((await phoenix("access-log", "on", "--file", log, "--format", "json")).stdout).toBe(`Requests are written to ${log}.\n`);
	await ask(listeners.main.port, "/logged?card=4711");
	await expect.poll(() => readFileSync(log, "utf8")).toContain('"path":"/logged?card=*"');
	expect((await phoenix("access-log", "off")).stdout).toBe(`${log}: 1 lines\n`);
	expect((await phoenix("access-log", "on", "--header", "Cookie")).stderr).toMatch(/RUN_STATE.*Cookie holds credentials/s);
	expect(await phoenix("tracing", "on")).toMatchObject({ code: 2, stderr: expect.stringContaining("usage: phoenix gateway") });
	expect((await phoenix("tracing", "on", "--endpoint", "http://127.0.0.1:1/v1/traces", "--ratio", "0.5")).code).toBe(0);
	expect((await phoenix("tracing", "off")).stdout).toBe("http://127.0.0.1:1/v1/traces: 0 requests\n");
	expect((await phoenix("stop", "--drain", "1s")).stdout).toBe("The gateway has ended.\n");
	await expect(ask(listeners.main.port, "/rates")).rejects.toThrow(/ECONNREFUSED/);
	expect(await phoenix("status")).toMatchObject({ code: 1, stderr: expect.stringContaining("GATEWAY_LOST") });
});

test("what the file says wrongly is refused by the field's name, and nothing is started", async () => {
	write([], { leagcy: null });
	expect(await phoenix("start", "--config", config)).toMatchObject({ code: 1, stderr: expect.stringMatching(/INPUT_INVALID.*leagcy/s) });
	write([{ id: "a", method: "GET", path: "/a", mode: { kind: "canary", weight: 500 } }]);
	expect(await phoenix("start", "--config", config)).toMatchObject({ code: 1, stderr: expect.stringMatching(/routes\.0\.mode\.weight/) });
	expect(await phoenix("start", "--config", join(dir, "none.json"))).toMatchObject({ code: 1, stderr: expect.stringContaining("ENOENT") });
	expect((await phoenix("status")).code).toBe(1);
});

test("[N8] a gateway of several workers is started by the file or by the option, and the status shows each", async () => {
	write([], { workers: 3 });
	expect((await phoenix("start", "--config", config, "--workers", "0")).code).toBe(2);
	expect((await phoenix("start", "--config", config, "--workers", "2")).code).toBe(0);
	expect((await phoenix("status")).stdout).toMatch(
		/2 workers serve; 0 ended unasked.*(\n {2}process \d+: 0 requests since it began, 0 open){2}\n/,
	);
	expect((await phoenix("stop", "--drain", "1s")).stdout).toBe("The gateway has ended.\n");
	expect((await phoenix("start", "--config", config)).code).toBe(0);
	expect(JSON.parse((await phoenix("status", "--json")).stdout).workers).toHaveLength(3);
	expect((await phoenix("stop", "--drain", "1s")).stdout).toBe("The gateway has ended.\n");
});
