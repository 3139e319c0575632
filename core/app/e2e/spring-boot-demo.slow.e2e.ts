import { expect, test } from "vitest";
import type { DemoReport } from "../../contract/api.ts";
import { freePort, phoenix } from "../testing/product.ts";

/** Needs a JDK 17 and Maven: without them this test fails, it does not pass unseen. */
test("the demo migrates three functions to Spring Boot under traffic: built, shadowed, healed, promoted, without one client error", async () => {
	const given = ["demo", "--json", "--target", "spring-boot", "--functions", "transfer,interest,credit_score", "--rate", "60"];
	const { code, stdout, stderr } = phoenix([...given, "--gateway-port", String(await freePort())], { timeoutMs: 840_000 });
	const report = JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as DemoReport;
	console.log(JSON.stringify(report, null, 1));
	expect(code, stderr.slice(-2_000)).toBe(0);
	expect(report).toMatchObject({ clientErrors: 0, wrongBeforePromotion: 0, doubledEffects: 0 });
	expect(report.mirrored).toBe(report.compared + report.dropped);
	expect(report.promoted.toSorted()).toEqual(["interests.interest", "scoring.credit_score", "transfers.transfer"]);
	expect(report.mismatchesFound.some(({ cause, where }) => cause === "rounding" && /\.py:\d+$/.test(where))).toBe(true);
	expect(report.healed.map(({ cause }) => cause)).toContain("rounding");
}, 900_000);
