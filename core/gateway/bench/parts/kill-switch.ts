import { setTimeout as delay } from "node:timers/promises";
import { openGatewayControl } from "../../control/index.ts";
import { readLease, stateFiles } from "../../hot/index.ts";
import { percentile } from "../figures.ts";
import { monotonicMs } from "../load/backend.ts";
import { load, workloads } from "../load/load.ts";
import { type OurPeer, routesWith, startCore, startOurs } from "../peers/ours.ts";
import { end, otherCores } from "../processes.ts";
import type { Setting } from "../setting.ts";

export type KillSwitch = { presses: number; p50Ms: number; p99Ms: number; longestMs: number; errors: number; perSecond: number };

/**
 * Under full load on 64 connections, with no core alive: from the press to the last request that comes to the new service, by the clock of
 * the service itself. The press is by the control socket and by signal in turn; between two presses a core lives for as long as it takes
 * to set a plan, and is killed.
 */
export async function runKillSwitch({ legacy, shadow: modern, options, say }: Setting): Promise<KillSwitch> {
	const [workload] = workloads;
	if (workload === undefined) throw new Error("there is no load");
	say(`Pressing the kill switch ${options.presses} times under full load.`);
	const routes = routesWith({ kind: "modern", upstream: modern.address, failover: "always" });
	const ours = await startOurs("ours", legacy.port, routesWith({ kind: "legacy" }));
	const times: number[] = [];
	const over = new AbortController();
	const loading = load(ours.port, workload, 64, 3_600, undefined, over.signal);
	try {
		for (let press = 0; press < options.presses; press++) {
			const core = await startCore(otherCores, [
				"subscribe",
				ours.stateDir,
				String(ours.port),
				String(legacy.port),
				JSON.stringify(routes),
			]);
			await end(core);
			// Until the new service has all of the load, and the gateway knows that nobody listens.
			await delay(2_300);
			times.push(await pressOnce(ours, modern.seen, press % 2 === 0));
			await openGatewayControl(ours.stateDir).clearPanic();
		}
	} finally {
		over.abort();
	}
	const { errors, perSecond } = await loading;
	await ours.end();
	const result = {
		presses: times.length,
		p50Ms: percentile(times, 0.5),
		p99Ms: percentile(times, 0.99),
		longestMs: Math.max(...times),
		errors,
		perSecond,
	};
	const figures = `p50 ${result.p50Ms.toFixed(1)} ms, p99 ${result.p99Ms.toFixed(1)} ms, longest ${result.longestMs.toFixed(1)} ms`;
	console.log(
		`\nKill switch, core dead, ${perSecond.toFixed(0)} req/s on 64 connections, ${times.length} presses: ${figures}; ${errors} errors`,
	);
	return result;
}

async function pressOnce(ours: OurPeer, seen: () => { requests: number; lastAt: number }, bySocket: boolean): Promise<number> {
	const busy = seen().requests;
	await delay(50);
	if (seen().requests === busy) throw new Error("the new service has no traffic before the press");
	const pressedAt = monotonicMs();
	if (bySocket) await openGatewayControl(ours.stateDir).panic("bench");
	else process.kill(readLease(stateFiles(ours.stateDir).lease)?.pid ?? 0, "SIGUSR2");
	await delay(700);
	const { requests, lastAt } = seen();
	await delay(100);
	if (seen().requests !== requests) throw new Error("the new service still has traffic after the press");
	return Math.max(0, lastAt - pressedAt);
}
