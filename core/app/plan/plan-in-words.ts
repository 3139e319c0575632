import type { CutPlan, CutReason, PlannedFunction, Witness } from "../../contract/plan.ts";

/** The whole plan as lines for a terminal. */
export function planInWords(plan: CutPlan): string[] {
	const list = (title: string, items: readonly string[]) => (items.length === 0 ? [] : ["", title, ...items.map((item) => `  ${item}`)]);
	return [
		`${plan.unit}  ${plan.file}:${plan.line}`,
		plan.verdict.text,
		`Isolation ${plan.isolation.value.toFixed(2)}, effort ${plan.effort.level}, risk ${plan.risk.level}.`,
		...list(
			"Isolation is 1 / (1 + sum of:",
			plan.isolation.terms
				.filter((term) => term.count > 0)
				.map((term) => `${term.weight.toFixed(2)} x ${String(term.count).padStart(3)} ${term.what}`),
		),
		...list("For and against", plan.risk.reasons.map(reasonInWords)),
		...list(
			"Effort",
			plan.effort.measures.map(
				({ name, value, level, medium, large }) =>
					`${level.padEnd(7)}${String(value).padStart(5)} ${name} (medium above ${medium}, large above ${large})`,
			),
		),
		...list(
			"Cannot be translated exactly",
			plan.unsupported.map((one) => `${one.span.file}:${one.span.line} ${one.construct}. ${one.remedy}`),
		),
		...list("Moves", plan.moves.map(functionInWords)),
		...list("Is copied, because code that stays uses it too", plan.copies.map(functionInWords)),
		...list(
			"Is replaced",
			plan.replaced.map((one) => `${one.function} (${one.file}:${one.line}) by ${one.by}`),
		),
		...list(
			"Stays and calls into it",
			plan.stays.map((one) => `${one.caller} calls ${[...new Set(one.calls.map((call) => call.function))].join(", ")}`),
		),
		...list("Tables", plan.tables.map(tableInWords)),
		...list(
			"Between the two worlds",
			plan.shims.map((shim) => `${shim.name}: ${shim.text}`),
		),
		...list(
			"Rules",
			plan.rules.map((rule) => `${rule.span.file}:${rule.span.line} ${rule.text}`),
		),
		...list(
			"Where the usual spelling may drift",
			plan.sites.map(
				(group) => `${group.cause} ${group.places.length}: ${group.places.map((place) => `${place.file}:${place.line}`).join(", ")}`,
			),
		),
	];
}

function reasonInWords({ risk, text, witnesses }: CutReason): string {
	const shown = witnesses.slice(0, 6).map(witnessInWords);
	const more = witnesses.length > 6 ? `, ${witnesses.length - 6} more` : "";
	return `${risk === "none" ? "+       " : `- ${risk.padEnd(6)}`} ${text}${shown.length === 0 ? "" : ` [${shown.join(", ")}${more}]`}`;
}

function witnessInWords(witness: Witness): string {
	return witness.kind === "line" ? `${witness.file}:${witness.line}` : witness.name;
}

function functionInWords(one: PlannedFunction): string {
	const callers = one.calledBy.map((call) => `${call.caller} (${call.file}:${call.line})`);
	return `${one.function} (${one.file}:${one.line}-${one.endLine})${callers.length === 0 ? "" : `, called by ${callers.slice(0, 3).join(", ")}${callers.length > 3 ? ` and ${callers.length - 3} more` : ""}`}`;
}

function tableInWords(table: CutPlan["tables"][number]): string {
	const access = [table.read && "read", table.write && "written"].filter(Boolean).join(" and ");
	const routes = [...new Set(table.otherWriters.flatMap((writer) => writer.routes))];
	const others =
		table.otherWriters.length === 0
			? "nobody else writes it"
			: `also written by ${table.otherWriters.map((one) => one.function).join(", ")}`;
	return `${table.name}: ${access}; ${others}${routes.length === 0 ? "" : ` (${routes.join(", ")})`}`;
}
