import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Stage } from "../../../core/contract/run.ts";
import { bank } from "../../fixtures/memory-core.ts";
import { moments, snapshotAt } from "../../fixtures/moments.ts";
import { boundWords, duration, percent, percentAtMost } from "../../ui/format.ts";
import { nowOf, stageWord, stepsOf } from "../stage-strip/index.ts";
import { curlOf } from "./curl.ts";

describe("the way of a migration", () => {
	it("has one step now at most, with all before it done and all after it ahead", () => {
		for (const migration of moments.flatMap((moment) => snapshotAt(moment, bank).migrations)) {
			const states = stepsOf(migration).map((step) => step.state);
			const now = states.findIndex((state) => state === "now" || state === "stopped");
			// Before its start everything is ahead; at its end nothing is.
			const edge = now !== -1 ? now : migration.stage === "waiting" ? 0 : states.length;
			expect(states.slice(0, edge).every((state) => state === "done")).toBe(true);
			expect(states.slice(now === -1 ? edge : edge + 1).every((state) => state === "ahead")).toBe(true);
		}
	});
});

describe("a function that is held", () => {
	const held = snapshotAt("many", bank).migrations.find((migration) => migration.stage === "held");
	if (held === undefined) throw new Error("The moment holds no function");
	const stopped = (heldIn?: Stage) => {
		const { heldIn: _, ...older } = held;
		return stepsOf(heldIn === undefined ? older : { ...held, heldIn }).find((step) => step.state === "stopped")?.name;
	};

	it("stands where it was stopped, and says which guard closed", () => {
		expect(stopped("canary")).toBe("Canary");
		expect(stopped("deploying")).toBe("Deploy");
		expect(stopped("shadowing")).toBe("Shadow");
		expect(stopped("promoted")).toBe("Promote");
		expect(stageWord({ ...held, heldIn: "canary" })).toBe("held in canary");
		expect(nowOf({ ...held, heldIn: "canary" })).toContain("Error rate 1.16 %, allowed ≤ 0 %");
	});

	it("of an older journal stands where such functions always stood", () => {
		expect(stopped()).toBe("Heal");
	});
});

const plain = (text: string) => text.replaceAll("\u00a0", " ");

describe("figures in words", () => {
	it("keep a small share different from zero", () => {
		expect([0, 0.000_04, 0.0041, 0.0172, 0.5].map(percent).map(plain)).toEqual(["0 %", "0.0040 %", "0.41 %", "1.7 %", "50 %"]);
	});

	it("never claim a bound without evidence, nor a better one than was proved", () => {
		expect(boundWords(1, 0.05)).toBe("no evidence yet");
		expect(plain(boundWords(0.0123, 0.05))).toBe("mismatch rate ≤ 1.3 % (95 %, sequential)");
		expect(plain(boundWords(0.012, 0.0001))).toBe("mismatch rate ≤ 1.2 % (99.99 %, sequential)");
		fc.assert(
			fc.property(fc.double({ min: 1e-6, max: 1, noNaN: true }), (share) => Number.parseFloat(percentAtMost(share)) / 100 >= share - 1e-10),
		);
	});

	it("say durations in the unit that fits", () => {
		expect([4.24, 846, 4200, 121_400].map(duration)).toEqual(["4.2 ms", "846 ms", "4.2 s", "2 min 1 s"]);
	});
});

describe("copy as curl", () => {
	it("lets nothing out of its quotes", () => {
		const text = curlOf(
			{
				method: "POST",
				target: "/transfer?x='; rm -rf /",
				headers: [
					["Host", "bank"],
					["X-Note", "it's"],
				],
				body: "a='b'",
			},
			8080,
		);
		expect(text.split(" \\\n  ")).toEqual([
			"curl -i -X 'POST' 'http://127.0.0.1:8080/transfer?x='\\''; rm -rf /'",
			"-H 'X-Note: it'\\''s'",
			"--data-raw 'a='\\''b'\\'''",
		]);
	});
});
