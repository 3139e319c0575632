import type { Blueprint, Site } from "./blueprint.ts";
import { visitExprs } from "./ir.ts";
import { driftOf } from "./ops.ts";

/** Every place where the target's usual spelling differs from legacy on some inputs, in the order of the functions. */
export function sitesOf(blueprint: Pick<Blueprint, "functions">): Site[] {
	const sites: Site[] = [];
	for (const fn of blueprint.functions) {
		visitExprs(fn, (expr) => {
			const drift = expr.kind === "op" ? driftOf(expr.op) : undefined;
			if (expr.kind !== "op" || !drift) return;
			sites.push({ expr: expr.id, op: expr.op, function: fn.id, ...drift, span: expr.span });
		});
	}
	return sites;
}
