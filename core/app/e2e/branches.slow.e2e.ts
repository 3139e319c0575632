import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Confidence } from "../../contract/history.ts";
import { createProduct, type Product, phoenix } from "../testing/product.ts";

const FUNCTION = "limits.limits";

let product: Product;
beforeEach(async () => {
	product = await createProduct();
});
afterEach(() => product.end());

const explain = () => phoenix(["run", "confidence", "--functions", "limits", "--state", product.dir]);
const told = () => product.client.run.confidence({ function: "limits" });

async function compared(atLeast: number): Promise<Confidence> {
	await product.until(
		`${atLeast} clean requests`,
		({ migrations }) => (migrations.find((state) => state.function === FUNCTION)?.evidence.clean ?? 0) >= atLeast,
		90_000,
	);
	return told();
}

test("live requests count in the branches that they take, a waiver is signed on the command line, and a restart knows both", async () => {
	await product.start();
	const traffic = product.traffic({ rate: 100 });
	await product.client.run.start({ functions: ["limits"], policy: "default", autoAccept: true });
	const seen = await compared(12);
	const [entry] = seen.branches.filter((branch) => branch.id.endsWith(":reached"));
	expect(seen.branches.length).toBeGreaterThan(20);
	// Every compared request entered, and none took more than there were.
	expect(entry).toMatchObject({ live: true, clean: seen.clean, mismatched: seen.mismatched });
	for (const branch of seen.branches) expect(branch.clean).toBeLessThanOrEqual(seen.clean);
	expect(seen.verdict).toMatchObject({ kind: "not enough evidence" });
	expect(seen.verdict.words).toMatch(/more clean requests? of branch .+ \(.+\.py:\d+\)/);
	expect(seen.branchNeeds).toEqual({ oneLook: 299, everyLook: 362 });

	const never = seen.branches.find((branch) => !branch.live);
	if (never === undefined) throw new Error("every branch is reached");
	const words = explain();
	expect(words.code, words.stderr).toBe(0);
	expect(words.stdout).toContain("before 1 %: each live branch needs 299 clean requests and a bound <= 1 %");
	expect(words.stdout).toContain(`${never.words} (${never.file}:${never.line}) [${never.id}]`);
	expect(phoenix(["run", "status", "--state", product.dir]).stdout).toMatch(/waits: evidence per branch \d+ of \d+ live branches/);
	const sign = (branch: string) =>
		phoenix([
			"run",
			"waive",
			"--functions",
			"limits",
			"--branch",
			branch,
			"--by",
			"A. Roe",
			"--why",
			"once a year",
			"--state",
			product.dir,
		]);
	const signed = sign(never.id);
	expect([signed.code, signed.stdout.trim()]).toEqual([0, "signed by A. Roe"]);
	expect(sign("limits.limits#nothing").stderr).toContain("has no such branch");

	// The shadow is the build that tells; what would answer clients has nothing of it.
	const folder = join(product.dir, "services", FUNCTION);
	const text = (version: string) =>
		readdirSync(join(folder, version), { recursive: true, encoding: "utf8" })
			.filter((name) => name.endsWith(".ts"))
			.map((name) => readFileSync(join(folder, version, name), "utf8"))
			.join("\n");
	expect([text("v1").includes("$branches"), text("v1-shadow").includes("$branches")]).toEqual([false, true]);

	await traffic.stop();
	await product.kill();
	await product.start();
	product.traffic({ rate: 100, seed: 8 });
	const again = await compared(seen.clean + 5);
	expect(again.waivers).toMatchObject([{ branch: never.id, by: "A. Roe", why: "once a year", version: again.version }]);
	expect(again.branches.find((branch) => branch.id === entry?.id)?.clean).toBe(again.clean);
	expect(explain().stdout).toContain("waived by A. Roe: once a year");
	expect(readFileSync(join(product.dir, "journal.jsonl"), "utf8").split('"kind":"waive"')).toHaveLength(2);
}, 240_000);
