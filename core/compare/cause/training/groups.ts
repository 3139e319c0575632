import type { CauseKind } from "../../../contract/cause.ts";
import { hypothesesOf } from "../hypotheses.ts";
import { decimalsOf, type NumberPair } from "../numbers.ts";
import { isSure, roundingOf } from "../rounding.ts";
import { signalsOf } from "../signals.ts";
import { createSteps, type Mutation, type SiteKind } from "./arithmetic.ts";
import { createDraw, type Draw } from "./draw.ts";
import { type Family, families } from "./families.ts";

/** One labelled group of differences that no recomputation explains, as numbers. */
export type Sample = { family: string; use: Family["use"]; cause: CauseKind; signals: number[] };

/** What became of every group that was drawn. */
export type Drawn = { samples: Sample[]; drawn: number; tooFew: number; explained: number };

const fewest = 3;
const modes = ["half-up", "half-up", "half-even", "down"];

/** Draws `count` groups of each family. What a hypothesis explains already is left out, and counted: the classifier never sees it. */
export function drawSamples(seed: number, count: number): Drawn {
	const result: Drawn = { samples: [], drawn: 0, tooFew: 0, explained: 0 };
	for (const [index, family] of families.entries()) {
		const draw = createDraw(seed * 1000 + index);
		for (let group = 0; group < count; group++) drawGroup(family, draw, result);
	}
	return result;
}

function drawGroup(family: Family, draw: Draw, result: Drawn): void {
	const scale = draw.pick([50, 300, 1000, 4000, 20_000]);
	const inputs = Array.from({ length: draw.between(12, 80) }, () => family.draw(draw, scale));
	const mode = draw.pick(modes);
	const counting = createSteps(mode, null);
	family.calculate(inputs[0] ?? [], counting);
	const mutation = drawMutation(draw, counting.counts, mode);
	// Another branch of the program may be the only one that is wrong.
	const share = draw.unit() < 0.3 ? 0.2 + draw.unit() * 0.6 : 1;
	const pairs: NumberPair[] = [];
	const clean: number[] = [];
	for (const [index, one] of inputs.entries()) {
		const isMeant = draw.unit() < share;
		const legacy = tidy(family.calculate(one, createSteps(mode, null)));
		const modern = tidy(family.calculate(one, createSteps(mode, isMeant ? mutation : null)));
		const [legacyDecimals, modernDecimals] = [decimalsOf(String(legacy)), decimalsOf(String(modern))];
		if (legacy === modern) clean.push(legacy);
		else pairs.push({ index, legacy, modern, legacyDecimals, modernDecimals });
	}
	result.drawn++;
	if (pairs.length < fewest) result.tooFew++;
	else if (isExplained(pairs, clean)) result.explained++;
	else result.samples.push({ family: family.name, use: family.use, cause: mutation.cause, signals: signalsOf(pairs, clean) });
}

function isExplained(pairs: readonly NumberPair[], clean: readonly number[]): boolean {
	if (hypothesesOf(pairs, pairs.length + clean.length).some(({ refutedBy }) => refutedBy === null)) return true;
	const rounding = roundingOf(pairs, clean);
	return rounding !== null && isSure(rounding);
}

/** Without the noise of binary64 behind the ninth decimal: legacy's and the new service's numbers are printed. */
const tidy = (value: number): number => Number(value.toFixed(9));

function drawMutation(draw: Draw, counts: Record<SiteKind, number>, mode: string): Mutation {
	const of = (kind: SiteKind, cause: CauseKind, how = "", value = 0): Mutation => ({
		...{ cause, kind, how, value, site: draw.between(0, counts[kind] - 1) },
	});
	const choices: (() => Mutation)[] = [
		() => of("round", "rounding mode", draw.pick(["half-up", "half-even", "half-down", "up"].filter((one) => one !== mode))),
		() => of("round", "rounding scale", "scale", draw.pick([-2, -1, -1, 1, 2])),
	];
	if (mode !== "down") choices.push(() => of("round", "truncation", "down"));
	if (counts.constant > 0) {
		const small = () => 1 + (draw.unit() < 0.5 ? -1 : 1) * draw.pick([0.0002, 0.001, 0.002, 0.005]) * (0.5 + draw.unit());
		const rate = () => of("constant", "rate", "", draw.unit() < 0.5 ? small() : draw.pick([0.5, 0.9, 0.98, 1.01, 1.05, 1.2, 2]));
		choices.push(rate, rate, rate, () => of("constant", "unit", "", draw.pick([100, 0.01, 1000, 12, 1 / 12, 10])));
	}
	if (counts.amount > 0) choices.push(() => of("amount", "offset", "", draw.pick([-5, -1, -0.5, 0.1, 0.5, 1, 2, 10, 100])));
	if (counts.days > 0) choices.push(() => of("days", "day count", "", draw.pick([365, 366])));
	if (counts.order > 0)
		choices.push(
			() => of("order", "order of operations"),
			() => of("order", "order of operations"),
		);
	if (counts.store > 0) choices.push(() => of("store", "number type"));
	return draw.pick(choices)();
}
