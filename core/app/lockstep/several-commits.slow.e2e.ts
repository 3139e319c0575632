import { expect, test } from "vitest";
import { runLane } from "./bench/live-lane.ts";

test("[L2] [L3] requests of three commits are compared with all of them, and none is told as a difference that is not one", async () => {
	const { requests, compared, several, clean, dropped } = await runLane({ rate: 60, seconds: 5, seed: 11, twice: 40 });
	process.stdout.write(`${several} of ${compared} compared requests made three commits; dropped ${JSON.stringify(dropped)}\n`);
	expect(requests).toBe(300);
	expect(clean).toBe(compared);
	expect(several).toBeGreaterThan(20);
	// Every request ends as compared or as dropped by name.
	expect(compared + Object.values(dropped).reduce((sum, count) => sum + count, 0)).toBe(requests);
	expect(Object.keys(dropped).filter((reason) => reason !== "several-commits" && reason !== "ambiguous")).toEqual([]);
});
