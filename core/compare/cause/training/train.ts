import { type CauseModel, calibrated, leastProbability } from "../classifier.ts";
import { boost, pick } from "./boost.ts";
import { drawSamples, type Sample } from "./groups.ts";

/** `right`, `probability`: shares between 0 and 1 of `count` samples. */
export type Reliability = { from: number; count: number; probability: number; right: number };
export type Trained = {
	model: CauseModel;
	drawn: number;
	tooFew: number;
	explained: number;
	samples: Record<Sample["use"], number>;
	/** On families that were neither trained nor calibrated on. */
	heldOut: {
		accuracy: number;
		/** Of those whose probability reaches `named`: how many there are, and how many are right. */
		named: { from: number; share: number; accuracy: number };
		perCause: { cause: string; count: number; error: number }[];
		perFamily: { family: string; count: number; accuracy: number }[];
		confusion: Record<string, Record<string, number>>;
		reliability: Reliability[];
		/** Expected calibration error in ten bins (Naeini and others 2015). */
		calibrationError: number;
	};
};

const folds = 4;
export const fullTraining = { seed: 5, groups: 700, rounds: 150 };
/** The whole training run: a pure function of its three numbers. */
export function trainCause({ seed, groups, rounds }: typeof fullTraining): Trained {
	const { samples, ...counts } = drawSamples(seed, groups);
	const of = (use: Sample["use"]) => samples.filter((one) => one.use === use);
	const training = of("training");
	const causes = [...new Set(training.map(({ cause }) => cause))].sort();
	const bare = boost(training, causes, rounds);
	const asked = (model: typeof bare, all: readonly Sample[]) =>
		all.map((one) => {
			const { cause, share } = pick(model, one);
			return { share, isRight: cause === one.cause };
		});
	const names = [...new Set(training.map(({ family }) => family))];
	const isIn = (fold: number) => (one: Sample) => names.indexOf(one.family) % folds === fold;
	// A model is surer of families that it has seen: each is asked about those that it has not.
	const unseen = Array.from({ length: folds }, (_, fold) => {
		const others = boost(
			training.filter((one) => !isIn(fold)(one)),
			causes,
			rounds,
		);
		return asked(others, training.filter(isIn(fold)));
	});
	const calibration = isotonic([...asked(bare, of("calibration")), ...unseen.flat()]);
	const model = { ...bare, calibration };
	return {
		model,
		...counts,
		samples: { training: training.length, calibration: of("calibration").length, heldOut: of("heldOut").length },
		heldOut: measure(model, of("heldOut")),
	};
}

/** Pool adjacent violators (Ayer and others 1955): a rising step function from shares to how often they were right. */
export function isotonic(points: readonly { share: number; isRight: boolean }[]): number[][] {
	const blocks: { from: number; right: number; count: number }[] = [];
	for (const { share, isRight } of [...points].sort((a, b) => a.share - b.share)) {
		blocks.push({ from: share, right: isRight ? 1 : 0, count: 1 });
		for (;;) {
			const [before, last] = [blocks.at(-2), blocks.at(-1)];
			if (before === undefined || last === undefined || before.right / before.count < last.right / last.count) break;
			blocks.splice(-2, 2, { from: before.from, right: before.right + last.right, count: before.count + last.count });
		}
	}
	// One right and one wrong are added to each step, so that none of a few cases says 0 or 1.
	return blocks.map(({ from, right, count }) => [Number(from.toFixed(4)), Number(((right + 1) / (count + 2)).toFixed(4))]);
}

function measure(model: CauseModel, samples: readonly Sample[]): Trained["heldOut"] {
	const told = samples.map((one) => {
		const { cause, share } = pick(model, one);
		return { ...one, told: cause, isRight: cause === one.cause, probability: calibrated(model, share) };
	});
	const right = (all: readonly { isRight: boolean }[]) => (all.length === 0 ? 0 : all.filter(({ isRight }) => isRight).length / all.length);
	const confusion: Record<string, Record<string, number>> = {};
	for (const { cause, told: as } of told) {
		const row = confusion[cause] ?? {};
		confusion[cause] = { ...row, [as]: (row[as] ?? 0) + 1 };
	}
	const reliability = Array.from({ length: 10 }, (_, bin): Reliability => {
		const inside = told.filter(({ probability }) => Math.min(9, Math.floor(probability * 10)) === bin);
		const mean = inside.reduce((sum, { probability }) => sum + probability, 0) / Math.max(1, inside.length);
		return { from: bin / 10, count: inside.length, probability: mean, right: right(inside) };
	}).filter(({ count }) => count > 0);
	const named = told.filter(({ probability }) => probability >= leastProbability);
	const groups = (of: (one: (typeof told)[number]) => string) =>
		[...new Set(told.map(of))].sort().map((name) => ({ name, all: told.filter((one) => of(one) === name) }));
	return {
		accuracy: right(told),
		named: { from: leastProbability, share: named.length / Math.max(1, told.length), accuracy: right(named) },
		perCause: groups(({ cause }) => cause).map(({ name, all }) => ({ cause: name, count: all.length, error: 1 - right(all) })),
		perFamily: groups(({ family }) => family).map(({ name, all }) => ({ family: name, count: all.length, accuracy: right(all) })),
		confusion,
		reliability,
		calibrationError: reliability.reduce((sum, bin) => sum + (bin.count * Math.abs(bin.right - bin.probability)) / told.length, 0),
	};
}
