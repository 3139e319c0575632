import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { type Answer, createMasker, defaultRules, type HeaderLines, type Recorded } from "../../replay/index.ts";
import { createAnswerComparison } from "./compare-answers.ts";
import { createNoiseLearner } from "./learned-noise.ts";

const json: HeaderLines = [["Content-Type", "application/json"]];

function record(answer: object | string, state: Recorded["response"]["state"] = "whole"): Recorded {
	const body = Buffer.from(typeof answer === "string" ? answer : JSON.stringify(answer));
	return {
		...{ startedAt: 1_700_000_000_000, endedAt: 1_700_000_000_010, route: null, error: null },
		request: { method: "GET", scheme: "http", target: "/x", headers: [["Host", "bank.example"]], body: Buffer.alloc(0), state: "whole" },
		response: { status: 200, headers: json, body, state },
	};
}

function answer(body: object | string, more: Partial<Answer> = {}): Answer {
	const text = typeof body === "string" ? body : JSON.stringify(body);
	return { status: 200, headers: json, body: Buffer.from(text), ms: 1, error: null, ...more };
}

const plain = () => createAnswerComparison({ masker: null, random: [], clock: [] });

test("[R11] another notation of the same values is the same; a difference is grouped by cause and field", () => {
	const comparison = plain();
	comparison.add(record({ a: 1, b: "x" }), answer('{ "b": "x", "a": 1 }'));
	for (const cents of [49, 99, 29]) comparison.add(record({ amount: `${cents + 1}.00` }), answer({ amount: `${cents}.99` }));
	const { groups, ...figures } = comparison.result();
	expect(figures).toEqual({ compared: 4, same: 1, different: 3, byStatusOnly: 0, notCompared: {} });
	expect(groups).toHaveLength(1);
	expect(groups[0]).toMatchObject({ field: "answer/amount", count: 3, examples: [{ method: "GET", target: "/x" }, {}, {}] });
});

test("[R12] what was masked is compared under the mask; what came from the recording stays as it is", () => {
	const masker = createMasker(Buffer.alloc(32, 3), defaultRules);
	const original = record({ card: "4111111111111111", mail: "joe@bank.example", note: "ok" });
	const masked = masker.mask(original);
	const comparison = createAnswerComparison({ masker, random: [], clock: [] });
	// From the target's own data.
	comparison.add(masked, answer(original.response.body.toString()));
	// An echo of the masked request.
	comparison.add(masked, answer(masked.response.body.toString()));
	expect(comparison.result()).toMatchObject({ compared: 2, same: 2 });
	comparison.add(masked, answer({ card: "4012888888881881", mail: "joe@bank.example", note: "ok" }));
	const { groups } = comparison.result();
	expect(groups).toMatchObject([{ field: "answer/card", count: 1 }]);
	expect(JSON.stringify(groups)).not.toContain("4012888888881881");
});

test("[R12] codings are taken off on both sides; where a body is not there, the status alone is compared", () => {
	const comparison = plain();
	const zipped: HeaderLines = [...json, ["Content-Encoding", "gzip"]];
	comparison.add(record({ a: 1 }), answer("", { headers: zipped, body: gzipSync('{"a":1}') }));
	comparison.add(record("", "absent"), answer({ anything: true }));
	comparison.add(record("", "withheld"), answer("gone", { status: 404 }));
	comparison.add(record({ a: 1 }), answer("", { body: null }));
	expect(comparison.result()).toMatchObject({
		compared: 4,
		same: 3,
		different: 1,
		byStatusOnly: 3,
		groups: [{ field: "status", count: 1 }],
	});
});

test("[R12] without an answer on one side nothing is compared, and it is said", () => {
	const comparison = plain();
	const lost = record({});
	lost.response.status = 0;
	comparison.add(lost, answer({}));
	comparison.add(record({}), answer("", { status: 0, body: null, error: "ECONNREFUSED" }));
	expect(comparison.result()).toMatchObject({ compared: 0, notCompared: { "no answer was recorded": 1, "no answer came": 1 } });
});

test("fields fed by a clock may differ as long as they are times between the recording and now", () => {
	const comparison = createAnswerComparison({ masker: null, random: [], clock: ["at"] });
	comparison.add(record({ at: "2023-11-14T22:13:20Z" }), answer({ at: new Date().toISOString().replace(/\.\d+/, "") }));
	comparison.add(record({ at: "2023-11-14T22:13:20Z" }), answer({ at: "1999-01-01T00:00:00Z" }));
	expect(comparison.result()).toMatchObject({ same: 1, different: 1 });
});

test("[C36] with a replica of legacy as target: what varies by itself is learned route by route, and only what a check keeps honest becomes a rule", () => {
	const learner = createNoiseLearner();
	const comparison = createAnswerComparison({ masker: null, random: [], clock: [], learner });
	const hex = (seed: number) => (BigInt(seed + 1) * 0x9e3779b97f4a7c15n).toString(16).padStart(20, "0").slice(-16);
	for (let index = 0; index < 30; index++)
		comparison.add(
			record({ fee: "5.00", token: hex(2 * index), load: `0.${10 + (index % 7)}` }),
			answer({ fee: "5.00", token: hex(2 * index + 1), load: `0.${20 + (index % 5)}` }),
		);
	expect(learner.result()).toMatchObject([
		{
			...{ route: "GET /x", repeats: 30, rule: { random: ["answer/token"] } },
			fields: [
				{ field: "answer/token", kind: "random", varied: 30 },
				{ field: "answer/load", kind: "number", hides: expect.stringMatching(/^every bug of up to 0\.1/) },
			],
		},
	]);
	expect(comparison.result().different).toBe(30);
});
