import { beforeAll, describe, expect, it } from "vitest";
import { newMigration, policies, transition } from "../../arbiter/index.ts";
import { Fault } from "../../base/index.ts";
import type { Blueprint } from "../../contract/blueprint.ts";
import type { Migration, RunEvent } from "../../contract/run.ts";
import { sitesOf } from "../../contract/sites.ts";
import { openProject } from "../project.ts";
import { sampleSource } from "../sample/bank.ts";
import { type AcceptedWord, acceptanceEvent, withAccepted } from "./acceptances.ts";

let blueprint: Blueprint;
beforeAll(async () => {
	const project = await openProject(sampleSource, { sample: true });
	blueprint = project.blueprint(project.resolve("transfer"));
});

function migrated(...events: RunEvent[]): Migration {
	let state = newMigration("transfers.transfer", 0);
	for (const event of events) [state] = transition(state, event, policies.default);
	return state;
}
const shadowed = (): Migration =>
	migrated(
		{ kind: "start", at: 0 },
		{ kind: "extracted", at: 0, routes: ["POST /transfer"] },
		{ kind: "generated", at: 0, version: 1 },
		{ kind: "deployed", at: 0, version: 1 },
	);
const word: AcceptedWord = { site: "transfers.commission_of#1", by: "A. Roe", why: "the new ledger rounds half up" };
const refusal = (state: Migration, told: AcceptedWord): string => {
	try {
		acceptanceEvent(state, blueprint, told, 1);
	} catch (error) {
		if (error instanceof Fault && error.code === "RUN_STATE") return error.message;
		throw error;
	}
	return "none";
};

describe("another rounding", () => {
	it("is accepted at one place, and the version is made again; taking it back does the same", () => {
		const [accepted, commands] = transition(shadowed(), acceptanceEvent(shadowed(), blueprint, word, 7), policies.default);
		expect(commands).toEqual([{ kind: "renew" }]);
		expect(accepted.acceptances).toEqual([{ ...word, place: "transfers.py:55", digits: 2, at: 7 }]);
		expect(withAccepted({ other: "exact" }, accepted)).toEqual({ other: "exact", [word.site]: "exact" });
		const [again] = transition(accepted, { kind: "swapped", at: 8, version: 2 }, policies.default);
		expect(again).toMatchObject({ version: 2, stage: "shadowing", renewing: false, acceptances: [{ site: word.site }] });
		const [back, renewed] = transition(again, acceptanceEvent(again, blueprint, { ...word, why: null }, 9), policies.default);
		expect([back.acceptances, renewed]).toEqual([[], [{ kind: "renew" }]]);
	});
	it("is refused by name at a place that rounds nothing, as for a rate, a parse or a comparison", () => {
		const others = sitesOf(blueprint).filter(({ cause }) => cause !== "rounding");
		expect(others.length).toBeGreaterThan(5);
		for (const { expr } of others)
			expect(refusal(shadowed(), { ...word, site: expr })).toContain("no place where transfers.transfer rounds");
		expect(refusal(shadowed(), { ...word, site: "transfers.COMMISSION_RATE" })).toContain("no place where transfers.transfer rounds");
	});
	it("is refused where nothing is compared, and where nothing was accepted", () => {
		expect(refusal(newMigration("transfers.transfer", 0), word)).toContain("no version of transfers.transfer is compared yet");
		expect(refusal(shadowed(), { ...word, why: null })).toContain("nothing was accepted there");
		const [cancelled] = transition(shadowed(), { kind: "cancel", at: 1 }, policies.default);
		expect(refusal(cancelled, word)).toContain("transfers.transfer is cancelled");
	});
});
