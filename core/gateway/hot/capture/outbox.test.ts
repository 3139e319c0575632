import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultLimits } from "../protocol.ts";
import { createOutbox } from "./outbox.ts";

const limits = { ...defaultLimits, backlogItems: 20, backlogBytes: 2_000, absentMs: 100 };

type Step =
	| { kind: "push"; mirrored: number; extra: number }
	| { kind: "attach" | "detach" | "acknowledge" }
	| { kind: "wait"; ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
	fc.record({ kind: fc.constant("push" as const), mirrored: fc.nat(5), extra: fc.nat(5) }),
	fc.record({ kind: fc.constantFrom("attach" as const, "detach" as const, "acknowledge" as const) }),
	fc.record({ kind: fc.constant("wait" as const), ms: fc.nat(200) }),
);

test("[C3] whatever happens: mirrored = delivered + dropped + still waiting, and batches come in order", () => {
	fc.assert(
		fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
			let now = 0;
			let id = 0;
			let mirrored = 0;
			let got: number[] = [];
			const acknowledged = new Set<number>();
			const outbox = createOutbox(limits, () => now);
			for (const one of steps) {
				switch (one.kind) {
					case "push":
						mirrored += one.mirrored;
						outbox.push(++id, Buffer.alloc(100, id), one.mirrored + one.extra, one.mirrored);
						break;
					case "attach":
						got = [];
						outbox.attach((payload) => got.push(payload[0] ?? 0));
						break;
					case "detach":
						outbox.attach(null);
						break;
					case "acknowledge":
						for (const batch of got) acknowledged.add(batch);
						outbox.acknowledge(got.at(-1) ?? 0);
						break;
					case "wait":
						now += one.ms;
						outbox.prune();
				}
				expect(got).toEqual([...got].sort((a, b) => a - b));
			}
			// Emptied by a core that takes everything: then nothing waits any more.
			outbox.attach((payload) => acknowledged.add(payload[0] ?? 0));
			outbox.acknowledge(id);
			expect(outbox.isEmpty).toBe(true);
			const dropped = Object.values(outbox.dropped).reduce((total, count) => total + count, 0);
			expect(outbox.delivered + dropped).toBe(mirrored);
		}),
	);
});

test("[C4] without a core the last moments wait; with a slow one the oldest make room", () => {
	let now = 0;
	const absent = createOutbox(limits, () => now);
	absent.push(1, Buffer.alloc(10), 1, 1);
	now = 90;
	absent.push(2, Buffer.alloc(10), 1, 1);
	now = 150;
	absent.prune();
	const got: number[] = [];
	absent.attach((payload) => got.push(payload.length));
	expect([got.length, absent.dropped]).toEqual([1, { "no-core": 1 }]);

	const slow = createOutbox({ ...limits, backlogItems: 3, backlogBytes: 1e9 }, () => now);
	const sent: number[] = [];
	slow.attach((payload) => sent.push(payload[0] ?? 0));
	for (let id = 1; id <= 6; id++) slow.push(id, Buffer.alloc(9_000_000, id), 1, 1);
	// 1 is under way and fills the window; 2 to 4 made room for 5 and 6.
	expect([sent, slow.dropped]).toEqual([[1], { backlog: 3 }]);
	slow.acknowledge(1);
	slow.acknowledge(5);
	expect(sent).toEqual([1, 5, 6]);
});
