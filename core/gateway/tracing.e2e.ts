import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { ask, startLoad } from "./testing/client.ts";
import { readExposition, sumOf } from "./testing/exposition-text.ts";
import { nextPlan, startGateway, type TestGateway, until } from "./testing/gateway.ts";
import { type ReceivedSpan, startOtlpReceiver } from "./testing/otlp-receiver.ts";
import { startUpstream } from "./testing/upstream.ts";

const SERVER = 2;
const CLIENT = 3;
const caller = { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7" };
const parentLine = (flags: string) => `00-${caller.traceId}-${caller.spanId}-${flags}`;
const linesOf = ({ rawHeaders }: IncomingMessage, name: string) =>
	rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
const lost = async ({ gateway }: TestGateway, reason: string) =>
	sumOf(readExposition(await gateway.observer.metrics(), "prometheus"), "phoenix_gateway_dropped_traces_total", { reason });

test("[X1][X2][X3][X4] off it passes the client's lines on; on it makes spans of a request and of each upstream asked, and tells the upstream", async () => {
	const seen: { server: string; parents: string[]; states: string[] }[] = [];
	const upstream = (server: string, status: number) =>
		startUpstream((message, answer) => {
			seen.push({ server, parents: linesOf(message, "traceparent"), states: linesOf(message, "tracestate") });
			answer.writeHead(status).end("ok");
		});
	const [legacy, modern] = [await upstream("legacy", 200), await upstream("modern", 500)];
	const receiver = await startOtlpReceiver();
	const gate = await startGateway(legacy.address);
	await gate.gateway.setPlan(
		nextPlan(gate.gateway, legacy.address, {
			"GET /account/{id}": { kind: "modern", upstream: modern.address, failover: "always" },
		}),
	);
	seen.length = 0;
	const { observer } = gate.gateway;
	const asked = { traceparent: parentLine("01"), tracestate: "vendor=1" };
	await ask(gate.port, { path: "/off", headers: asked });
	expect(seen.splice(0)).toEqual([{ server: "legacy", parents: [asked.traceparent], states: ["vendor=1"] }]);

	await observer.setTracing({ endpoint: receiver.endpoint, ratio: 0, headers: { "X-Key": "of the receiver" } });
	await ask(gate.port, { path: "/unsampled", headers: { traceparent: parentLine("00") } });
	await ask(gate.port, { path: "/none" });
	expect(seen.splice(0).map(({ parents }) => parents)).toEqual([[parentLine("00")], []]);

	await ask(gate.port, { path: "/account/DE4711?pin=1", headers: asked });
	await until(() => receiver.spans.length === 3);
	const [server, failed, served] = receiver.spans as [ReceivedSpan, ReceivedSpan, ReceivedSpan];
	expect(receiver.mistakes).toEqual([]);
	expect(receiver.headers[0]).toMatchObject({ "x-key": "of the receiver" });
	expect(seen.map(({ server: name, parents, states }) => [name, parents, states])).toEqual([
		["modern", [`00-${caller.traceId}-${failed.spanId}-01`], ["vendor=1"]],
		["legacy", [`00-${caller.traceId}-${served.spanId}-01`], ["vendor=1"]],
	]);
	expect(server).toMatchObject({
		...{ traceId: caller.traceId, parentSpanId: caller.spanId, kind: SERVER, status: 0 },
		name: "GET /account/{id}",
	});
	expect(server.attributes).toMatchObject({
		...{ "http.request.method": "GET", "http.route": "/account/{id}", "http.response.status_code": 200, "url.path": "/account/{id}" },
		...{ "client.address": "127.0.0.1", "network.protocol.version": "1.1", "phoenix.arm": "failover", "phoenix.failover": true },
		...{ "phoenix.decision": "modern", "phoenix.plan.version": gate.gateway.plan().version, "phoenix.mirrored": false },
	});
	expect(failed).toMatchObject({
		...{ traceId: caller.traceId, parentSpanId: server.spanId, kind: CLIENT, status: 2 },
		message: "modern: status 500",
	});
	expect(failed.attributes).toMatchObject({ "server.port": modern.port, "phoenix.arm": "modern" });
	expect(served).toMatchObject({ traceId: caller.traceId, parentSpanId: server.spanId, kind: CLIENT, status: 0 });
	expect(served.attributes).toMatchObject({ "server.port": legacy.port, "http.response.status_code": 200 });
	expect(served.attributes["error.type"]).toBeUndefined();
	expect([server.start <= failed.start, failed.end <= served.start, served.end <= server.end]).toEqual([true, true, true]);
	expect(JSON.stringify(receiver.spans, (_, value) => (typeof value === "bigint" ? String(value) : value))).not.toMatch(/4711|pin/);

	// Whoever sends nonsense begins a trace of the gateway's own; by then everybody is sampled.
	await observer.setTracing({ endpoint: receiver.endpoint, ratio: 1, headers: {} });
	receiver.spans.length = 0;
	seen.length = 0;
	for (const line of [`00-${"0".repeat(32)}-${caller.spanId}-01`, "00-1-2-01", `ff-${caller.traceId}-${caller.spanId}-01`])
		await ask(gate.port, { path: "/root", headers: { traceparent: line } });
	await until(() => receiver.spans.length === 6);
	const roots = receiver.spans.filter(({ kind }) => kind === SERVER);
	expect(roots.map(({ parentSpanId }) => parentSpanId)).toEqual(["", "", ""]);
	expect(new Set(roots.map(({ traceId }) => traceId)).size).toBe(3);
	expect(seen.map(({ parents }) => parents.length)).toEqual([1, 1, 1]);

	expect(await observer.setTracing(null)).toMatchObject({ exported: 3, failure: null });
	seen.length = 0;
	await ask(gate.port, { path: "/off", headers: asked });
	expect(seen.map(({ parents }) => parents)).toEqual([[asked.traceparent]]);
	expect(receiver.mistakes).toEqual([]);
	await gate.end();
	await Promise.all([legacy.close(), modern.close(), receiver.close()]);
});

test("[X5][X6] a receiver that is busy is asked again, one that refuses or hangs costs traces and no client's time, and a worker's successor traces on", async () => {
	const legacy = await startUpstream((_message, answer) => void answer.end("ok"));
	const receiver = await startOtlpReceiver();
	const gate = await startGateway(legacy.address);
	const { observer } = gate.gateway;
	await observer.setTracing({ endpoint: receiver.endpoint, ratio: 1, headers: {} });
	receiver.answer = { status: 503, headers: { "Retry-After": "1" } };
	for (let n = 0; n < 5; n++) await ask(gate.port);
	await until(() => receiver.requests() >= 1);
	receiver.answer = { status: 200 };
	await until(() => receiver.spans.length === 10);

	receiver.answer = { status: 400 };
	await ask(gate.port);
	await until(async () => (await lost(gate, "rejected")) === 1);
	receiver.answer = { status: 200, body: '{"partialSuccess":{"rejectedSpans":"1","errorMessage":"one too many"}}' };
	await ask(gate.port);
	await until(async () => (await lost(gate, "rejected")) === 2);

	// From here on it takes connections and says nothing; the queue fills, and what is above it is dropped and counted.
	receiver.answer = null;
	const load = startLoad(
		gate.port,
		1_500,
		32,
		() => ({ path: "/" }),
		({ status }) => status === 200,
	);
	await until(async () => (await lost(gate, "queue-full")) > 100, 30_000);
	const { workerPid } = JSON.parse(readFileSync(join(gate.stateDir, "gateway.json"), "utf8")) as { workerPid: number };
	const { sent, errors, longestMs } = await load.stop();
	expect(errors).toEqual([]);
	expect(sent).toBeGreaterThan(2_048);
	expect(longestMs).toBeLessThan(5_000);
	process.kill(workerPid, "SIGKILL");
	await until(async () => (await ask(gate.port).catch(() => null))?.status === 200);

	receiver.answer = { status: 200 };
	receiver.spans.length = 0;
	await observer.setTracing(null);
	await observer.setTracing({ endpoint: receiver.endpoint, ratio: 1, headers: {} });
	receiver.spans.length = 0;
	await delay(50);
	await ask(gate.port);
	await until(() => receiver.spans.length === 2);
	expect(receiver.mistakes).toEqual([]);
	await gate.end();
	await Promise.all([legacy.close(), receiver.close()]);
});
