import { ratio } from "../figures.ts";
import { load, type Workload, workloads } from "../load/load.ts";
import type { Pace } from "../pace.ts";
import { startPeers } from "../peers/index.ts";
import type { Peer } from "../peers/peer.ts";
import { cpuMicros, residentMb } from "../processes.ts";
import { profileUnder } from "../profile.ts";
import { type Round, type Row, rowOf } from "../row.ts";
import type { Setting } from "../setting.ts";
import { table } from "../table.ts";

export type RateTable = { load: Workload["id"]; connections: number; rows: Row[] };

/** Measures all of them in turn, round by round, so that what disturbs the machine disturbs all. The order turns with the rounds. */
export async function measureRates(peers: readonly Peer[], workload: Workload, connections: number, pace: Pace): Promise<Row[]> {
	const rounds = new Map<Peer, Round[]>(peers.map((peer) => [peer, []]));
	const accounts = new Map<Peer, { delivered: number; dropped: number }>();
	for (const peer of peers) {
		await load(peer.port, workload, connections, pace.warmUp);
		await peer.consumer?.account();
	}
	for (let round = 0; round < pace.rounds; round++) {
		for (let turn = 0; turn < peers.length; turn++) {
			const peer = peers[(turn + round) % peers.length] as Peer;
			rounds.get(peer)?.push(await measureOnce(peer, workload, connections, pace.seconds));
		}
	}
	for (const peer of peers) if (peer.consumer) accounts.set(peer, await peer.consumer.account());
	const rows = peers.map((peer) => rowOf(peer, rounds.get(peer) ?? [], accounts.get(peer)));
	return rows.map((row) => ({ ...row, ofNginx: ratio(row.perSecond, rows.find(({ peer }) => peer === "nginx")?.perSecond) }));
}

export async function measureOnce(peer: Peer, workload: Workload, connections: number, seconds: number): Promise<Round> {
	const pids = peer.pids();
	const consumer = peer.consumer ? [peer.consumer.pid] : [];
	const [before, consumerBefore] = [cpuMicros(pids), cpuMicros(consumer)];
	const result = await load(peer.port, workload, connections, seconds);
	const requests = Math.max(1, result.requests);
	return {
		...result,
		cpu: (cpuMicros(pids) - before) / requests,
		consumerCpu: (cpuMicros(consumer) - consumerBefore) / requests,
		memory: residentMb(pids),
	};
}

/** All proxies under all loads. */
export async function runRates(setting: Setting): Promise<{ rates: RateTable[]; absent: Record<string, string> }> {
	const { options, say } = setting;
	const { peers, absent } = await startPeers({ ...setting, wanted: options.peers });
	const rates: RateTable[] = [];
	try {
		for (const [name, reason] of Object.entries(absent)) console.log(`${name} is not measured: ${reason}`);
		for (const workload of workloads) {
			if (options.loads.length > 0 && !options.loads.includes(workload.id)) continue;
			for (const connections of options.connections) {
				const title = `${workload.name}, ${connections} connection${connections === 1 ? "" : "s"}`;
				say(`Measuring ${title}.`);
				const rows = await measureRates(peers, workload, connections, options.pace);
				rates.push({ load: workload.id, connections, rows });
				console.log(`\n${table(title, rows)}`);
				if (options.profile !== null) await profileUnder(peers, workload, connections, options.profile);
			}
		}
	} finally {
		for (const peer of peers) await peer.end();
	}
	return { rates, absent };
}
