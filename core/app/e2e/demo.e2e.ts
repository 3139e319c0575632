import { expect, test } from "vitest";
import type { DemoReport } from "../../contract/api.ts";
import { freePort, phoenix } from "../testing/product.ts";

test("the demo migrates the whole bank under traffic, heals what the draft got wrong, and seals legacy", async () => {
	const { code, stdout, stderr } = phoenix(["demo", "--json", "--gateway-port", String(await freePort())], { timeoutMs: 540_000 });
	const report = JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as DemoReport;
	console.log(JSON.stringify(report, null, 1));
	expect(code, stderr.slice(-2_000)).toBe(0);
	expect(report.clientErrors).toBe(0);
	expect(report.wrongBeforePromotion).toBe(0);
	expect(report.doubledEffects).toBe(0);
	expect(report.mirrored).toBe(report.compared + report.dropped);
	expect(report.compared).toBeGreaterThan(report.mirrored * 0.9);
	expect(report.promoted).toHaveLength(10);
	expect(report.sealed).toBe(true);
	expect(report.killSwitchMs).toBeLessThanOrEqual(500);
	const causes = report.healed.map((patch) => patch.cause).join(", ");
	for (const cause of ["rounding", "integer division", "modulo of negatives", "two-digit year"]) expect(causes).toContain(cause);
	for (const cause of ["rounding", "integer division", "two-digit year"]) {
		expect(report.mismatchesFound.some((found) => found.cause === cause && /\.py:\d+$/.test(found.where))).toBe(true);
	}
	expect(report.mismatchesFound.some((found) => found.field.startsWith("rows/"))).toBe(true);
}, 600_000);
