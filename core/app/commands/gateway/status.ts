import { join } from "node:path";
import type { GatewayStats } from "../../../contract/traffic.ts";
import { openGatewayControl } from "../../../gateway/control/index.ts";
import { type Command, stateDir, wrongUsage } from "../command.ts";
import { countsText } from "../traffic-words.ts";

export const statusCommand: Command = {
	usage: "status",
	about: "What the gateway has served so far, who answered, what was copied and what was given up, and whether the kill switch is on.",
	options: { state: "string" },
	async run(input) {
		if (input.positionals.length > 0) wrongUsage();
		const stats = await openGatewayControl(join(stateDir(input), "gateway")).stats();
		console.log(input.json ? JSON.stringify(stats) : linesOf(stats).join("\n"));
		return 0;
	},
};

function linesOf(stats: GatewayStats): string[] {
	const { byArm, copies, panic } = stats;
	const lines = [
		`Plan ${stats.planVersion}, process ${stats.pid}.${panic === null ? "" : ` The kill switch is on: ${panic.reason}.`}`,
		`${stats.requests} requests: legacy ${byArm.legacy}, new services ${byArm.modern}, legacy after a failure ${byArm.failover}; ${stats.openRequests} open.`,
		`${stats.clientErrors} of them failed for the client.`,
		`${stats.mirrored} to be compared${lost(stats.dropped)}.`,
	];
	const { workers = [], workerDeaths = 0 } = stats;
	if (workers.length > 1 || workerDeaths > 0) {
		lines.push(
			`${workers.length} ${workers.length === 1 ? "worker serves" : "workers serve"}; ${workerDeaths} ended unasked and were replaced.`,
		);
		for (const { pid, requests, openRequests } of workers)
			lines.push(`  process ${pid}: ${requests} requests since it began, ${openRequests} open`);
	}
	if (copies)
		lines.push(`${copies.taken} copies sent by the gateway itself, ${copies.delivered} answers handed over${lost(copies.dropped)}.`);
	for (const [address, { state, inFlight, sent, answered, failed }] of Object.entries(stats.mirrors ?? {}))
		lines.push(`  ${address}: breaker ${state}, ${inFlight} under way, ${sent} sent, ${answered} answered, ${failed} failed`);
	for (const [address, { state, ejected }] of Object.entries(stats.ejections ?? {}))
		lines.push(`  ${address} was left out ${ejected} times because it failed; now ${state}`);
	if (Object.keys(stats.streams ?? {}).length > 0) lines.push(`Streams: ${countsText(stats.streams ?? {})}.`);
	return lines;
}

const lost = (dropped: Readonly<Record<string, number>>): string =>
	Object.keys(dropped).length === 0 ? ", none dropped" : `; dropped: ${countsText(dropped)}`;
