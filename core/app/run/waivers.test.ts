import { describe, expect, it } from "vitest";
import { newMigration, policies, transition } from "../../arbiter/index.ts";
import { Fault } from "../../base/index.ts";
import type { Migration, RunEvent } from "../../contract/run.ts";
import { waiverEvent } from "./waivers.ts";

const names = ["reached", "yes"].map((words, line) => ({ id: `fees.fees#${words}`, words, file: "fees.py", line: line + 1 }));

function migrated(...events: RunEvent[]): Migration {
	let state = newMigration("fees.fees", 0);
	for (const event of events) [state] = transition(state, event, policies.default);
	return state;
}
const prepared: RunEvent[] = [
	{ kind: "start", at: 0 },
	{ kind: "extracted", at: 0, routes: ["POST /fees"] },
	{ kind: "generated", at: 0, version: 1 },
	{ kind: "deployed", at: 0, version: 1, branches: names },
];
const word = { branch: "fees.fees#yes", by: "A. Roe", why: "once a year, checked by hand" };
const refusal = (state: Migration, told: Parameters<typeof waiverEvent>[1]): string => {
	try {
		waiverEvent(state, told, 1);
	} catch (error) {
		if (error instanceof Fault && error.code === "RUN_STATE") return error.message;
		throw error;
	}
	return "none";
};

describe("a waiver", () => {
	it("is an event of the running version that the arbiter keeps, and its withdrawal takes it away", () => {
		const shadowed = migrated(...prepared);
		const event = waiverEvent(shadowed, word, 7);
		expect(event).toEqual({ kind: "waive", at: 7, version: 1, ...word });
		const [signed] = transition(shadowed, event, policies.default);
		expect(signed.waivers).toEqual([{ ...word, at: 7, version: 1 }]);
		const [withdrawn] = transition(signed, waiverEvent(signed, { ...word, why: null }, 8), policies.default);
		expect(withdrawn.waivers).toEqual([]);
	});
	it("is refused by name where it could mean nothing", () => {
		expect(refusal(newMigration("fees.fees", 0), word)).toContain("no version of fees.fees is compared yet");
		expect(refusal(migrated(...prepared), { ...word, branch: "fees.fees#no" })).toContain("fees.fees has no such branch");
		expect(refusal(migrated(...prepared), { ...word, why: null })).toContain("there is no waiver of it");
		expect(refusal(migrated(...prepared, { kind: "cancel", at: 1 }), word)).toContain("fees.fees is cancelled");
		const wrong: RunEvent = { kind: "verdict", at: 1, version: 1, clean: false, failed: false, branches: [0, 1] };
		expect(refusal(migrated(...prepared, wrong), word)).toContain("1 request of version 1 that took it was not clean");
	});
});
