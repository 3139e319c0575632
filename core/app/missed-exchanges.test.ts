import { expect, test } from "vitest";
import type { GatewayStats } from "../contract/traffic.ts";
import { missedExchanges } from "./missed-exchanges.ts";

const told = (mirrored: number, dropped: Record<string, number> = {}) => ({ mirrored, dropped }) as GatewayStats;

test("what the gateway mirrored and nobody accounted for is missed", async () => {
	expect(
		await missedExchanges(
			async () => told(10, { backlog: 2 }),
			() => 5,
		),
	).toBe(3);
	expect(
		await missedExchanges(
			async () => told(7),
			() => 7,
		),
	).toBe(0);
});

test("an exchange that comes between the two books is in neither for a moment, and is not taken for found", async () => {
	let accounted = 5;
	let asked = 0;
	const stats = async () => {
		asked++;
		// The gateway has spoken; one more is delivered before its word is read.
		if (asked === 1) accounted++;
		return told(asked === 1 ? 10 : 11);
	};
	expect(await missedExchanges(stats, () => accounted)).toBe(5);
	expect(asked).toBe(2);
});
