import type { Blueprint } from "../../../core/contract/blueprint.ts";
import type { Span } from "../../../core/contract/ir.ts";
import { sitesOf } from "../../../core/contract/sites.ts";

/** One thing that the blueprint says of some lines of legacy. */
export type Item = { id: string; group: Group; label: string; text: string; span: Span };
export const groups = ["Cannot be translated", "Rules", "Drift sites", "SQL statements", "Clock and chance"] as const;
export type Group = (typeof groups)[number];

export function itemsOf(blueprint: Blueprint): Item[] {
	return [
		...blueprint.unsupported.map((one, at) =>
			item(`U${at + 1}`, "Cannot be translated", "refused", `${one.construct}. ${one.remedy}`, one.span),
		),
		...blueprint.rules.map((rule) => item(rule.id, "Rules", rule.kind, rule.text, rule.span)),
		...sitesOf(blueprint).map((site) =>
			item(site.expr, "Drift sites", site.cause, `Legacy ${site.legacy}; the usual TypeScript ${site.idiom}.`, site.span),
		),
		...blueprint.statements.map((one) => item(`S:${one.id}`, "SQL statements", one.kind, one.sql.replace(/\s+/g, " "), one.span)),
		...blueprint.nonDeterminism.map((one) =>
			item(
				`C:${one.expr}`,
				"Clock and chance",
				one.kind,
				one.fields.length === 0 ? "No answer and no row holds it." : `Ends in ${one.fields.join(", ")}.`,
				one.span,
			),
		),
	];
}

const item = (id: string, group: Group, label: string, text: string, span: Span): Item => ({ id, group, label, text, span });
