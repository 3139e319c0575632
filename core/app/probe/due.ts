import { minGeneratedOf, ruleAhead, unreachedGate } from "../../arbiter/index.ts";
import type { Migration, Policy } from "../../contract/run.ts";

/**
 * How many requests of each branch without live traffic are asked for now; null: something else keeps the migration from its next step, or
 * generated requests would not help it.
 */
export function dueOf({ stage, canary, gates }: Pick<Migration, "stage" | "canary" | "gates">, policy: Policy): number | null {
	const rule = ruleAhead({ stage, canary }, policy)?.rule;
	if (rule?.unreached !== "generated" || (stage !== "canary" && stage !== "shadowing")) return null;
	const isLast = gates.some(({ name }) => name === unreachedGate) && gates.every(({ name, open }) => open === (name !== unreachedGate));
	return isLast ? minGeneratedOf(rule) : null;
}
