import { fileURLToPath } from "node:url";
import type { PlannedRoute } from "../../../contract/traffic.ts";
import { load, path, workloads } from "../load/load.ts";
import { startNginx } from "../peers/nginx.ts";
import { startOurs } from "../peers/ours.ts";
import type { Peer } from "../peers/peer.ts";
import { end, forkOn, otherCores } from "../processes.ts";
import { type Row, rowOf } from "../row.ts";
import type { Setting } from "../setting.ts";
import { table } from "../table.ts";
import { measureOnce, measureRates } from "./rates.ts";

export type Growth = { routes: Row[]; idle: Row[] };

const counts = [1, 10, 100, 1_000];
const idleConnections = 10_000;
const idleProgram = fileURLToPath(new URL("../load/idle-connections.ts", import.meta.url));

/** What more routes, and clients that only hold their connections, cost. */
export async function runGrowth(setting: Setting): Promise<Growth> {
	const routes = await withRoutes(setting);
	return { routes, idle: await withIdle(setting) };
}

/** Half of the routes have a variable in their path; the one that is asked for is the last. */
function plan(count: number): PlannedRoute[] {
	const routes: PlannedRoute[] = [];
	for (let index = 1; index < count; index++) {
		const id = `GET /bench/${index % 2 === 0 ? `{id}/part${index}` : `item${index}`}`;
		routes.push({ id, method: "GET", path: id.slice(4), mode: { kind: "legacy" } });
	}
	return [...routes, { id: `GET ${path}`, method: "GET", path, mode: { kind: "legacy" } }];
}

async function withRoutes({ legacy, options, say }: Setting): Promise<Row[]> {
	const [workload] = workloads;
	if (workload === undefined) return [];
	say("Measuring with 1 to 1,000 routes.");
	const peers: Peer[] = [];
	try {
		for (const count of counts) peers.push(await startOurs(`${count} route${count === 1 ? "" : "s"}`, legacy.port, plan(count)));
		const rows = await measureRates(peers, workload, 64, options.pace);
		console.log(`\n${table(`${workload.name}, 64 connections`, rows)}`);
		return rows;
	} finally {
		for (const peer of peers) await peer.end();
	}
}

async function withIdle({ dir, legacy, shadow, missing, options, say }: Setting): Promise<Row[]> {
	const [workload] = workloads;
	if (workload === undefined) return [];
	say(`Measuring with ${idleConnections} idle connections.`);
	const backends = { legacy: legacy.port, shadow: shadow.port };
	const peers: Peer[] = [await startOurs("ours", legacy.port, plan(1))];
	if (!missing.includes("nginx")) peers.push(await startNginx(dir, backends, false));
	const rows: Row[] = [];
	try {
		for (const peer of peers) {
			await load(peer.port, workload, 64, options.pace.warmUp);
			rows.push(await rowWith(peer, 0, options.pace));
			rows.push(await rowWith(peer, idleConnections, options.pace));
		}
		console.log(`\n${table(`${workload.name}, 64 connections, and idle ones`, rows)}`);
		return rows;
	} finally {
		for (const peer of peers) await peer.end();
	}

	async function rowWith(peer: Peer, idle: number, { rounds, seconds }: typeof options.pace): Promise<Row> {
		if (workload === undefined) throw new Error("there is no load");
		const holder = idle === 0 ? null : await hold(peer.port, idle);
		const measured = [];
		for (let round = 0; round < rounds; round++) measured.push(await measureOnce(peer, workload, 64, seconds));
		if (holder) await end(holder);
		return rowOf({ ...peer, name: `${peer.name}, ${idle.toLocaleString("en")} idle` }, measured, undefined);
	}
}

/** A process that holds so many connections, each of which has had one answer. */
async function hold(port: number, count: number) {
	const { child, word } = await forkOn(otherCores, idleProgram, [String(port), String(count)]);
	if (word !== count) throw new Error(`only ${word} of ${count} idle connections could be opened`);
	return child;
}
