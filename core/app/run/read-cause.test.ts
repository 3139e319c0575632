import { expect, test } from "vitest";
import type { MismatchExample, MismatchGroup } from "../../contract/verdict.ts";
import type { Case } from "../lockstep/history.ts";
import { readCause } from "./read-cause.ts";

const answer = (fee: number) => `<ANSWER><FEE>${fee.toFixed(2)}</FEE></ANSWER>`;
const examples = [12.3, 45.61, 7.2].map(
	(fee, seq): MismatchExample => ({
		seq,
		request: { method: "GET", target: `/fee?days=${seq}&kind=V`, headers: [], body: "" },
		legacy: { status: 200, body: answer(fee), rows: [] },
		modern: { status: 200, body: answer(fee + 2), rows: [] },
		differences: [{ field: "answer/FEE", legacy: fee.toFixed(2), modern: (fee + 2).toFixed(2), kind: "number", suspicion: "offset" }],
	}),
);
const [example] = examples as [MismatchExample];
const group: MismatchGroup = {
	...{ id: "f-1", function: "fees.fee", cause: "offset", field: "answer/FEE", where: null, count: 3, firstAt: 0, example },
	...{ rowsOnly: false, state: "open" },
};
const clean = Array.from({ length: 20 }, (_, seq): Case => {
	const legacy = { status: 200, contentType: "text/xml", body: answer(seq + 1), changes: [] };
	const request = { method: "GET", target: `/fee?days=${seq}&kind=N`, headers: [] as [string, string][], body: "" };
	const policy = { random: [], clock: [], clockSlackMs: 0, window: { from: 0, to: 0 } };
	return {
		...{ seq, route: "r", function: "fees.fee", version: 1, position: 0, clock: 0, request, legacy, policy },
		clean: true,
		kind: "",
	};
});

test("examples and clean cases together say what happens, and to whom", () => {
	expect(readCause(group, examples, clean)).toMatchObject({
		...{ cause: "offset", probability: 1, only: "only where request/kind is “V”" },
		evidence: ["the same amount is added: 2, in all 3 cases", "only where request/kind is “V”"],
	});
	expect(readCause(group, examples, [])).toMatchObject({ cause: "offset", only: null });
});

test("nothing is read where the repair has found the place, or the group is gone", () => {
	expect(readCause({ ...group, where: "fees.py:12" }, examples, clean)).toBeNull();
	expect(readCause(undefined, [], clean)).toBeNull();
});
