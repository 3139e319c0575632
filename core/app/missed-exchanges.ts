import type { GatewayStats } from "../contract/traffic.ts";

const triesAtMost = 50;

/**
 * How many mirrored exchanges are in the gateway's book and in nobody else's: they went to a core that died with them. What is accounted
 * between the gateway's word and ours would stand in one book alone; then both are asked again.
 */
export async function missedExchanges(stats: () => Promise<GatewayStats>, accounted: () => number): Promise<number> {
	for (let tries = 1; ; tries++) {
		const before = accounted();
		const { mirrored, dropped } = await stats();
		if (accounted() !== before && tries < triesAtMost) continue;
		const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
		return Math.max(0, mirrored - accounted() - lost);
	}
}
