import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { searchRepair } from "../../agents/index.ts";
import { compare } from "../../compare/index.ts";
import type { RowChange } from "../../contract/effects.ts";
import { sitesOf } from "../../contract/sites.ts";
import { captureByTriggers, createShadowState } from "../../effects/index.ts";
import { importService, placeService } from "../../generate/testing/loaded-service.ts";
import type { Case } from "../lockstep/history.ts";
import { createPast, type Past } from "../testing/past.ts";
import { exactly } from "./job.ts";
import { runRepair } from "./repair.ts";

const transfer = (amount: string) => `from=000001000021&to=000001000012&amount=${amount}&reason=RENT`;
const recorded: [name: string, bodies: string[]][] = [
	["transfers.transfer", ["100.00", "150.00", "20", "100EUR", "500.00", "370.00"].map(transfer)],
	[
		"scoring.credit_score",
		["1012", "1028", "1120", "1148", "1192", "1216", "1036", "1076", "none"].map((customer) => `customer=${customer}`),
	],
];

/** Each candidate on each case in the plainest way: a database made anew, every commit applied, a service of its own. */
function plainly(past: Past, cases: Case[]) {
	const commits = readFileSync(past.history.commitsFile, "utf8")
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => JSON.parse(line) as RowChange[]);
	const modules = new Map<string, ReturnType<typeof importService>>();
	const moduleOf = (sites: string[]) => {
		const key = String(sites.toSorted());
		const module = modules.get(key) ?? importService(placeService(past.project.generate(past.blueprint, exactly(sites)), past.dir).dir);
		modules.set(key, module);
		return module;
	};
	const agrees = async (sites: string[], entry: Case): Promise<boolean> => {
		const file = join(past.dir, "plain.db");
		copyFileSync(past.history.baseline, file);
		const database = new DatabaseSync(file);
		database.exec("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF");
		const state = createShadowState({ path: file, connection: database });
		for (const commit of commits.slice(0, entry.position)) state.apply(commit);
		const capture = captureByTriggers(database);
		const service = (await moduleOf(sites)).createService({ database, now: () => entry.clock, tokenHex: () => "00" });
		const { method, target, headers, body } = entry.request;
		const answer = service.handle({ method, target, headers, body: Buffer.from(body, "base64").toString() });
		const { kind } = compare(entry.legacy, { ...answer, changes: capture.take() }, entry.policy);
		state.close();
		database.close();
		return kind === "identical" || kind === "equivalent";
	};
	const known = new Map<string, boolean>();
	return async (candidates: string[][], ids: string[]): Promise<boolean[][]> => {
		for (const sites of candidates)
			for (const id of ids) {
				const key = `${sites.toSorted()} ${id}`;
				if (!known.has(key)) known.set(key, await agrees(sites, cases.find((entry) => String(entry.seq) === id) as Case));
			}
		return candidates.map((sites) => ids.map((id) => known.get(`${sites.toSorted()} ${id}`) === true));
	};
}

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
			const evaluate = plainly(past, cases);
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
