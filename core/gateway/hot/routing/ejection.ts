import type { GatewayStats, Upstream } from "../../../contract/traffic.ts";
import { type Circuit, circuitLimits, createCircuit, type Pass } from "./circuit.ts";

/** Which new services are left out for a while because they fail. One circuit for each address, whatever plan names it. */
export type Ejection = {
	/** `open`: legacy is to be asked in its place. */
	ask(upstream: Upstream, at: number): Pass;
	release(upstream: Upstream, pass: Pass): void;
	settle(upstream: Upstream, pass: Pass, isGood: boolean, at: number): void;
	/** Forgets who is in no plan any more. */
	retain(upstreams: readonly Upstream[]): void;
	/** Of those that were ever ejected; undefined where there are none. */
	stats(): GatewayStats["ejections"];
};

export function createEjection(failures: number): Ejection {
	const circuits = new Map<string, Circuit>();
	const known = new WeakMap<Upstream, Circuit>();

	function circuitOf(upstream: Upstream): Circuit {
		let circuit = known.get(upstream);
		if (circuit !== undefined) return circuit;
		const address = `${upstream.host}:${upstream.port}`;
		circuit = circuits.get(address) ?? createCircuit({ ...circuitLimits, failures });
		circuits.set(address, circuit);
		known.set(upstream, circuit);
		return circuit;
	}

	return {
		ask: (upstream, at) => circuitOf(upstream).ask(at),
		release: (upstream, pass) => circuitOf(upstream).release(pass),
		settle: (upstream, pass, isGood, at) => circuitOf(upstream).settle(pass, isGood, at),
		retain(upstreams) {
			const named = new Set(upstreams.map(({ host, port }) => `${host}:${port}`));
			for (const address of circuits.keys()) if (!named.has(address)) circuits.delete(address);
		},
		stats() {
			let stats: GatewayStats["ejections"];
			for (const [address, circuit] of circuits) {
				const ejected = circuit.opened();
				if (ejected === 0) continue;
				stats ??= {};
				stats[address] = { state: circuit.state(), ejected };
			}
			return stats;
		},
	};
}
