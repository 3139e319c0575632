import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Exchange, RouteMode, RoutePlan, Upstream } from "../../contract/traffic.ts";
import { compilePlan, type Gateway, type GatewayOptions, openGateway, type PlannedRoute } from "../control/index.ts";
import { freePort } from "./upstream.ts";

export type TestGateway = { gateway: Gateway; stateDir: string; port: number; seen: Exchange[]; end(): Promise<void> };

/** A whole gateway, two real processes, in a directory of its own; everything it saw is in `seen`. */
export async function startGateway(legacy: Upstream, options: Partial<GatewayOptions> = {}): Promise<TestGateway> {
	const stateDir = options.stateDir ?? createStateDir();
	const port = options.port ?? (await freePort());
	const gateway = await openGateway({ stateDir, port, legacy, ...options });
	const seen: Exchange[] = [];
	gateway.onExchanges((items) => seen.push(...items));
	return {
		gateway,
		stateDir,
		port,
		seen,
		async end() {
			await gateway.stop({ drainMs: 1_000 });
			rmSync(stateDir, { recursive: true, force: true });
		},
	};
}

export function createStateDir(): string {
	return mkdtempSync(join(tmpdir(), "phoenix-gateway-"));
}

/** The next plan after the gateway's own, with these routes. */
export function nextPlan(gateway: Gateway, legacy: Upstream | null, routes: Record<string, RouteMode>): RoutePlan {
	const planned: PlannedRoute[] = Object.entries(routes).map(([key, mode]) => {
		const [method = "", path = ""] = key.split(" ");
		return { routeId: key, method, path, mode };
	});
	const { version, idempotencyHeader } = gateway.plan();
	return compilePlan({ version: version + 1, legacy, idempotencyHeader, routes: planned, reason: "test" });
}

export async function until(isSo: () => boolean | Promise<boolean>, limitMs = 20_000): Promise<void> {
	const end = performance.now() + limitMs;
	while (!(await isSo())) {
		if (performance.now() > end) throw new Error(`not so within ${limitMs} ms: ${isSo}`);
		await delay(10);
	}
}
