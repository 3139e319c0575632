import type { Blueprint } from "../../contract/blueprint.ts";
import type { Graph } from "../../contract/graph.ts";
import type { CutPlan, CutReason, Level, PlannedTable, Witness } from "../../contract/plan.ts";
import { functionNode } from "../../graph/index.ts";
import { counted, listed, unique } from "./words.ts";

type Known = Pick<CutPlan, "routes" | "moves" | "copies" | "tables" | "sites" | "nonDeterminism" | "lines">;

const order = ["high", "medium", "low", "none"] as const;

/** Every reason for and against with what it rests on; the gravest decides. Graver ones first. */
export function riskOf(graph: Graph, blueprint: Blueprint, plan: Known): CutPlan["risk"] {
	const reasons = [
		...refusals(blueprint),
		...traffic(plan),
		...writes(blueprint, plan.tables),
		...repeats(blueprint, plan.tables),
		...shape(plan),
		...open(graph, plan),
		...drift(plan),
		...chance(plan),
	].sort((a, b) => order.indexOf(a.risk) - order.indexOf(b.risk));
	const [worst] = reasons;
	return { level: worst === undefined || worst.risk === "none" ? "low" : worst.risk, reasons };
}

const fn = (name: string): Witness => ({ kind: "function", name });
const at = ({ file, line }: { file: string; line: number }): Witness => ({ kind: "line", file, line });
const reason = (risk: "none" | Level, text: string, witnesses: Witness[] = []): CutReason => ({ risk, text, witnesses });

function refusals({ unsupported }: Blueprint): CutReason[] {
	return unsupported.map((one) =>
		reason("high", `It uses ${one.construct}, which has no exact translation. ${one.remedy}`, [at(one.span)]),
	);
}

function traffic({ routes }: Known): CutReason[] {
	const names = routes.map((route) => `${route.method} ${route.path}`);
	return [
		reason(
			"none",
			`${counted(names.length, "route")} ${names.length === 1 ? "reaches" : "reach"} it (${listed(names)}), so live traffic can prove a replacement.`,
			names.map((name): Witness => ({ kind: "route", name })),
		),
	];
}

function writes({ interface: { readOnly } }: Blueprint, tables: readonly PlannedTable[]): CutReason[] {
	if (readOnly) {
		const read = tables.map((table): Witness => ({ kind: "table", name: table.name }));
		const text = tables.length === 0 ? "It touches no table" : `It changes no row of the ${counted(tables.length, "table")} that it reads`;
		return [reason("none", `${text}: nothing can be doubled.`, read)];
	}
	return tables
		.filter((table) => table.write)
		.map((table) => {
			const { name, read, otherWriters } = table;
			const own: Witness[] = [{ kind: "table", name }, ...table.statements.filter((one) => one.kind !== "select").map(at)];
			if (otherWriters.length === 0) return reason("none", `It writes ${name}, and nobody else does.`, own);
			const routes = unique(otherWriters.flatMap((writer) => writer.routes));
			const rivals = `${counted(otherWriters.length, "function")} of legacy that ${otherWriters.length === 1 ? "stays" : "stay"}${routes.length === 0 ? "" : ` (${listed(routes)})`}`;
			const witnesses = [...own, ...otherWriters.map((writer) => fn(writer.function))];
			return read
				? reason(
						"high",
						`It reads and writes ${name}, which ${rivals} also write${otherWriters.length === 1 ? "s" : ""}: a wrong value travels on.`,
						witnesses,
					)
				: reason("medium", `It adds to ${name}, which ${rivals} also write${otherWriters.length === 1 ? "s" : ""}.`, witnesses);
		});
}

function repeats({ interface: { readOnly, idempotencyHeader } }: Blueprint, tables: readonly PlannedTable[]): CutReason[] {
	if (readOnly) return [];
	if (idempotencyHeader !== null)
		return [reason("none", `A repeated request is recognised by the header ${idempotencyHeader}, so a second try makes no second effect.`)];
	const statements = tables.flatMap((table) => table.statements).filter((statement) => statement.kind !== "select");
	return [
		reason("medium", "Nothing in it recognises a repeated request: what failed half way is not asked again of legacy.", statements.map(at)),
	];
}

