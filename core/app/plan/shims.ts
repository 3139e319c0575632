import type { Blueprint } from "../../contract/blueprint.ts";
import type { CutPlan, Witness } from "../../contract/plan.ts";
import { listed, unique } from "./words.ts";

/** What stands between the two worlds while both run; each line is something that the engine does for this cut. */
export function shimsOf(blueprint: Blueprint, replaced: CutPlan["replaced"]): CutPlan["shims"] {
	const { routes, response, readOnly, idempotencyHeader, request } = blueprint.interface;
	const names = routes.map((route) => `${route.method} ${route.path}`);
	const shims: CutPlan["shims"] = [
		{
			name: "Routing",
			text: `The gateway takes ${listed(names)} out of the stream: mirrored first, then split by weight. Every other route is passed through untouched.`,
			witnesses: names.map((name): Witness => ({ kind: "route", name })),
		},
		{
			name: "Failover",
			text: readOnly
				? "If the new service fails, legacy is asked again: the request changes no row."
				: idempotencyHeader === null
					? "If the new service fails, legacy is asked again only when nothing was sent yet: a repeat could write twice."
					: `If the new service fails, legacy is asked again when the request carries ${idempotencyHeader}: legacy recognises a repeat by it.`,
			witnesses: request.filter((field) => field.name === idempotencyHeader).map((field) => ({ kind: "line", ...field.span })),
		},
		{
			name: "Answer",
			text: `${response.contentType} with status ${response.status}, as legacy answers${response.format === "json" ? "" : "; JSON for a client whose Accept asks for it"}.`,
			witnesses: [],
		},
		{
			name: "Database",
			text: "A shadow copy that follows legacy commit by commit while it is compared; legacy's own database once clients reach it.",
			witnesses: replaced
				.filter((one) => one.by.startsWith("the service's own connection"))
				.map((one) => ({ kind: "line", file: one.file, line: one.line })),
		},
	];
	const clocks = blueprint.nonDeterminism.filter((one) => one.kind === "clock");
	const draws = blueprint.nonDeterminism.filter((one) => one.kind === "random");
	if (clocks.length > 0)
		shims.push({
			name: "Clock",
			text: "While it is compared, each request carries a moment from within legacy's own answer, and the service takes that for now.",
			witnesses: clocks.map((one) => ({ kind: "line", file: one.span.file, line: one.span.line })),
		});
	if (draws.length > 0)
		shims.push({
			name: "Random values",
			text: `${listed(unique(draws.flatMap((one) => one.fields)))} ${draws.length === 1 ? "differs" : "differ"} on both sides by nature; form and length are compared, and that the same value stands everywhere.`,
			witnesses: draws.map((one) => ({ kind: "line", file: one.span.file, line: one.span.line })),
		});
	const left = blueprint.outside.filter((one) => one.kind !== "database");
	if (left.length > 0)
		shims.push({
			name: "Left with legacy",
			text: `${listed(unique(left.map((one) => one.text.replace(/\s+/g, " "))))}.`,
			witnesses: left.map((one) => ({ kind: "line", file: one.span.file, line: one.span.line })),
		});
	return shims;
}
