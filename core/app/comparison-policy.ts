import type { ComparisonRule } from "../contract/comparison.ts";
import type { ComparePolicy, FixedWidthField } from "../contract/verdict.ts";

/** What the code itself says may vary, apart from the rules of people. */
export type KnownFields = Pick<ComparePolicy, "random" | "clock" | "clockSlackMs"> & { ids?: Record<string, string[]> };

/** The policy of one comparison: what is known of the code, and the rule that somebody wrote for its route. */
export function comparePolicy(known: KnownFields, rule: ComparisonRule, window: ComparePolicy["window"]): ComparePolicy {
	const { lists, types, fixedWidth } = rule;
	return {
		random: [...known.random, ...(rule.random ?? [])],
		clock: [...known.clock, ...(rule.clock ?? [])],
		clockSlackMs: rule.clockSlackMs ?? known.clockSlackMs,
		window,
		ids: { ...known.ids, ...rule.ids },
		ignored: rule.ignore ?? [],
		...(lists === undefined ? {} : { lists }),
		...(types === undefined ? {} : { types }),
		...(fixedWidth === undefined ? {} : { fixedWidth: fixedWidth as FixedWidthField[] }),
	};
}

/** One sentence about what a rule lets pass; null: it lets nothing pass. */
export function ruleWords({
	ignore = [],
	random = [],
	clock = [],
	lists = {},
	types = {},
	fixedWidth = [],
	ids = {},
}: ComparisonRule): string | null {
	const parts = [
		["ignored", ignore],
		["random", random],
		["clock", clock],
		["in any order or by key", Object.keys(lists)],
		["typed", Object.entries(types).map(([field, type]) => `${field} as ${type}`)],
		["at fixed places", fixedWidth.map(({ name }) => name)],
		["numbers of new rows", Object.values(ids).flat()],
	] as const;
	const told = parts.filter(([, fields]) => fields.length > 0).map(([word, fields]) => `${word}: ${fields.join(", ")}`);
	return told.length === 0 ? null : told.join("; ");
}
