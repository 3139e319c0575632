import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { load, type Workload } from "./load/load.ts";
import type { Peer } from "./peers/peer.ts";

type Node = { id: number; callFrame: { functionName: string; url: string; lineNumber: number }; hitCount?: number };
type Profile = { nodes: Node[] };

const seconds = 4;
/** Where Node listens for a debugger after SIGUSR1. */
const inspector = "http://127.0.0.1:9229/json/list";

/** Profiles our worker under a load, over its inspector, without another word to its code; prints the dearest places. */
export async function profileUnder(peers: readonly Peer[], workload: Workload, connections: number, dir: string): Promise<void> {
	mkdirSync(dir, { recursive: true });
	for (const peer of peers) {
		if (!("workerPid" in peer) || typeof peer.workerPid !== "function") continue;
		const pid = peer.workerPid() as number;
		process.kill(pid, "SIGUSR1");
		await delay(300);
		const inspecting = await connectInspector();
		await inspecting.ask("Profiler.enable");
		await inspecting.ask("Profiler.setSamplingInterval", { interval: 200 });
		await inspecting.ask("Profiler.start");
		await load(peer.port, workload, connections, seconds);
		const { profile } = (await inspecting.ask("Profiler.stop")) as { profile: Profile };
		inspecting.close();
		const file = join(dir, `${peer.name.replace(/\W+/g, "-")}-${workload.id}-${connections}.cpuprofile`);
		writeFileSync(file, JSON.stringify(profile));
		console.log(`\n${peer.name}, ${workload.name}, ${connections} connections: the dearest places (${file})`);
		for (const line of dearest(profile)) console.log(line);
	}
}

function dearest({ nodes }: Profile): string[] {
	const hits = new Map<string, number>();
	let all = 0;
	for (const { callFrame, hitCount = 0 } of nodes) {
		if (callFrame.functionName === "(idle)") continue;
		const place = callFrame.url.split("/").slice(-2).join("/");
		const key = `${callFrame.functionName || "(anonymous)"} ${place}:${callFrame.lineNumber + 1}`;
		hits.set(key, (hits.get(key) ?? 0) + hitCount);
		all += hitCount;
	}
	const sorted = [...hits].sort((a, b) => b[1] - a[1]).slice(0, 30);
	return sorted.map(([place, count]) => `${((100 * count) / all).toFixed(1).padStart(6)} %  ${place}`);
}

type Inspecting = { ask(method: string, params?: object): Promise<unknown>; close(): void };

async function connectInspector(): Promise<Inspecting> {
	const [target] = (await (await fetch(inspector)).json()) as { webSocketDebuggerUrl: string }[];
	const socket = new WebSocket(target?.webSocketDebuggerUrl ?? "");
	await new Promise((resolve, reject) => {
		socket.addEventListener("open", resolve);
		socket.addEventListener("error", () => reject(new Error("the worker's inspector does not answer")));
	});
	let next = 1;
	const waiting = new Map<number, (result: unknown) => void>();
	socket.addEventListener("message", ({ data }) => {
		const { id, result } = JSON.parse(String(data)) as { id?: number; result?: unknown };
		if (id !== undefined) waiting.get(id)?.(result);
	});
	return {
		ask(method, params = {}) {
			const id = next++;
			socket.send(JSON.stringify({ id, method, params }));
			return new Promise((resolve) => waiting.set(id, resolve));
		},
		close: () => socket.close(),
	};
}
