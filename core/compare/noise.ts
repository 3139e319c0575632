import type { NoisyField, Repeat } from "../contract/noise.ts";
import { checkClock } from "./clock-format.ts";
import { fieldPattern } from "./group.ts";
import { checkRandom } from "./random-check.ts";
import { numberOf } from "./suspicion.ts";

type Seen = { legacy: string; modern: string; suspicion: string; window: Repeat["window"] };

/** Fewer variations say nothing about their kind. */
const fewest = 3;
/** A digit string below this length may as well be an amount or a counter. */
const longNumber = 12;

/**
 * What varies between two answers of legacy to the same request on the same state. Only legacy is looked at: a difference of the new
 * service never makes noise. `slackMs`: allowed around the window of a clock. [C36]
 */
export function learnNoise(repeats: readonly Repeat[], slackMs = 1_500): NoisyField[] {
	const seen = new Map<string, Seen[]>();
	for (const { differences, window } of repeats)
		for (const field of new Set(differences.map((one) => fieldPattern(one.field)))) {
			const own = differences.filter((one) => fieldPattern(one.field) === field);
			seen.set(field, [...(seen.get(field) ?? []), ...own.map(({ legacy, modern, suspicion }) => ({ legacy, modern, suspicion, window }))]);
		}
	return [...seen].map(([field, values]): NoisyField => {
		const varied = repeats.filter(({ differences }) => differences.some((one) => fieldPattern(one.field) === field)).length;
		return { field, varied, repeats: repeats.length, ...kindOf(values, varied, slackMs, rareShare(repeats.length)) };
	});
}

type Told = Pick<NoisyField, "kind" | "kept" | "hides">;

function kindOf(values: readonly Seen[], varied: number, slackMs: number, rare: string): Told {
	if (varied < fewest) return { kind: "too few", kept: "nothing that could be told", hides: "anything" };
	const isCut = values.some(({ legacy, modern }) => legacy.includes("…") || modern.includes("…"));
	if (values.every(({ suspicion }) => suspicion === "dictionary order"))
		return { kind: "order", kept: "the same items", hides: `any other order of the items; ${rare}` };
	const clock = isCut ? null : sharedClock(values, slackMs);
	if (clock !== null)
		return { kind: "clock", kept: clock, hides: `any moment within a request's window and ${slackMs} ms around it; ${rare}` };
	const form = isCut ? null : sharedForm(values);
	if (form !== null)
		return { kind: "random", kept: form, hides: `any other value of this form that stands for one value of legacy; ${rare}` };
	const gaps = values.map(({ legacy, modern }) => [numberOf(legacy), numberOf(modern)] as const);
	if (gaps.every(([a, b]) => a !== null && b !== null)) {
		const largest = Math.max(...gaps.map(([a, b]) => Math.abs((a as number) - (b as number))));
		const size = Number(largest.toPrecision(6));
		return { kind: "number", kept: `numbers, up to ${size} apart`, hides: `every bug of up to ${size}; ${rare}` };
	}
	return { kind: "unexplained", kept: "no form that is known", hides: "anything" };
}

/** No repeat showed another variation: with 95 % certainty its share is below 3 / n (Hanley and Lippman-Hand 1983). */
const rareShare = (repeats: number): string =>
	`in at most ${Number(((100 * (1 - 0.05 ** (1 / repeats))) as number).toPrecision(2))} % of requests (95 %) it varies in another way`;

/** Every pair is two moments in one notation, both in their request's time. */
function sharedClock(values: readonly Seen[], slackMs: number): string | null {
	let format = "";
	for (const { legacy, modern, window } of values) {
		const checked = checkClock(legacy, modern, window.from - slackMs, window.to + slackMs);
		if (!checked.ok || (format !== "" && format !== checked.format)) return null;
		format = checked.format;
	}
	return format;
}

/** Every pair keeps one form, no value comes twice, and it is long enough to be no amount. */
function sharedForm(values: readonly Seen[]): string | null {
	const forms = values.map(({ legacy, modern }) => checkRandom(legacy, modern));
	const all = values.flatMap(({ legacy, modern }) => [legacy, modern]);
	if (new Set(all).size < all.length) return null;
	const isAmount = (text: string) => numberOf(text) !== null && text.length < longNumber;
	if (all.some(isAmount) || all.some((text) => text.length < 6)) return null;
	const lengths = new Set(all.map((text) => text.length));
	const words = new Set(forms.map((form) => (form.ok ? form.check.replace(/^random: /, "") : "")));
	return lengths.size === 1 && !words.has("") ? ([...words].sort((a, b) => b.length - a.length)[0] ?? null) : null;
}
