import { setTimeout as delay } from "node:timers/promises";
import { ratio } from "../figures.ts";
import { workloads } from "../load/load.ts";
import { routesWith, startOurs, startOursShadowing } from "../peers/ours.ts";
import type { Row } from "../row.ts";
import type { Setting } from "../setting.ts";
import { table } from "../table.ts";
import { measureRates } from "./rates.ts";

export type Trouble = { rows: Row[]; hungVsOff: number | null; downVsOff: number | null };

const names = { off: "shadow off", hung: "shadow hung", down: "shadow gone" };

/**
 * What a broken consumer costs the clients. Hung: the process that takes the exchanges is stopped with everything open; gone: it is killed.
 * Both happen under load, which goes on in the warm-up until the gateway has noticed.
 */
export async function runTrouble({ legacy, options, say }: Setting): Promise<Trouble> {
	const [workload] = workloads;
	if (workload === undefined) throw new Error("there is no load");
	say("Measuring with the shadow hung and gone.");
	const off = await startOurs(names.off, legacy.port, routesWith({ kind: "legacy" }));
	const hung = await startOursShadowing(names.hung, legacy.port);
	const down = await startOursShadowing(names.down, legacy.port);
	try {
		process.kill(hung.consumer.pid, "SIGSTOP");
		process.kill(down.consumer.pid, "SIGKILL");
		// Longer than the gateway waits for a core to come back.
		await delay(2_500);
		const peers = [off, hung, down].map(({ consumer: _, ...peer }: typeof off) => peer);
		const rows = await measureRates(peers, workload, 64, { ...options.pace, warmUp: options.pace.warmUp + 2 });
		for (const row of rows) row.ofNginx = null;
		console.log(`\n${table(`${workload.name}, 64 connections`, rows)}`);
		const rateOf = (name: string) => rows.find(({ peer }) => peer === name)?.perSecond;
		return {
			rows,
			hungVsOff: ratio(rateOf(names.hung), rateOf(names.off)),
			downVsOff: ratio(rateOf(names.down), rateOf(names.off)),
		};
	} finally {
		process.kill(hung.consumer.pid, "SIGCONT");
		for (const peer of [off, hung, down]) await peer.end();
	}
}
