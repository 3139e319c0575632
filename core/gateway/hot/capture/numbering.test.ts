import fc from "fast-check";
import { expect, test } from "vitest";
import { createNumbering } from "./numbering.ts";

test("[N1] one worker, and its successors, keep their own numbers", () => {
	const numbering = createNumbering();
	const first = numbering.begin();
	expect([first.take(3), first.take(3), first.take(7), first.numberOf(5), first.isPlain]).toEqual([0, 0, 0, 5, true]);
	const second = numbering.begin();
	expect([second.take(9), second.numberOf(8), second.isPlain, numbering.last]).toEqual([0, 8, true, 9]);
});

test("[N1] whoever ends what: every number is given once, they grow as the frames come, and an answer finds its exchange's", () => {
	const frame = fc.record({ worker: fc.nat(3), ended: fc.nat(4), dies: fc.integer({ min: 0, max: 9 }) });
	fc.assert(
		fc.property(fc.array(frame, { maxLength: 80 }), (frames) => {
			const numbering = createNumbering();
			const begin = () => ({ numbers: numbering.begin(), own: numbering.last, given: new Map<number, number>() });
			const workers = [begin(), begin(), begin(), begin()];
			const seen: number[] = [];
			for (const { worker, ended, dies } of frames) {
				const one = workers[worker] as ReturnType<typeof begin>;
				const before = one.own;
				one.own += ended;
				const base = one.numbers.take(one.own);
				for (let own = before + 1; own <= one.own; own++) {
					seen.push(own + base);
					one.given.set(own, own + base);
				}
				for (const [own, number] of one.given) expect(one.numbers.numberOf(own)).toBe(number);
				expect(one.numbers.numberOf(one.own + 1)).toBe(null);
				if (dies === 0) workers[worker] = begin();
			}
			expect(seen).toEqual(seen.map((_number, index) => index + 1));
			expect(numbering.last).toBe(seen.length);
		}),
	);
});

test("[N1] what is remembered is bounded: of what is too long ago there is no number, rather than a wrong one", () => {
	const numbering = createNumbering(8);
	const [one, other] = [numbering.begin(), numbering.begin()];
	for (let end = 1; end <= 20; end++) {
		one.take(end);
		other.take(end);
	}
	expect(one.numberOf(1)).toBe(null);
	expect(one.numberOf(20)).toBe(39);
	expect(other.numberOf(20)).toBe(40);
});
