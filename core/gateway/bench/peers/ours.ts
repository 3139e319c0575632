import type { ChildProcess } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { PlannedRoute, RouteMode } from "../../../contract/traffic.ts";
import { openGateway, openGatewayControl } from "../../control/index.ts";
import { readLease, stateFiles } from "../../hot/index.ts";
import { createStateDir } from "../../testing/gateway.ts";
import { freePort } from "../../testing/upstream.ts";
import { path } from "../load/load.ts";
import type { Consumed } from "../our-core.ts";
import { end, forkOn, otherCores, proxyCore } from "../processes.ts";
import type { Peer } from "./peer.ts";

export type OurPeer = Peer & { stateDir: string; workerPid(): number };

const program = fileURLToPath(new URL("../our-core.ts", import.meta.url));

/** The same mode for what every workload asks. */
export function routesWith(mode: RouteMode): PlannedRoute[] {
	return ["GET", "POST"].map((method) => ({ id: `${method} ${path}`, method, path, mode }));
}

/** Runs a core on these cores until it is ready. */
export async function startCore(cores: string, args: readonly string[]): Promise<ChildProcess> {
	return (await forkOn(cores, program, args)).child;
}

/** The gateway as it serves without a core: both its processes on the proxies' core. */
export async function startOurs(name: string, legacyPort: number, routes: readonly PlannedRoute[]): Promise<OurPeer> {
	const stateDir = createStateDir();
	const port = await freePort();
	const opener = await startCore(proxyCore, ["open", stateDir, String(port), String(legacyPort), JSON.stringify(routes)]);
	await end(opener);
	const lease = () => readLease(stateFiles(stateDir).lease);
	const workerPid = () => lease()?.workerPid ?? 0;
	return {
		name,
		port,
		stateDir,
		workerPid,
		pids: () => [lease()?.pid ?? 0, workerPid()],
		async end() {
			const gateway = await openGateway({ stateDir, port, legacy: { host: "127.0.0.1", port: legacyPort } });
			await gateway.stop({ drainMs: 500 });
			rmSync(stateDir, { recursive: true, force: true });
		},
	};
}

/**
 * The gateway with everything mirrored, and a core on the other cores that takes and decodes every exchange. With a `shadow` the gateway
 * sends the copies itself, on its own core, and the core takes the shadow's answers too.
 */
export async function startOursShadowing(
	name: string,
	legacyPort: number,
	shadow?: { host: string; port: number },
): Promise<OurPeer & Required<Pick<Peer, "consumer">>> {
	const mirror = shadow === undefined ? {} : { mirror: { upstream: shadow } };
	const routes = routesWith({ kind: "shadow", percent: 100, ...mirror });
	const ours = await startOurs(name, legacyPort, routes);
	const core = await startCore(otherCores, ["subscribe", ours.stateDir, String(ours.port), String(legacyPort), JSON.stringify(routes)]);
	const control = openGatewayControl(ours.stateDir);
	const consumed = () =>
		new Promise<Consumed>((resolve) => {
			core.once("message", (message) => resolve(message as Consumed));
			core.send("count");
		});
	let before = { delivered: 0, dropped: 0 };
	return {
		...ours,
		consumer: {
			pid: core.pid ?? 0,
			async account() {
				const { mirrored } = await consumed();
				const { dropped } = await control.stats();
				const now = { delivered: mirrored, dropped: Object.values(dropped).reduce((sum, count) => sum + count, 0) };
				const since = { delivered: now.delivered - before.delivered, dropped: now.dropped - before.dropped };
				before = now;
				return since;
			},
		},
		async end() {
			await end(core);
			await ours.end();
		},
	};
}
