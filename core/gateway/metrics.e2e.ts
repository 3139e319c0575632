import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { openGatewayObserver } from "./control/index.ts";
import { ask, askRaw, startLoad } from "./testing/client.ts";
import { readExposition, sumOf } from "./testing/exposition-text.ts";
import { nextPlan, startGateway, until } from "./testing/gateway.ts";
import { findPromtool, promtool } from "./testing/promtool.ts";
import { freePort, startUpstream } from "./testing/upstream.ts";

const duration = "http_server_request_duration_seconds";
const workerOf = (stateDir: string) =>
	(JSON.parse(readFileSync(join(stateDir, "gateway.json"), "utf8")) as { workerPid: number }).workerPid;
const openMetrics = "application/openmetrics-text; version=1.0.0";

test("[O1][O2][O3][O7] every request is counted once, by route, arm and status, in both formats, over HTTP and over the control socket", async () => {
	const legacy = await startUpstream((message, answer) => {
		message.resume().on("end", () => {
			if (message.url === "/missing") answer.writeHead(404);
			answer.end("12345");
		});
	});
	const modern = await startUpstream((message, answer) => {
		message.resume().on("end", () => {
			if (message.url?.startsWith("/fails")) answer.writeHead(500);
			answer.end("1234567");
		});
	});
	const metrics = { host: "127.0.0.1", port: await freePort() };
	const gate = await startGateway(legacy.address, { metrics });
	// Whether legacy is there was asked past the gateway.
	const probes = legacy.connects();
	await gate.gateway.setPlan(
		nextPlan(gate.gateway, legacy.address, {
			"GET /shadow": { kind: "shadow", percent: 50 },
			"POST /new": { kind: "modern", upstream: modern.address, failover: "unsent" },
			"GET /fails": { kind: "canary", weight: 100, upstream: modern.address, failover: "always" },
			"GET /account/{id}": { kind: "modern", upstream: modern.address, failover: "always" },
		}),
	);
	for (let n = 0; n < 10; n++) await ask(gate.port, { path: "/shadow" });
	for (let n = 0; n < 4; n++) await ask(gate.port, { method: "POST", path: "/new", body: "abc" });
	for (let n = 0; n < 3; n++) await ask(gate.port, { path: "/fails" });
	for (let n = 0; n < 2; n++) await ask(gate.port, { path: "/missing" });
	for (let n = 0; n < 5; n++) await ask(gate.port, { path: `/account/${n}` });
	await askRaw(gate.port, "GET / HTTP/1.1\nHost: a\n\n");
	await until(() => gate.seen.length === 24);

	const fetched = await ask(metrics.port, { path: "/metrics" });
	expect(fetched.status).toBe(200);
	expect(fetched.headers).toContain("text/plain; version=0.0.4; charset=utf-8");
	const text = fetched.body.toString("utf8");
	const seen = readExposition(text, "prometheus");
	expect(seen.types.get(duration)).toBe("histogram");
	expect(sumOf(seen, `${duration}_count`)).toBe(24);
	expect(sumOf(seen, `${duration}_count`, { route: "GET /shadow", arm: "legacy", http_route: "/shadow" })).toBe(10);
	expect(sumOf(seen, `${duration}_count`, { route: "POST /new", arm: "modern", http_request_method: "POST" })).toBe(4);
	expect(sumOf(seen, `${duration}_count`, { route: "GET /fails", arm: "failover" })).toBe(3);
	expect(sumOf(seen, `${duration}_count`, { http_route: "/account/{id}" })).toBe(5);
	expect(sumOf(seen, "phoenix_gateway_requests_total", { route: "-", status_class: "4xx" })).toBe(2);
	expect(sumOf(seen, "phoenix_gateway_requests_total", { status_class: "2xx" })).toBe(22);
	expect(sumOf(seen, "phoenix_gateway_request_body_bytes_total")).toBe(12);
	expect(sumOf(seen, "phoenix_gateway_response_body_bytes_total", { arm: "modern" })).toBe(9 * 7);
	expect(sumOf(seen, "phoenix_gateway_failovers_total")).toBe(3);
	expect(sumOf(seen, "phoenix_gateway_refused_requests_total", { reason: "bareLf" })).toBe(1);
	expect(sumOf(seen, "phoenix_gateway_mirrored_exchanges_total")).toBe(5);
	expect(sumOf(seen, "phoenix_gateway_client_connections_total")).toBe(25);
	expect(sumOf(seen, "phoenix_gateway_upstream_connects_total", { server_port: String(legacy.port) })).toBe(legacy.connects() - probes);
	expect(sumOf(seen, "phoenix_gateway_plan_version")).toBe(gate.gateway.plan().version);
	expect(sumOf(seen, "phoenix_gateway_canary_weight_ratio", { route: "GET /fails" })).toBe(1);
	expect(sumOf(seen, "phoenix_gateway_kill_switch")).toBe(0);
	expect(sumOf(seen, "phoenix_gateway_workers")).toBe(1);
	expect(sumOf(seen, "process_resident_memory_bytes", { process: "worker-0" })).toBeGreaterThan(1e7);
	// Nothing that a client chose is a label.
	expect(text).not.toMatch(/missing|account\/[0-9]/);

	await gate.gateway.panic("test");
	// The event loops' delay is followed since the last look.
	await delay(100);
	const asked = await ask(metrics.port, { path: "/metrics", headers: { Accept: `${openMetrics},text/plain;q=0.5` } });
	expect(asked.headers.join(" ")).toContain(openMetrics);
	const open = readExposition(asked.body.toString("utf8"), "openmetrics");
	expect(sumOf(open, "phoenix_gateway_kill_switch")).toBe(1);
	expect(open.samples.filter(({ name }) => name.startsWith("nodejs_eventloop_delay_p99")).map(({ labels }) => labels.process)).toEqual([
		"supervisor",
		"worker-0",
	]);
	expect(readExposition(await openGatewayObserver(gate.stateDir).metrics(), "prometheus").types.size).toBeGreaterThan(35);
	expect((await ask(metrics.port, { path: "/" })).status).toBe(404);
	expect((await ask(metrics.port, { path: "/metrics", method: "POST" })).status).toBe(405);

	const tool = findPromtool();
	if (tool === null) console.warn("promtool (Debian: prometheus) is missing: the text was only read by the test's own parser");
	else expect(promtool(tool, ["check", "metrics"], text)).toBe("");
	await gate.end();
	await Promise.all([legacy.close(), modern.close()]);
});

