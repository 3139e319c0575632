import fc from "fast-check";
import { expect, test } from "vitest";
import { createCircuit, type Pass } from "./circuit.ts";

const limits = { failures: 3, rate: 0.5, minimum: 10, windowMs: 1_000, openMs: 100, openMostMs: 400 };

test("[M6][E1] failures in a row open it; one trial after the time, twice as long after each that fails", () => {
	const circuit = createCircuit(limits);
	const fail = (at: number) => circuit.settle(circuit.ask(at), false, at);
	fail(1);
	fail(2);
	circuit.settle(circuit.ask(3), true, 3);
	fail(4);
	fail(5);
	expect(circuit.state()).toBe("closed");
	fail(6);
	expect([circuit.state(), circuit.ask(105)]).toEqual(["open", "open"]);
	expect([circuit.ask(106), circuit.ask(107), circuit.state()]).toEqual(["probe", "open", "half-open"]);
	circuit.settle("probe", false, 110);
	expect([circuit.ask(309), circuit.ask(310)]).toEqual(["open", "probe"]);
	circuit.settle("probe", false, 310);
	expect([circuit.ask(709), circuit.ask(710)]).toEqual(["open", "probe"]);
	circuit.settle("probe", false, 710);
	// The most it is open.
	expect([circuit.ask(1_109), circuit.ask(1_110)]).toEqual(["open", "probe"]);
	circuit.settle("probe", true, 1_110);
	expect([circuit.state(), circuit.ask(1_111), circuit.openUntil()]).toEqual(["closed", "closed", 0]);
	// As new: the first time is short again.
	for (const at of [2_000, 2_001, 2_002]) fail(at);
	expect(circuit.openUntil()).toBe(2_102);
	expect(circuit.opened()).toBe(5);
});

test("[M6][E1] too many failures in the window open it, old ones are forgotten", () => {
	const circuit = createCircuit(limits);
	const settle = (at: number, isGood: boolean) => circuit.settle(circuit.ask(at), isGood, at);
	for (let n = 0; n < 4; n++) {
		settle(n, false);
		settle(n, true);
	}
	// Eight results, then the window moves on before there are ten.
	settle(1_500, false);
	settle(1_500, true);
	expect(circuit.state()).toBe("closed");
	for (let n = 0; n < 4; n++) {
		settle(1_600 + n, true);
		settle(1_600 + n, false);
	}
	expect(circuit.state()).toBe("open");
});

test("[M6][E1] a trial whose result never comes can be given back", () => {
	const circuit = createCircuit(limits);
	for (const at of [1, 2, 3]) circuit.settle(circuit.ask(at), false, at);
	const probe = circuit.ask(103);
	circuit.release(probe);
	expect([probe, circuit.ask(104)]).toEqual(["probe", "probe"]);
});

test("whatever happens: never more than one trial at once, and it always ends by itself", () => {
	const step = fc.record({ wait: fc.nat(300), results: fc.array(fc.option(fc.boolean(), { nil: null }), { maxLength: 6 }) });
	fc.assert(
		fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
			const circuit = createCircuit(limits);
			let at = 1;
			for (const { wait, results } of steps) {
				at += wait;
				const passes: Pass[] = results.map(() => circuit.ask(at));
				expect(passes.filter((pass) => pass === "probe").length).toBeLessThanOrEqual(1);
				results.forEach((result, index) => {
					const pass = passes[index] as Pass;
					if (result === null) circuit.release(pass);
					else circuit.settle(pass, result, at);
				});
			}
			at += limits.openMostMs;
			expect(circuit.ask(at)).not.toBe("open");
		}),
	);
});
