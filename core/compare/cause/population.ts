import type { CauseCase } from "../../contract/cause.ts";
import { numberOf } from "../suspicion.ts";
import { type Features, featuresOf } from "./features.ts";
import { shown } from "./hypotheses.ts";

export type Split = { cause: "attribute" | "boundary"; words: string; probability: number };

/** Below it a separation that chance could make says nothing. */
const significance = 0.01;
const fewest = 3;

/**
 * One property that all failing transactions have and no clean one has: the same number, with clean ones on both sides of it ("boundary"),
 * or the same word ("attribute"). Tested exactly (Fisher 1922: with perfect separation the chance is 1 / C(n, f)), with a correction for
 * the number of properties tried (Bonferroni). null: there is none.
 */
export function splitOf(failing: readonly CauseCase[], clean: readonly CauseCase[]): Split | null {
	if (failing.length < fewest || clean.length < fewest) return null;
	const [bad, good] = [failing.map(featuresOf), clean.map(featuresOf)];
	// A number of the answer is a result; a word of it may be what the calculation went by.
	const isGiven = (name: string) => !name.startsWith("answer/") || bad.every((one) => /^[a-z_ -]+$/i.test(one.get(name) ?? ""));
	const names = [...(bad[0]?.keys() ?? [])].filter((name) => isGiven(name) && bad.every((one) => one.has(name)));
	const chance = (1 / choose(failing.length + clean.length, failing.length)) * Math.max(1, names.length);
	if (chance > significance) return null;
	for (const name of names) {
		const found = separation(name, bad, good);
		if (found !== null) return { ...found, probability: 1 - chance };
	}
	return null;
}

function separation(name: string, bad: readonly Features[], good: readonly Features[]): Omit<Split, "probability"> | null {
	const values = new Set(bad.map((one) => one.get(name) ?? ""));
	const others = good.flatMap((one) => one.get(name) ?? []);
	if (others.length < fewest) return null;
	const [value] = values;
	if (values.size !== 1 || value === undefined || others.includes(value)) return null;
	const number = numberOf(value);
	if (number === null) return { cause: "attribute", words: `only where ${name} is “${value}”` };
	const numbers = others.map(numberOf).filter((one) => one !== null);
	if (numbers.some((one) => one < number) && numbers.some((one) => one > number))
		return { cause: new Set(numbers).size > 2 ? "boundary" : "attribute", words: `only where ${name} is ${shown(number)}` };
	return null;
}

/** n over k as a double; large values lose digits, not their size. */
function choose(n: number, k: number): number {
	let result = 1;
	for (let i = 1; i <= Math.min(k, n - k); i++) result = (result * (n - i + 1)) / i;
	return result;
}

/** Kendall's tau-a of the gaps' size against the values' size, between -1 and 1: whether a difference grows with the amount. */
export function growth(pairs: readonly { legacy: number; modern: number }[]): number {
	let [agree, all] = [0, 0];
	for (const [i, a] of pairs.entries())
		for (const b of pairs.slice(i + 1)) {
			all++;
			agree +=
				Math.sign(Math.abs(a.legacy) - Math.abs(b.legacy)) * Math.sign(Math.abs(a.modern - a.legacy) - Math.abs(b.modern - b.legacy));
		}
	return all === 0 ? 0 : agree / all;
}