function shape({ moves, copies, lines, tables }: Known): CutReason[] {
	const all = [...moves, ...copies];
	const found = [
		reason(
			all.length > 60 ? "medium" : all.length > 25 ? "low" : "none",
			`The slice is ${counted(all.length, "function")} and ${counted(lines, "line")} of code.`,
		),
	];
	if (copies.length > 0)
		found.push(
			reason(
				"low",
				`${copies.length} of its ${all.length} functions ${copies.length === 1 ? "is" : "are"} also used by code that stays, so legacy keeps its own until that has moved too.`,
				copies.map((copy) => fn(copy.function)),
			),
		);
	else found.push(reason("none", "No function of it is used by code that stays."));
	const [widest] = [...all].sort((a, b) => b.complexity - a.complexity);
	if (widest !== undefined)
		found.push(
			reason(
				widest.complexity > 20 ? "medium" : widest.complexity > 10 ? "low" : "none",
				`Its most complex function, ${widest.function}, has a complexity of ${widest.complexity}.`,
				[at(widest)],
			),
		);
	const followed = tables.filter((table) => table.read && !table.write && table.otherWriters.length > 0);
	if (followed.length > 0)
		found.push(
			reason(
				"low",
				`It reads ${listed(followed.map((table) => table.name))}, which code that stays writes: both work on one database, so it sees what legacy wrote.`,
				followed.map((table): Witness => ({ kind: "table", name: table.name })),
			),
		);
	return found;
}

function open(graph: Graph, { moves, copies }: Known): CutReason[] {
	const inside = new Map([...moves, ...copies].map((one) => [functionNode(one.function), one.file]));
	const dark = graph.unresolved.filter((item) => inside.has(item.from));
	const state = (graph.moduleState ?? []).filter((item) => inside.has(item.from));
	const line = (item: { from: string; line: number }) => at({ file: inside.get(item.from) ?? "", line: item.line });
	return [
		dark.length === 0
			? reason("none", "Every call inside leads to known code.")
			: reason("high", `${counted(dark.length, "call")} inside could not be resolved, such as ${dark[0]?.text}.`, dark.map(line)),
		...(state.length === 0
			? []
			: [
					reason(
						"high",
						`It changes module state (${listed(unique(state.map((item) => item.name)))}) that a second process does not see.`,
						state.map(line),
					),
				]),
	];
}

function drift({ sites }: Known): CutReason[] {
	const places = sites.flatMap((group) => group.places);
	if (places.length === 0) return [reason("none", "The usual spelling of every operation is exact here.")];
	const causes = sites.map((group) => `${group.cause} ${group.places.length}`);
	return [
		reason(
			places.length > 40 ? "medium" : "low",
			`At ${counted(places.length, "place")} the usual spelling may give another value: ${listed(causes, 5)}. Comparison finds them, a patch makes them exact.`,
			places.map(at),
		),
	];
}

function chance({ nonDeterminism }: Known): CutReason[] {
	const seen = nonDeterminism.filter((one) => one.fields.length > 0);
	if (nonDeterminism.length === 0) return [reason("none", "It asks no clock and draws no random value.")];
	if (seen.length === 0)
		return [
			reason(
				"none",
				"It asks the clock, but no answer and no row holds what the clock said.",
				nonDeterminism.map((one) => at(one.span)),
			),
		];
	return [
		reason(
			"low",
			`${listed(unique(seen.flatMap((one) => one.fields)))} ${seen.length === 1 && seen[0]?.fields.length === 1 ? "comes" : "come"} from a clock or a random source and can only be compared by form and range.`,
			seen.map((one) => at(one.span)),
		),
	];
}
