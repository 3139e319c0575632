import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openGatewayObserver } from "./control/index.ts";
import { createAuthority } from "./testing/certificates.ts";
import { ask, askRaw } from "./testing/client.ts";
import { type ReadSample, readExposition } from "./testing/exposition-text.ts";
import { nextPlan, startGateway, until } from "./testing/gateway.ts";
import { findPromtool, promtool } from "./testing/promtool.ts";
import { startFrameServer } from "./testing/stream-gate.ts";
import { freePort, startUpstream } from "./testing/upstream.ts";

type Target = { expr?: string; legendFormat?: string };
type Panel = { id: number; title: string; type: string; targets?: Target[]; gridPos: { x: number; y: number; w: number; h: number } };
type Dashboard = { panels: Panel[]; annotations: { list: Target[] }; templating: { list: { query: string | { query: string } }[] } };

const assets = fileURLToPath(new URL("../../assets/grafana/", import.meta.url));
const dashboard = JSON.parse(readFileSync(join(assets, "phoenix-gateway.json"), "utf8")) as Dashboard;
const alerts = readFileSync(join(assets, "alerts.yml"), "utf8");
const expressions = [...dashboard.panels.flatMap(({ targets = [] }) => targets), ...dashboard.annotations.list].flatMap(
	({ expr = "" }) => expr,
);
const queries = dashboard.templating.list.map(({ query }) => (typeof query === "string" ? query : query.query));
const named = (text: string): string[] => text.match(/\b(phoenix_gateway|http_server|http_client|process|nodejs)_[a-z0-9_]+/g) ?? [];
const labels = new Set(["http_connection_state", "nodejs_eventloop_state", "http_request_method", "http_route"]);

test("[O8] every metric that the dashboard and the alerts name is in a real scrape, with the labels they ask for", async () => {
	const samples = await scrapeOfEverything();
	const known = new Set(samples.map(({ name }) => name));
	const knownLabels = new Set(samples.flatMap((sample) => Object.keys(sample.labels)));
	const asked = new Set([...expressions, ...queries, alerts].flatMap(named).filter((name) => !labels.has(name)));
	expect([...asked].filter((name) => !known.has(name))).toEqual([]);
	// The other way round: hardly anything is measured that nobody looks at.
	const families = new Set([...known].map((name) => name.replace(/_(bucket|sum|count)$/, "")));
	const unseen = [...families].filter((family) => ![...asked].some((name) => name.startsWith(family)));
	expect(unseen.sort()).toEqual([
		"phoenix_gateway_access_log_enabled",
		"phoenix_gateway_last_modern_request_timestamp_seconds",
		"phoenix_gateway_legacy_retired",
		"phoenix_gateway_route_info",
		"phoenix_gateway_tracing_enabled",
		"process_start_time_seconds",
	]);
	const grouped = expressions.flatMap((text) =>
		[...text.matchAll(/\b(?:by|without) \(([^)]*)\)/g)].flatMap(([, list = ""]) => list.split(/, */)),
	);
	expect(grouped.filter((label) => label !== "instance" && !knownLabels.has(label))).toEqual([]);
});

/** A gateway with all that it can carry: a mirror, an ejected service, messages over TCP, TLS with a handshake that fails. */
async function scrapeOfEverything(): Promise<ReadSample[]> {
	const legacy = await startUpstream((_message, answer) => void answer.end("ok"));
	const failing = await startUpstream((_message, answer) => void answer.writeHead(500).end());
	const echo = await startFrameServer((content, socket) => void socket.write(framed(content)));
	const authority = createAuthority();
	const { certFile, keyFile } = authority.issue(["127.0.0.1"]);
	const [secure, cards] = [await freePort(), await freePort()];
	const framing = { kind: "length", at: 0, size: 2, order: "big", counts: "rest", limit: 1_000 } as const;
	const gate = await startGateway(legacy.address, {
		limits: { ejectAfter: 3 },
		listeners: [
			{ kind: "http", id: "secure", host: "127.0.0.1", port: secure, tls: { certificates: [{ names: ["*"], certFile, keyFile }] } },
			{ kind: "tcp", id: "cards", host: "127.0.0.1", port: cards, framing, pairing: { kind: "order" } },
		],
	});
	const plan = nextPlan(gate.gateway, legacy.address, {
		"GET /a": { kind: "shadow", percent: 100, mirror: { upstream: failing.address } },
		"GET /new": { kind: "modern", upstream: failing.address, failover: "always" },
	});
	await gate.gateway.setPlan({ ...plan, streams: [{ id: "auth", listener: "cards", legacy: echo.address, mode: { kind: "legacy" } }] });
	for (const path of ["/a", "/new", "/new", "/new", "/new"]) await ask(gate.port, { path });
	await askRaw(secure, "GET / HTTP/1.1\r\n\r\n");
	const client = connect({ host: "127.0.0.1", port: cards });
	client.write(framed(Buffer.from("hello")));
	await new Promise((resolve) => client.once("data", resolve));
	client.destroy();
	const observer = openGatewayObserver(gate.stateDir);
	await observer.metrics();
	// A copy is sent by a thread, which tells of it a little later.
	const isTold = async () => (await observer.metrics()).includes("phoenix_gateway_shadow_requests_total{");
	await until(isTold, 10_000);
	await delay(100);
	const text = await observer.metrics();
	await gate.end();
	await Promise.all([legacy.close(), failing.close(), echo.close()]);
	authority.end();
	return readExposition(text, "prometheus").samples;
}

function framed(content: Buffer): Buffer {
	const head = Buffer.alloc(2);
	head.writeUInt16BE(content.length);
	return Buffer.concat([head, content]);
}

test("[O8] Prometheus' own checker accepts the alerts and every expression of the dashboard", () => {
	const tool = findPromtool();
	if (tool === null) {
		console.warn("promtool (Debian: prometheus) is missing: alerts and expressions were not checked");
		return;
	}
	expect(promtool(tool, ["check", "rules", join(assets, "alerts.yml")])).toBe("");
	const dir = mkdtempSync(join(tmpdir(), "phoenix-rules-"));
	const rules = expressions.map((expr, index) => ({
		record: `checked:${index}`,
		expr: expr.replaceAll("$__rate_interval", "5m").replaceAll(/\$(instance|route)/g, ".*"),
	}));
	const file = join(dir, "rules.yml");
	writeFileSync(file, JSON.stringify({ groups: [{ name: "dashboard", rules }] }));
	expect(promtool(tool, ["check", "rules", file])).toBe("");
	writeFileSync(file, JSON.stringify({ groups: [{ name: "dashboard", rules: [{ record: "wrong", expr: "sum(" }] }] }));
	expect(promtool(tool, ["check", "rules", file])).not.toBe("");
	rmSync(dir, { recursive: true });
});

test("panels of the dashboard do not overlap, and each has a number of its own", () => {
	const { panels } = dashboard;
	expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
	const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
		Array.from({ length: w * h }, (_, n) => `${x + (n % w)}:${y + Math.floor(n / w)}`),
	);
	expect(new Set(cells).size).toBe(cells.length);
	expect(Math.max(...panels.map(({ gridPos: { x, w } }) => x + w))).toBe(24);
});
