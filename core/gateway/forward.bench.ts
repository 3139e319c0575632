// `node core/gateway/forward.bench.ts`: requests per second and median latency, direct, through the gateway, and with every
// exchange captured and delivered. Client, gateway and upstream share the machine, so read the ratios, not the figures.
import { rmSync } from "node:fs";
import { Agent } from "node:http";
import { ask } from "./testing/client.ts";
import { nextPlan, startGateway } from "./testing/gateway.ts";
import { spawnService } from "./testing/spawn-service.ts";

const seconds = Number(process.argv[2] ?? 4);
const clients = 16;

async function measure(port: number): Promise<{ rate: number; p50: number; p99: number }> {
	const agent = new Agent({ keepAlive: true, maxSockets: clients });
	const times: number[] = [];
	const end = performance.now() + seconds * 1_000;
	const client = async () => {
		while (performance.now() < end) {
			const began = performance.now();
			const { status } = await ask(port, { path: "/x", agent });
			if (status !== 200) throw new Error(`status ${status}`);
			times.push(performance.now() - began);
		}
	};
	await Promise.all(Array.from({ length: clients }, client));
	agent.destroy();
	times.sort((a, b) => a - b);
	const at = (share: number) => times[Math.floor(times.length * share)] ?? 0;
	return { rate: times.length / seconds, p50: at(0.5), p99: at(0.99) };
}

const legacy = await spawnService("legacy");
const gate = await startGateway(legacy.address);
gate.gateway.detach();
const rows: [string, { rate: number; p50: number; p99: number }][] = [];
await measure(legacy.address.port);
rows.push(["direct", await measure(legacy.address.port)]);
rows.push(["gateway, no core", await measure(gate.port)]);
const attached = await startGateway(legacy.address, { stateDir: gate.stateDir, port: gate.port });
await attached.gateway.setPlan(nextPlan(attached.gateway, legacy.address, { "GET /x": { kind: "shadow", percent: 100 } }));
rows.push(["gateway, all captured", await measure(gate.port)]);
for (const [name, { rate, p50, p99 }] of rows) {
	console.log(`${name.padEnd(22)} ${rate.toFixed(0).padStart(6)} req/s   p50 ${p50.toFixed(2)} ms   p99 ${p99.toFixed(2)} ms`);
}
const { mirrored, dropped } = await attached.gateway.stats();
console.log(`mirrored ${mirrored}, dropped ${JSON.stringify(dropped)}`);
await attached.end();
await legacy.close();
rmSync(gate.stateDir, { recursive: true, force: true });
