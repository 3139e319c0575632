import { existsSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openGateway, openGatewayObserver } from "./control/index.ts";
import { ask, startLoad } from "./testing/client.ts";
import { readExposition, sumOf } from "./testing/exposition-text.ts";
import { createStateDir, nextPlan, startGateway, until } from "./testing/gateway.ts";
import { freePort, startUpstream } from "./testing/upstream.ts";

type Line = { path: string; status: number; arm: string; route: string | null; answerBytes: number; headers: Record<string, string> };
const linesOf = (file: string): string[] => readFileSync(file, "utf8").split("\n").filter(Boolean);
const defaults = { route: null, headers: [], maxBytes: 1_000_000, keep: 2 };

test("[A1][A2][A3] a line per request with arm, plan and decision, and nothing a client may have meant as data", async () => {
	const legacy = await startUpstream((_message, answer) => void answer.end("12345"));
	const modern = await startUpstream((_message, answer) => void answer.end("1234567"));
	const gate = await startGateway(legacy.address);
	await gate.gateway.setPlan(
		nextPlan(gate.gateway, legacy.address, {
			"GET /account/{id}": { kind: "modern", upstream: modern.address, failover: "always" },
		}),
	);
	const { version } = gate.gateway.plan();
	const observer = openGatewayObserver(gate.stateDir);
	const json = join(gate.stateDir, "access.json");
	await observer.setAccessLog({ ...defaults, file: json, format: "json", headers: ["User-Agent", "X-Branch"] });
	const headers = { "User-Agent": 'curl "8"\u00e9', "X-Branch": "7", Authorization: "Bearer secret-1", Cookie: "sid=secret-2" };
	await ask(gate.port, { path: "/account/DE4711?pin=secret-3&secret-4", headers });
	await ask(gate.port, { method: "POST", path: "/pay?iban=secret-5", headers, body: "secret-6" });
	await until(() => linesOf(json).length === 2);
	const combined = join(gate.stateDir, "access.log");
	expect(await observer.setAccessLog({ ...defaults, file: combined, format: "combined", headers: ["User-Agent"] })).toBeNull();
	await ask(gate.port, { path: "/account/DE4711?pin=secret-3", headers });
	await until(() => linesOf(combined).length === 1);
	expect(await observer.setAccessLog(null)).toMatchObject({ file: combined, written: 1, failure: null });
	await ask(gate.port, { path: "/after" });

	const [first, second] = linesOf(json).map((line) => JSON.parse(line));
	expect(first).toMatchObject({
		...{ client: "127.0.0.1", method: "GET", path: "/account/{id}?pin=*&*", status: 200, answerBytes: 7, requestBytes: 0 },
		...{ route: "GET /account/{id}", arm: "modern", planVersion: version, decision: "modern", mirrored: false, error: null },
		headers: { "user-agent": 'curl "8"\u00e9', "x-branch": "7" },
	});
	expect(second).toMatchObject({ path: "/pay?iban=*", route: null, arm: "legacy", decision: "no route", requestBytes: 8 });
	const [line = ""] = linesOf(combined);
	expect(line).toMatch(
		/^127\.0\.0\.1 - - \[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000\] "GET \/account\/\{id\}\?pin=\* HTTP\/1\.1" 200 7 "-" "curl \\"8\\"\\xe9" "GET \/account\/\{id\}" modern \d+ "modern" \d+\.\d{6}$/,
	);
	expect(linesOf(json).join("") + line).not.toMatch(/secret|4711|after/);
	expect(statSync(json).mode & 0o777).toBe(0o600);
	await expect(observer.setAccessLog({ ...defaults, file: json, format: "json", headers: ["Cookie"] })).rejects.toMatchObject({
		code: "RUN_STATE",
	});
	await expect(observer.setAccessLog({ ...defaults, file: "/nowhere/at/all", format: "json" })).rejects.toMatchObject({
		code: "RUN_STATE",
	});
	symlinkSync(json, join(gate.stateDir, "link"));
	await expect(observer.setAccessLog({ ...defaults, file: join(gate.stateDir, "link"), format: "json" })).rejects.toMatchObject({
		code: "RUN_STATE",
	});
	await gate.end();
	await Promise.all([legacy.close(), modern.close()]);
});

