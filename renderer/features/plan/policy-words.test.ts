import { describe, expect, it } from "vitest";
import { createMemoryCore } from "../../fixtures/memory-core.ts";
import { policyWords } from "./policy-words.ts";

describe("a policy in words", async () => {
	// The policies of the engine, by its own verb.
	const policies = await createMemoryCore("opened").client.run.policies({});

	it("says the numbers of the default policy, each where it matters", () => {
		expect(policyWords(policies.default).map(({ title, text }) => `${title}: ${text.replaceAll("\u00a0", " ")}`)).toEqual([
			"Before the first client: 1,000 clean requests, and a mismatch rate proved below 0.50 % with 95 % confidence, however often one looks.",
			"Then in steps: 1 % for 5 min and 10 requests, 5 % for 5 min and 50 requests, 10 % for 10 min and 100 requests, 50 % for 15 min and 500 requests, 100 % for 30 min and 1,000 requests.",
			"Back to legacy at once: After one failed answer, or when the slowest twentieth takes longer than 1.5 times legacy's plus 20 ms, judged from 50 requests on.",
			"When answers differ: A patch is searched after 20 failing requests or 30 s, at most 5 times; one that passes the gate waits for you or is applied, as chosen below.",
			"Before legacy is stopped: 10 min without a request that only legacy can answer.",
		]);
	});

	it("says of the demo's policy that its numbers are small", () => {
		const [first, steps] = policyWords(policies.demo);
		expect(first?.text).toMatch(/^25 clean requests/);
		expect(steps?.text).toMatch(/^1 % for 2 s, 5 % for 2 s/);
	});
});