test("[O4] counters go on over the death of a worker, and what died with it is counted", async () => {
	const legacy = await startUpstream((_message, answer) => void answer.end("ok"));
	const gate = await startGateway(legacy.address);
	const observer = openGatewayObserver(gate.stateDir);
	const read = async () => readExposition(await observer.metrics(), "prometheus");
	for (let n = 0; n < 20; n++) await ask(gate.port);
	await until(async () => sumOf(await read(), `${duration}_count`) === 20);
	for (let n = 0; n < 30; n++) await ask(gate.port);
	await until(async () => (await gate.gateway.stats()).requests === 50);
	const before = await gate.gateway.stats();
	const workerPid = workerOf(gate.stateDir);
	process.kill(workerPid, "SIGKILL");
	await until(async () => (await ask(gate.port).catch(() => null))?.status === 200);
	let after = await read();
	await until(async () => {
		after = await read();
		return sumOf(after, `${duration}_count`) + sumOf(after, "phoenix_gateway_unattributed_requests_total") >= 51;
	});
	expect(before.requests).toBe(50);
	const attributed = sumOf(after, `${duration}_count`);
	const lost = sumOf(after, "phoenix_gateway_unattributed_requests_total");
	expect([attributed + lost, lost]).toEqual([51, 30]);
	expect(sumOf(after, "phoenix_gateway_worker_exits_total")).toBe(1);
	expect(sumOf(after, "phoenix_gateway_upstream_connects_total")).toBeLessThan(legacy.connects());
	await gate.end();
	await legacy.close();
});

test("[O5] a worker that stands still does not hold a scrape up, and its age is told", async () => {
	const legacy = await startUpstream((_message, answer) => void answer.end("ok"));
	const gate = await startGateway(legacy.address);
	const observer = openGatewayObserver(gate.stateDir);
	await ask(gate.port);
	await observer.metrics();
	const workerPid = workerOf(gate.stateDir);
	process.kill(workerPid, "SIGSTOP");
	await delay(1_000);
	const began = performance.now();
	const seen = readExposition(await observer.metrics(), "prometheus");
	expect(performance.now() - began).toBeLessThan(1_000);
	expect(sumOf(seen, "phoenix_gateway_worker_report_age_seconds")).toBeGreaterThan(0.9);
	expect(sumOf(seen, `${duration}_count`)).toBe(1);
	process.kill(workerPid, "SIGCONT");
	await gate.end();
	await legacy.close();
});

test("[O6] 600 routes under load: at most 500 are told apart, no client waits, no request is missing", async () => {
	const legacy = await startUpstream((_message, answer) => void answer.end("ok"));
	const gate = await startGateway(legacy.address);
	const routes = Array.from({ length: 600 }, (_, n) => [`GET /r${n}`, { kind: "legacy" as const }] as const);
	await gate.gateway.setPlan(nextPlan(gate.gateway, legacy.address, Object.fromEntries(routes)));
	const observer = openGatewayObserver(gate.stateDir);
	const load = startLoad(
		gate.port,
		600,
		8,
		(n) => ({ path: `/r${n % 600}` }),
		({ status }) => status === 200,
	);
	for (let n = 0; n < 10; n++) await Promise.all([observer.metrics(), observer.metrics("openmetrics"), delay(150)]);
	const { sent, errors, longestMs } = await load.stop();
	expect(errors).toEqual([]);
	expect(longestMs).toBeLessThan(5_000);
	await until(async () => sumOf(readExposition(await observer.metrics(), "prometheus"), `${duration}_count`) === sent);
	const seen = readExposition(await observer.metrics(), "prometheus");
	expect(sumOf(seen, `${duration}_count`)).toBe(sent);
	expect(sumOf(seen, `${duration}_count`, { route: "(other)" })).toBeGreaterThan(0);
	expect(seen.samples.filter(({ name }) => name === `${duration}_count`)).toHaveLength(501);
	await gate.end();
	await legacy.close();
});