test("[A4] with no core and nothing mirrored the log alone turns the capture of heads on, and off again", async () => {
	const legacy = await startUpstream((_message, answer) => void answer.end(Buffer.alloc(300_000)));
	const stateDir = createStateDir();
	const port = await freePort();
	const gateway = await openGateway({ stateDir, port, legacy: legacy.address });
	await gateway.setPlan(nextPlan(gateway, legacy.address, { "GET /a": { kind: "shadow", percent: 100 } }));
	gateway.detach();
	const observer = openGatewayObserver(stateDir);
	const captured = async () => sumOf(readExposition(await observer.metrics(), "prometheus"), "phoenix_gateway_capture_enabled");
	await until(async () => (await captured()) === 0);
	const file = join(stateDir, "access.log");
	await observer.setAccessLog({ ...defaults, file, format: "json", route: "GET /a" });
	for (let n = 0; n < 20; n++) await ask(port, { path: n % 2 === 0 ? "/a" : "/b" });
	await until(() => linesOf(file).length === 10);
	expect(linesOf(file).map((line) => (JSON.parse(line) as Line).answerBytes)).toEqual(Array(10).fill(300_000));
	const seen = readExposition(await observer.metrics(), "prometheus");
	// Nobody took them: the log is no reader of exchanges.
	expect(sumOf(seen, "phoenix_gateway_dropped_exchanges_total", { reason: "no-core" })).toBe(10);
	expect(sumOf(seen, "phoenix_gateway_waiting_exchanges")).toBe(0);
	expect(sumOf(seen, "phoenix_gateway_access_log_lines_total")).toBe(10);
	await observer.setAccessLog(null);
	const again = await openGateway({ stateDir, port, legacy: legacy.address });
	await again.stop({ drainMs: 500 });
	await legacy.close();
});

test("[A5] the file is rotated by size, every request is in one of them, and the death of a worker does not end the log", async () => {
	const legacy = await startUpstream((_message, answer) => void answer.end("ok"));
	const gate = await startGateway(legacy.address);
	const observer = openGatewayObserver(gate.stateDir);
	const file = join(gate.stateDir, "access.log");
	await observer.setAccessLog({ ...defaults, file, format: "json", maxBytes: 40_000, keep: 50 });
	const load = startLoad(
		gate.port,
		800,
		8,
		(n) => ({ path: `/n${n}` }),
		({ status }) => status === 200,
	);
	await until(() => existsSync(`${file}.3`), 20_000);
	const { sent, errors } = await load.stop();
	expect(errors).toEqual([]);
	const { workerPid } = JSON.parse(readFileSync(join(gate.stateDir, "gateway.json"), "utf8")) as { workerPid: number };
	await until(async () => (await gate.gateway.stats()).requests === sent && gate.seen.length === sent);
	process.kill(workerPid, "SIGKILL");
	await until(async () => (await ask(gate.port, { path: "/again" }).catch(() => null))?.status === 200);
	await until(() => linesOf(file).some((line) => line.includes("/again")));
	expect(await observer.setAccessLog(null)).toMatchObject({ written: sent + 1, dropped: { backlog: 0, transit: 0, "not-written": 0 } });
	const files = [file, ...Array.from({ length: 50 }, (_, n) => `${file}.${n + 1}`)].filter(existsSync);
	const paths = files.flatMap(linesOf).map((line) => (JSON.parse(line) as Line).path);
	expect(new Set(paths)).toEqual(new Set([...Array.from({ length: sent }, (_, n) => `/n${n}`), "/again"]));
	for (const rotated of files.slice(1)) expect(statSync(rotated).size).toBeLessThanOrEqual(40_000);
	await gate.end();
	await legacy.close();
});

test("[A6] a disk that takes no more costs lines, which are counted, and no client notices", async () => {
	const legacy = await startUpstream((_message, answer) => void answer.end("ok"));
	const gate = await startGateway(legacy.address);
	const observer = openGatewayObserver(gate.stateDir);
	// A device that refuses every byte, as a full disk does.
	await observer.setAccessLog({ ...defaults, file: "/dev/full", format: "json" });
	for (let n = 0; n < 30; n++) expect((await ask(gate.port)).status).toBe(200);
	await until(async () => {
		const seen = readExposition(await observer.metrics(), "prometheus");
		return sumOf(seen, "phoenix_gateway_access_log_dropped_lines_total", { reason: "not-written" }) === 30;
	});
	expect(await observer.setAccessLog(null)).toMatchObject({ written: 0, failure: expect.stringContaining("ENOSPC") });
	await gate.end();
	await legacy.close();
});
