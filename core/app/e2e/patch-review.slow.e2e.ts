import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Browser, chromium } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Snapshot } from "../../contract/api.ts";
import type { CauseFinding } from "../../contract/cause.ts";
import type { MismatchGroup } from "../../contract/verdict.ts";
import { createProduct, type Product, phoenix } from "../testing/product.ts";

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"];
const FUNCTION = "transfers.transfer";

let browser: Browser;
let product: Product;

beforeAll(async () => {
	browser = await chromium.launch({ executablePath: process.env.PHOENIX_CHROMIUM ?? "/usr/bin/chromium", args: flags });
});
afterAll(() => browser.close());
beforeEach(async () => {
	product = await createProduct();
});
afterEach(() => product.end());

const stateOf = (snapshot: Snapshot) => snapshot.migrations.find((state) => state.function === FUNCTION);
const waiting = (snapshot: Snapshot) => snapshot.patches.find((patch) => patch.state === "proposed");
const isReviewing = (snapshot: Snapshot) => stateOf(snapshot)?.stage === "reviewing" && waiting(snapshot) !== undefined;

test("a part is accepted by keyboard, the rest comes back, the part is reverted, a restart knows it, and the function is promoted", async () => {
	await product.start();
	const before = effects();
	const traffic = product.traffic({ rate: 100 });
	const { client } = product;
	await client.run.start({ functions: ["transfer"], policy: "demo", autoAccept: false });
	await product.until("shadow", (snapshot) => stateOf(snapshot)?.stage === "shadowing");
	// While it is paused no search begins, so that failures of several causes come together.
	await client.run.pause({});
	await product.until("failures of several causes", ({ groups }) => groups.length >= 3, 90_000);
	const read = phoenix(["run", "mismatches", "--json", "--state", product.dir]);
	expect(read.code).toBe(0);
	const mismatches: (MismatchGroup & { reading: CauseFinding | null })[] = JSON.parse(read.stdout);
	expect(mismatches.length).toBeGreaterThanOrEqual(3);
	for (const { reading } of mismatches) expect(reading?.evidence.length ?? 0).toBeGreaterThan(0);
	console.log(
		JSON.stringify(mismatches.map(({ field, cause, count, reading }) => [field, cause, count, reading?.cause, reading?.evidence])),
	);
	await client.run.resume({});
	const asked = await product.until("a patch for review", isReviewing, 90_000);
	const first = waiting(asked);
	if (first === undefined) throw new Error("no patch waits");
	expect(first.hunks.length).toBeGreaterThan(1);
	expect(first.provenance.explained.length).toBeGreaterThan(0);
	for (const hunk of first.hunks) expect(hunk.legacy.line).not.toBe("");

	const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
	const problems: string[] = [];
	page.on("pageerror", (error) => problems.push(String(error)));
	page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
	await page.goto(product.url);
	await page.getByRole("navigation", { name: "Places" }).waitFor();
	await page.keyboard.press("3");
	await page.waitForSelector(".monaco-diff-editor .line-insert", { timeout: 20_000 });
	await page.keyboard.press("a");
	for (const _ of first.hunks.slice(1)) await page.keyboard.press("r");
	const all = first.hunks.length;
	const tried = page.getByText(new RegExp(`Version 2 with 1 of ${all} places exact: explains \\d+ of \\d+ failing cases?`));
	await tried.waitFor({ timeout: 30_000 });
	const words = await tried.textContent();
	const preview = await client.patch.case({ patch: first.id, seq: first.provenance.explained[0] ?? 0 });
	expect(preview.agrees).toBe(true);
	await page.keyboard.press("Enter");
	const swapped = await product.until("version 2", (snapshot) => stateOf(snapshot)?.version === 2, 60_000);
	const applied = swapped.patches.find((patch) => patch.id === first.id);
	expect(applied).toMatchObject({ state: "applied", decision: { by: "architect", accepted: true, hunks: [first.hunks[0]?.id] } });
	expect(applied?.decision?.gate?.clean.passed).toBe(applied?.decision?.gate?.clean.total);
	expect(applied?.decision?.gate?.open.length).toBeGreaterThan(0);

	const again = await product.until(
		"the rest as another patch",
		(snapshot) => isReviewing(snapshot) && waiting(snapshot)?.from === 2,
		90_000,
	);
	const rest = waiting(again)?.hunks.map((hunk) => hunk.id) ?? [];
	expect(rest.some((id) => first.hunks.slice(1).some((hunk) => hunk.id === id))).toBe(true);
	expect(rest).not.toContain(first.hunks[0]?.id);

	const reverted = phoenix(["run", "revert", first.id, "--state", product.dir]);
	expect(reverted.code, reverted.stderr).toBe(0);
	const back = await product.until("version 3", (snapshot) => stateOf(snapshot)?.version === 3, 60_000);
	expect(back.patches.map((patch) => patch.state)).toEqual(["reverted", "withdrawn"]);
	expect(stateOf(back)?.evidence.version).toBe(3);

	// An engine that is killed now knows what was decided and makes it true, also when it was in the middle of it.
	await product.kill();
	await product.start();
	const resumed = await product.until("the revert after the restart", ({ patches }) => patches[0]?.state === "reverted", 60_000);
	expect(resumed.patches.slice(0, 2).map(({ state, revertedTo }) => [state, revertedTo])).toEqual([
		["reverted", 3],
		["withdrawn", undefined],
	]);
	expect(resumed.patches[0]?.decision?.hunks).toEqual([first.hunks[0]?.id]);

	for (;;) {
		const snapshot = await product.until(
			"review or promotion",
			(now) => isReviewing(now) || stateOf(now)?.stage === "promoted" || stateOf(now)?.stage === "held",
			150_000,
		);
		const state = stateOf(snapshot);
		expect(state?.stage, state?.reason).not.toBe("held");
		if (state?.stage === "promoted") break;
		const accepted = phoenix(["run", "accept", "--json", "--state", product.dir]);
		expect(accepted.code, accepted.stderr).toBe(0);
		await product.until("the swap", (now) => stateOf(now)?.stage !== "reviewing", 30_000);
	}
	const { errors, sent } = await traffic.stop();
	const done = await product.client.state.snapshot({});
	const after = effects();
	console.log(
		JSON.stringify({
			test: "patch review",
			words,
			sent,
			errors,
			patches: done.patches.map((patch) => `${patch.id} ${patch.state} ${patch.decision?.hunks.length ?? 0}/${patch.hunks.length}`),
			transfers: after.moved - before.moved,
		}),
	);
	expect(errors).toBe(0);
	expect(done.totals.clientErrors).toBe(0);
	// Every answered key moved money once, whichever side answered.
	expect(after.moved - before.moved).toBe(after.keys - before.keys);
	expect(after.moved - before.moved).toBeGreaterThan(100);
	expect(problems.filter((text) => !/WebSocket|ERR_CONNECTION/.test(text))).toEqual([]);
	await page.close();
});

/** Transfers in the bank's own database: keys that were answered, and movements out of an account. */
function effects(): { keys: number; moved: number } {
	const database = new DatabaseSync(join(product.dir, "sample/bank.db"), { readOnly: true });
	const count = (sql: string) => Number((database.prepare(sql).get() as { n: number }).n);
	const found = {
		keys: count("SELECT count(*) AS n FROM requests WHERE operation = 'TRANSFER'"),
		moved: count("SELECT count(*) AS n FROM movements WHERE cause = 26"),
	};
	database.close();
	return found;
}
