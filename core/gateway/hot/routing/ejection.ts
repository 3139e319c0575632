import type { GatewayStats, Upstream } from "../../../contract/traffic.ts";
import { type Circuit, circuitLimits, createCircuit, type Pass } from "./circuit.ts";

/** Which new services are left out for a while because they fail. One circuit for each address, whatever plan names it. */
export type Ejection = {
	/** `open`: legacy is to be asked in its place. */
	ask(upstream: Upstream, at: number): Pass;
	release(upstream: Upstream, pass: Pass): void;
	settle(upstream: Upstream, pass: Pass, isGood: boolean, at: number): void;
	/** Another worker has found it to fail. */
	learn(address: string, at: number): void;
	/** Forgets who is in no plan any more. */
	retain(upstreams: readonly Upstream[]): void;
	/** Of those that were ever ejected; undefined where there are none. */
	stats(): GatewayStats["ejections"];
};

/** `onEjected`: one is left out from now on that was not. */
export function createEjection(failures: number, onEjected?: (address: string) => void): Ejection {
	const circuits = new Map<string, Circuit>();
	const known = new WeakMap<Upstream, Circuit>();

	function named(address: string): Circuit {
		const circuit = circuits.get(address) ?? createCircuit({ ...circuitLimits, failures });
		circuits.set(address, circuit);
		return circuit;
	}

	function circuitOf(upstream: Upstream): Circuit {
		let circuit = known.get(upstream);
		if (circuit !== undefined) return circuit;
		circuit = named(addressOf(upstream));
		known.set(upstream, circuit);
		return circuit;
	}

	return {
		ask: (upstream, at) => circuitOf(upstream).ask(at),
		release: (upstream, pass) => circuitOf(upstream).release(pass),
		settle(upstream, pass, isGood, at) {
			const circuit = circuitOf(upstream);
			const wasClosed = circuit.openUntil() === 0;
			circuit.settle(pass, isGood, at);
			if (wasClosed && circuit.openUntil() !== 0) onEjected?.(addressOf(upstream));
		},
		learn: (address, at) => named(address).trip(at),
		retain(upstreams) {
			const left = new Set(upstreams.map(addressOf));
			for (const address of circuits.keys()) if (!left.has(address)) circuits.delete(address);
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

const addressOf = ({ host, port }: Upstream): string => `${host}:${port}`;
