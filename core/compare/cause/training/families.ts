import type { Steps } from "./arithmetic.ts";
import type { Draw } from "./draw.ts";

/** A calculation as business programs have it. `draw`: the inputs of one transaction; `scale`: the size of this group's amounts. */
export type Family = {
	name: string;
	/** What it is for: to be learned from, to calibrate the probabilities, or only to be measured on. */
	use: "training" | "calibration" | "heldOut";
	draw(draw: Draw, scale: number): number[];
	calculate(inputs: readonly number[], steps: Steps): number;
};

const family = (name: string, use: Family["use"], draw: Family["draw"], calculate: Family["calculate"]): Family => ({
	...{ name, use, draw, calculate },
});

/** Inputs are always drawn in full, so that a missing one is 0 and never undefined. */
const at = (inputs: readonly number[], index: number): number => inputs[index] ?? 0;

export const families: readonly Family[] = [
	family(
		"simple interest",
		"training",
		(draw, scale) => [draw.money(scale), draw.pick([0.0125, 0.025, 0.035, 0.0475]), draw.between(1, 360)],
		(x, s) => s.round(s.store(at(x, 0)) * s.constant(at(x, 1)) * s.days(at(x, 2), 365), 2),
	),
	family(
		"compound balance",
		"training",
		(draw, scale) => [draw.money(scale), draw.pick([0.01, 0.02, 0.03]), draw.between(1, 8)],
		(x, s) => {
			let balance = at(x, 0);
			const rate = s.constant(at(x, 1));
			const yearly = s.order(
				() => rate,
				() => s.round(rate / 12, 4) * 12,
			);
			for (let year = 0; year < at(x, 2); year++) balance = balance + balance * yearly;
			return s.round(s.store(balance) + s.amount(0), 2);
		},
	),
	family(
		"card commission",
		"training",
		(draw, scale) => [draw.money(scale), draw.pick([0.0035, 0.009, 0.0145])],
		(x, s) => s.round(s.amount(0.25) + s.round(s.store(at(x, 0)) * s.constant(at(x, 1)), 2), 2),
	),
	family(
		"graduated fee",
		"training",
		(draw, scale) => [draw.money(scale)],
		(x, s) => {
			const value = at(x, 0);
			const [low, high] = [s.amount(500), s.amount(5000)];
			const first = Math.min(value, low) * s.constant(0.02);
			const second = Math.max(0, Math.min(value, high) - low) * s.constant(0.0125);
			const third = Math.max(0, value - high) * s.constant(0.0075);
			return s.order(
				() => s.round(first + second + third, 2),
				() => s.round(s.round(first, 2) + s.round(second, 2) + s.round(third, 2), 2),
			);
		},
	),
	family(
		"invoice with VAT",
		"training",
		(draw, scale) => [
			draw.money(scale / 10),
			draw.between(1, 12),
			draw.money(scale / 10),
			draw.between(1, 6),
			draw.pick([0.1, 0.19, 0.22]),
		],
		(x, s) => {
			const [a, b, rate] = [at(x, 0) * at(x, 1), at(x, 2) * at(x, 3), s.constant(at(x, 4))];
			const tax = s.order(
				() => s.round(s.store(a + b) * rate, 2),
				() => s.round(a * rate, 2) + s.round(b * rate, 2),
			);
			return s.round(a + b + tax + s.amount(0), 2);
		},
	),
	family(
		"annuity instalment",
		"training",
		(draw, scale) => [draw.money(scale * 10), draw.pick([0.0295, 0.0425, 0.06]), draw.between(1, 20) * 12],
		(x, s) => {
			const monthly = s.order(
				() => s.constant(at(x, 1)) / 12,
				() => s.round(at(x, 1) / 12, 4),
			);
			let grown = 1;
			for (let month = 0; month < at(x, 2); month++) grown *= 1 + monthly;
			return s.round((s.store(at(x, 0)) * monthly * grown) / (grown - 1) + s.amount(1.5), 2);
		},
	),
	family(
		"hourly pay",
		"training",
		(draw, scale) => [draw.money(scale * 2), draw.between(1, 60), draw.pick([1, 1.25, 1.5])],
		(x, s) =>
			s.order(
				() => s.round((s.store(at(x, 0)) / s.constant(173)) * at(x, 1) * s.constant(at(x, 2)), 2),
				() => s.round(s.round(at(x, 0) / 173, 2) * at(x, 1) * at(x, 2), 2),
			) + s.amount(0),
	),
	family(
		"insurance premium",
		"training",
		(draw, scale) => [draw.money(scale * 10), draw.between(18, 80), draw.pick([1, 0.95, 1.15])],
		(x, s) => {
			const base = s.round((at(x, 0) / 1000) * s.constant(2.35), 2);
			const aged = base * (1 + Math.max(0, at(x, 1) - 30) * s.constant(0.012));
			return s.round(s.store(aged) * s.constant(at(x, 2)) + s.amount(12), 2);
		},
	),
	family(
		"penalty of days late",
		"training",
		(draw, scale) => [draw.money(scale), draw.between(0, 90)],
		(x, s) => {
			const due = s.order(
				() => s.store(at(x, 0)) * s.constant(0.08) * s.days(at(x, 1), 365),
				() => s.round((at(x, 0) * 0.08) / 365, 2) * at(x, 1),
			);
			return s.round(Math.max(due, 0) + (at(x, 1) > 30 ? s.amount(15) : 0), 2);
		},
	),
	family(
		"discount of a basket",
		"training",
		(draw, scale) => [draw.money(scale / 4), draw.money(scale / 4), draw.money(scale / 4), draw.pick([0.05, 0.075, 0.1])],
		(x, s) => {
			const off = s.constant(at(x, 3));
			const total = at(x, 0) + at(x, 1) + at(x, 2);
			const less = s.order(
				() => s.round(total * off, 2),
				() => s.round(at(x, 0) * off, 2) + s.round(at(x, 1) * off, 2) + s.round(at(x, 2) * off, 2),
			);
			return s.round(s.store(total) - less + s.amount(4.9), 2);
		},
	),
	family(
		"energy bill",
		"training",
		(draw, scale) => [draw.between(1, Math.max(20, scale)), draw.between(20, 35), draw.pick([0.2155, 0.2875, 0.319])],
		(x, s) => {
			const used = s.round(s.store(at(x, 0)) * s.constant(at(x, 2)), 2);
			const standing = s.round(at(x, 1) * s.constant(0.255), 2);
			return s.round((used + standing + s.amount(3)) * (1 + s.constant(0.05)), 2);
		},
	),
	family(
		"net salary",
		"training",
		(draw, scale) => [draw.money(scale * 3), draw.between(0, 30), draw.between(0, 4)],
		(x, s) => {
			const gross = s.round(at(x, 0) + at(x, 1) * s.constant(12.4), 2);
			const own = s.round(gross * s.constant(0.0725), 2);
			const income = gross - own - s.amount(80);
			const low = Math.max(0, Math.min(income, 1800)) * s.constant(0.18);
			const high = Math.max(0, income - 1800) * s.constant(0.31);
			const tax = s.order(
				() => s.round(s.store(low + high), 2),
				() => s.round(low, 0) + s.round(high, 2),
			);
			return s.round(gross - own - tax + at(x, 2) * s.constant(41.5), 2);
		},
	),
	family(
		"indexed rent",
		"training",
		(draw, scale) => [draw.money(scale), draw.between(101, 128), draw.between(1, 31)],
		(x, s) => {
			const indexed = s.order(
				() => s.round((s.store(at(x, 0)) * at(x, 1) * s.constant(0.75)) / 100 + at(x, 0) / 4, 2),
				() => s.round(at(x, 0) * s.round(at(x, 1) / 100, 1) * 0.75 + at(x, 0) / 4, 2),
			);
			return s.round(indexed * s.days(at(x, 2) * 12, 360) + s.amount(22.5), 2);
		},
	),
	family(
		"royalty share",
		"training",
		(draw, scale) => [draw.between(1, Math.max(40, scale)), draw.pick([0.99, 4.95, 12.5]), draw.pick([0.08, 0.125, 0.15])],
		(x, s) => {
			const sales = s.store(at(x, 0)) * s.constant(at(x, 1));
			const share = s.order(
				() => s.round(sales * s.constant(at(x, 2)), 2),
				() => s.round(at(x, 1) * at(x, 2), 2) * at(x, 0),
			);
			return s.round(share - Math.min(share, s.amount(25)) - s.round(share * s.constant(0.05), 2), 2);
		},
	),
	family(
		"customs duty",
		"training",
		(draw, scale) => [draw.money(scale), draw.money(scale / 8), draw.pick([0.027, 0.065, 0.12])],
		(x, s) => {
			const value = s.round(at(x, 0) + at(x, 1) * s.constant(0.8), 2);
			const duty = s.order(
				() => s.round(s.store(value) * s.constant(at(x, 2)), 2),
				() => s.round(s.round(value, 0) * at(x, 2), 2),
			);
			return s.round(duty + (value + duty) * s.constant(0.2) + s.amount(15), 2);
		},
	),
	family(
		"fund units bought",
		"training",
		(draw, scale) => [draw.money(scale), draw.pick([10.37, 101.25, 48.06]), draw.pick([0.01, 0.015, 0.03])],
		(x, s) => {
			const invested = at(x, 0) - s.round(at(x, 0) * s.constant(at(x, 2)), 2) - s.amount(1);
			return s.order(
				() => s.round(s.store(invested) / s.constant(at(x, 1)), 4),
				() => s.round(invested * s.round(1 / at(x, 1), 5), 4),
			);
		},
	),
	family(
		"pension contribution",
		"calibration",
		(draw, scale) => [draw.money(scale * 3), draw.pick([0.0919, 0.0949])],
		(x, s) => {
			const capped = Math.min(at(x, 0), s.amount(4500));
			const own = s.round(s.store(capped) * s.constant(at(x, 1)), 2);
			return s.round(at(x, 0) - own - s.round(at(x, 0) * s.constant(0.0125), 2), 2);
		},
	),
	family(
		"bond accrued interest",
		"calibration",
		(draw, scale) => [draw.between(1, 40) * 1000, draw.pick([0.01125, 0.0275, 0.04]), draw.between(1, 182), draw.money(scale / 10)],
		(x, s) => {
			const accrued = s.order(
				() => s.store(at(x, 0)) * s.constant(at(x, 1)) * s.days(at(x, 2), 360),
				() => s.round((at(x, 0) * at(x, 1)) / 360, 3) * at(x, 2),
			);
			return s.round(s.round(accrued, 2) + at(x, 3) + s.amount(0), 2);
		},
	),
	family(
		"freight by weight",
		"calibration",
		(draw, scale) => [draw.between(1, Math.max(30, scale)) / 8, draw.pick([0.85, 1.1, 1.45]), draw.between(1, 900)],
		(x, s) => {
			const weight = s.round(at(x, 0), 1);
			const fuel = s.constant(0.064);
			const base = s.amount(6.5) + weight * s.constant(at(x, 1)) + s.store(at(x, 2)) * s.constant(0.021);
			return s.order(
				() => s.round(base * (1 + fuel), 2),
				() => s.round(base, 2) + s.round(base * fuel, 2),
			);
		},
	),
	family(
		"currency conversion",
		"heldOut",
		(draw, scale) => [draw.money(scale), draw.pick([1.0875, 0.8555, 7.4605, 163.25])],
		(x, s) => {
			const foreign = s.order(
				() => s.round(s.store(at(x, 0)) * s.constant(at(x, 1)), 2),
				() => s.round(at(x, 0) / s.round(1 / at(x, 1), 5), 2),
			);
			return s.round(foreign - s.round(foreign * s.constant(0.0175), 2) - s.amount(1), 2);
		},
	),
	family(
		"income tax by bands",
		"heldOut",
		(draw, scale) => [draw.money(scale * 12)],
		(x, s) => {
			const income = at(x, 0);
			const relief = s.amount(1200);
			const taxed = Math.max(0, income - relief);
			const low = Math.min(taxed, 15_000) * s.constant(0.23);
			const high = Math.max(0, taxed - 15_000) * s.constant(0.35);
			return s.order(
				() => s.round(s.store(low) + high, 2),
				() => s.round(low, 0) + s.round(high, 0),
			);
		},
	),
	family(
		"leasing residual",
		"heldOut",
		(draw, scale) => [draw.money(scale * 10), draw.between(12, 60), draw.money(scale / 2)],
		(x, s) => {
			const left = s.order(
				() => at(x, 0) * (1 - at(x, 1) * s.constant(0.0115)),
				() => at(x, 0) - s.round(at(x, 0) * 0.0115, 0) * at(x, 1),
			);
			return s.round(s.round(s.store(left), 2) + at(x, 2) * s.constant(0.12) + s.amount(35), 2);
		},
	),
	family(
		"overdraft charge",
		"heldOut",
		(draw, scale) => [draw.money(scale), draw.between(1, 31), draw.pick([0.119, 0.1475])],
		(x, s) => {
			const interest = s.round(s.store(at(x, 0)) * s.constant(at(x, 2)) * s.days(at(x, 1), 365), 2);
			const commission = s.order(
				() => s.round(at(x, 0) * s.constant(0.005), 2),
				() => s.round(s.round(at(x, 0), 0) * 0.005, 2),
			);
			return s.round(interest + commission + s.amount(2), 2);
		},
	),
];
