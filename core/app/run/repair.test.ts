import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { searchRepair } from "../../agents/index.ts";
import { sitesOf } from "../../contract/sites.ts";
import type { Case } from "../lockstep/history.ts";
import { createPast, type Past } from "../testing/past.ts";
import { evaluatePlainly } from "../testing/plain-trials.ts";
import { runRepair } from "./repair.ts";

const transfer = (amount: string) => `from=000001000021&to=000001000012&amount=${amount}&reason=RENT`;
const recorded: [name: string, bodies: string[]][] = [
	["transfers.transfer", ["100.00", "150.00", "20", "100EUR", "500.00", "370.00"].map(transfer)],
	[
		"scoring.credit_score",
		["1012", "1028", "1120", "1148", "1192", "1216", "1036", "1076", "none"].map((customer) => `customer=${customer}`),
	],
];

for (const [name, bodies] of recorded) {
	describe(`the search for ${name}`, { timeout: 120_000 }, () => {
		let past: Past;
		let cases: Case[];
		beforeAll(async () => {
			past = await createPast(name);
			cases = await past.compared(bodies, {}, { goesOn: true });
		}, 60_000);
		afterAll(() => past.end());

		it("gives the patch that running each case by itself on a database made anew gives", async () => {
			const failing = cases.filter((entry) => !entry.clean).map((entry) => String(entry.seq));
			const clean = cases.filter((entry) => entry.clean).map((entry) => String(entry.seq));
			expect(Math.min(failing.length, clean.length)).toBeGreaterThan(0);
			if (name === "transfers.transfer") expect(cases.at(-1)?.position).toBeGreaterThan(3);
			const evaluate = evaluatePlainly(past, cases);
			const plain = await searchRepair({ sites: sitesOf(past.blueprint), choices: {}, failing, clean, suspicions: {}, evaluate });
			const { blueprint, history, dir } = past;
			const options = { blueprint, choices: {}, history, cases, suspicions: {}, dir: join(dir, "search") };
			const fast = await runRepair(options, { kind: "search" });

			const sites = plain.sites.map((site) => site.expr);
			expect(sites.length).toBeGreaterThan(0);
			expect(fast).toMatchObject({
				sites,
				cause: plain.cause,
				explained: plain.explained.map(Number),
				candidates: plain.candidatesTried,
				explanation: plain.explanation,
				gate: plain.gate,
			});
			for (const [index, site] of sites.entries()) {
				const [whole = [], part = []] = await evaluate([sites, sites.toSpliced(index, 1)], plain.explained);
				const needing = plain.explained.filter((_, column) => whole[column] && !part[column]);
				expect(fast.bySite[site]).toEqual(needing.map(Number));
			}
			const gate = await runRepair(options, { kind: "gate", sites });
			expect(gate).toMatchObject({ ...fast.gate, open: plain.unexplained.map(Number), broken: null, gained: plain.explained.length });
		});
	});
}
