import type { Blueprint } from "../../contract/blueprint.ts";
import type { Graph, GraphNode } from "../../contract/graph.ts";
import { visitExprs } from "../../contract/ir.ts";
import type { CutPlan, PlannedSites } from "../../contract/plan.ts";
import { sitesOf } from "../../contract/sites.ts";
import { entanglementOf, functionNode, type GraphIndex } from "../../graph/index.ts";
import { effortOf } from "./effort.ts";
import { riskOf } from "./risk.ts";
import { shimsOf } from "./shims.ts";
import { divide, plannedFunctions, sourceName, stayingCallers } from "./slice.ts";
import { plannedTables, replacedFunctions } from "./tables.ts";
import { counted, listed } from "./words.ts";

/** What cutting one function out really means. Every number is counted on graph and blueprint. */
export function makeCutPlan(graph: Graph, index: GraphIndex, blueprint: Blueprint): CutPlan {
	const division = divide(graph, index, blueprint);
	const functions = plannedFunctions(division, blueprint);
	const copies = functions.filter((one) => one.usedBy.length > 0);
	const moves = functions.filter((one) => one.usedBy.length === 0);
	const replaced = replacedFunctions(division, blueprint);
	const known = {
		...unitFacts(graph, index, blueprint.unit),
		unreached: false,
		routes: blueprint.interface.routes.map(({ method, path, handler }) => ({ method, path, handler })),
		moves,
		copies,
		replaced,
		stays: stayingCallers(division, copies),
		tables: plannedTables(division, blueprint),
		shims: shimsOf(blueprint, replaced),
		rules: blueprint.rules,
		constants: blueprint.constants.map(({ id, span }) => ({ id, span, usedBy: usersOf(blueprint, id) })),
		exceptions: blueprint.exceptions,
		nonDeterminism: blueprint.nonDeterminism.map(({ kind, expr, fields, span }) => ({
			kind,
			function: sourceName(expr.slice(0, expr.lastIndexOf("#"))),
			fields,
			span,
		})),
		outside: blueprint.outside,
		unsupported: blueprint.unsupported,
		sites: sitesByCause(blueprint),
		lines: functions.reduce((sum, one) => sum + one.loc, 0),
	};
	const risk = riskOf(graph, blueprint, known);
	const plan = { ...known, risk, effort: effortOf(known, blueprint) };
	return { ...plan, verdict: verdictOf(plan, blueprint) };
}

/** The plan of a function that no route reaches: there is nothing to cut at, and it says so. */
export function unreachedPlan(graph: Graph, index: GraphIndex, unit: string): CutPlan {
	const text = "No HTTP route reaches it, so no traffic could prove a replacement.";
	const empty = { routes: [], moves: [], copies: [], replaced: [], stays: [], tables: [], shims: [], rules: [], constants: [] };
	const rest = { exceptions: [], nonDeterminism: [], outside: [], unsupported: [], sites: [], lines: 0 };
	return {
		...unitFacts(graph, index, unit),
		...empty,
		...rest,
		unreached: true,
		verdict: {
			level: "refused",
			text: `Cannot be cut: no route reaches it. Choose a function that a route reaches, or the route's own handler.`,
		},
		effort: { level: "small", measures: [] },
		risk: { level: "high", reasons: [{ risk: "high", text, witnesses: [] }] },
	};
}

function unitFacts(graph: Graph, index: GraphIndex, unit: string): Pick<CutPlan, "unit" | "file" | "line" | "isolation"> {
	const node = graph.nodes.find((one) => one.id === functionNode(unit)) as GraphNode;
	return { unit, file: node.file, line: node.line, isolation: { value: node.isolation, terms: termsOf(graph, index, unit) } };
}

export function termsOf(graph: Graph, index: GraphIndex, unit: string): CutPlan["isolation"]["terms"] {
	const changed = new Map<string, number>();
	for (const { from } of graph.moduleState ?? []) changed.set(from, (changed.get(from) ?? 0) + 1);
	return entanglementOf(functionNode(unit), index, changed, graph);
}

function verdictOf(plan: Omit<CutPlan, "verdict">, { interface: { readOnly } }: Blueprint): CutPlan["verdict"] {
	const [first] = plan.unsupported;
	if (first !== undefined) {
		const more = plan.unsupported.length - 1;
		const text = `Cannot be translated exactly: ${first.construct} at ${first.span.file}:${first.span.line}${more === 0 ? "" : `, and ${counted(more, "other place")}`}.`;
		return { level: "refused", text };
	}
	const level = plan.risk.level === "low" ? "good" : plan.risk.level === "medium" ? "fair" : "hard";
	const shared = plan.tables.filter((table) => table.write && table.otherWriters.length > 0).map((table) => table.name);
	const rows = readOnly ? "no row is changed" : shared.length === 0 ? "no shared writes" : `shared writes to ${listed(shared)}`;
	const functions = counted(plan.moves.length + plan.copies.length, "function");
	return { level, text: `A ${level} cut: ${counted(plan.routes.length, "route")}, ${rows}, ${functions}.` };
}

function usersOf(blueprint: Blueprint, constant: string): string[] {
	const uses = (fn: Blueprint["functions"][number]) => {
		let found = false;
		visitExprs(fn, (expr) => {
			if (expr.kind === "global" && expr.constant === constant) found = true;
		});
		return found;
	};
	return blueprint.functions.filter(uses).map((fn) => sourceName(fn.id));
}

function sitesByCause(blueprint: Blueprint): PlannedSites[] {
	const groups = new Map<string, PlannedSites>();
	for (const { expr, function: owner, cause, legacy, idiom, span } of sitesOf(blueprint)) {
		const group = groups.get(cause) ?? { cause, legacy, idiom, places: [] };
		group.places.push({ expr, function: sourceName(owner), file: span.file, line: span.line });
		groups.set(cause, group);
	}
	return [...groups.values()].sort((a, b) => b.places.length - a.places.length || (a.cause < b.cause ? -1 : 1));
}
