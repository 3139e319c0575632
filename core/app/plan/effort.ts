import type { Blueprint } from "../../contract/blueprint.ts";
import type { CutPlan, EffortMeasure } from "../../contract/plan.ts";

const levels = ["small", "medium", "large"] as const;

/**
 * The effort of reviewing a cut, from what an architect has to read. A convention, open to see: the worst measure decides,
 * and every limit stands beside its value.
 */
export function effortOf(plan: Pick<CutPlan, "moves" | "copies" | "lines" | "tables" | "sites">, blueprint: Blueprint): CutPlan["effort"] {
	const sites = plan.sites.reduce((sum, group) => sum + group.places.length, 0);
	const measures = [
		measure("functions to review", plan.moves.length + plan.copies.length, 25, 60),
		measure("lines of code", plan.lines, 250, 800),
		measure("business rules", blueprint.rules.length, 40, 120),
		measure("places where arithmetic may drift", sites, 12, 40),
		measure("tables that it writes", plan.tables.filter((table) => table.write).length, 1, 6),
		measure("constructs without an exact translation", blueprint.unsupported.length, 0, 0),
	];
	return { level: levels[Math.max(...measures.map((one) => levels.indexOf(one.level)))] ?? "small", measures };
}

function measure(name: string, value: number, medium: number, large: number): EffortMeasure {
	return { name, value, medium, large, level: value > large ? "large" : value > medium ? "medium" : "small" };
}
