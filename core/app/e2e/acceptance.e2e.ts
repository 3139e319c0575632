import { afterEach, beforeEach, expect, test } from "vitest";
import type { Snapshot } from "../../contract/api.ts";
import type { Migration } from "../../contract/run.ts";
import { createProduct, type Product, phoenix } from "../testing/product.ts";

const site = "transfers.commission_of#1";
let product: Product;

beforeEach(async () => {
	product = await createProduct();
	await product.start();
}, 60_000);

afterEach(async () => {
	await product.end();
}, 60_000);

const stateOf = (snapshot: Snapshot) => snapshot.migrations.find((state) => state.function.endsWith("transfer")) as Migration;
const run = (...args: string[]) => phoenix(["run", ...args, "--functions", "transfer", "--by", "A. Roe", "--state", product.dir]);

test("another rounding at one place is accepted by name: counted apart, no patch asks for it, and taken back it differs again", async () => {
	const traffic = product.traffic({ rate: 80 });
	// Whatever else the draft got wrong is healed; the commission's rounding is not.
	await product.client.run.start({ functions: ["transfer"], policy: "default" });
	await product.until("a patch", (snapshot) => stateOf(snapshot)?.stage === "reviewing", 180_000);
	expect(run("allow", "--site", "transfers.transfer#1", "--why", "no place").code).not.toBe(0);
	expect(run("allow", "--site", site, "--why", "the new ledger rounds half up")).toMatchObject({ code: 0, stderr: "" });
	const renewed = await product.until(
		"the version made again",
		(snapshot) => stateOf(snapshot).version >= 2 && stateOf(snapshot).stage === "shadowing",
	);
	expect(renewed.patches.map(({ state }) => state)).toEqual(["withdrawn"]);

	const told = await product.until(
		"accepted requests, and a patch for the rest",
		(snapshot) => (stateOf(snapshot).evidence.accepted ?? 0) > 0 && snapshot.patches.some(({ state }) => state === "proposed"),
		180_000,
	);
	const patch = told.patches.find(({ state }) => state === "proposed");
	expect(patch?.sites.map(({ expr }) => expr)).not.toContain(site);
	const differing = told.groups.filter(({ state, where }) => state === "open" && where === "transfers.py:55");
	expect(differing.every(({ example }) => example.seq > 0)).toBe(true);
	const { stdout } = run("confidence");
	expect(stdout).toMatch(/\d+ rounded otherwise as accepted/);
	expect(stdout).toContain("another rounding is accepted at transfers.py:55 [transfers.commission_of#1] by A. Roe");

	// An engine that is killed knows what was accepted.
	const { accepted = 0 } = stateOf(told).evidence;
	await product.kill();
	await product.start();
	await product.until("accepted requests after the restart", (snapshot) => (stateOf(snapshot)?.evidence.accepted ?? 0) > accepted, 120_000);

	expect(run("disallow", "--site", site)).toMatchObject({ code: 0, stderr: "" });
	const back = await product.until(
		"mismatches",
		(snapshot) => stateOf(snapshot).version > stateOf(told).version && stateOf(snapshot).openFailures > 0,
		180_000,
	);
	expect(stateOf(back).evidence.accepted ?? 0).toBe(0);
	const final = await traffic.stop();
	expect(final.errors).toBe(0);
});
