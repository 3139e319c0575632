import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openGatewayObserver } from "./control/index.ts";
import { ask } from "./testing/client.ts";
import { findPromtool, promtool, readExposition } from "./testing/exposition-text.ts";
import { nextPlan, startGateway } from "./testing/gateway.ts";
import { startUpstream } from "./testing/upstream.ts";

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
	const legacy = await startUpstream((_message, answer) => void answer.end("ok"));
	const gate = await startGateway(legacy.address);
	await gate.gateway.setPlan(nextPlan(gate.gateway, legacy.address, { "GET /a": { kind: "shadow", percent: 100 } }));
	const observer = openGatewayObserver(gate.stateDir);
	await ask(gate.port, { path: "/a" });
	await observer.metrics();
	await delay(100);
	const { samples } = readExposition(await observer.metrics(), "prometheus");
	await gate.end();
	await legacy.close();
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
