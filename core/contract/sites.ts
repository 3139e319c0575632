import type { Blueprint, Site } from "./blueprint.ts";
import { visitExprs } from "./ir.ts";
import { driftOf } from "./ops.ts";

/** Every place of the blueprint where the target's usual spelling may differ from legacy, in source order of its functions. */
export function sitesOf(blueprint: Blueprint): Site[] {
	const sites: Site[] = [];
	for (const fn of blueprint.functions)
		visitExprs(fn, (expr) => {
			if (expr.kind !== "op") return;
			const drift = driftOf(expr.op);
			if (drift) sites.push({ expr: expr.id, op: expr.op, function: fn.id, ...drift, span: expr.span });
		});
	return sites;
}
