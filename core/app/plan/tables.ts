import type { Blueprint } from "../../contract/blueprint.ts";
import type { GraphNode } from "../../contract/graph.ts";
import type { CutPlan, PlannedTable } from "../../contract/plan.ts";
import { bareName, functionNode } from "../../graph/index.ts";
import type { Division } from "./slice.ts";

/** The tables of the slice with everybody else who uses them, and the routes by which they are reached: the coupling of the cut. */
export function plannedTables(division: Division, blueprint: Blueprint): PlannedTable[] {
	const { graph, index, slice, alive } = division;
	const own = new Set(blueprint.interface.routes.map((route) => `${route.method} ${route.path}`));
	const routesOf = (name: string) => index.routes(functionNode(name)).map((route) => `${route.method} ${route.path}`);
	// A function that is copied goes on working in legacy, for the routes that stay.
	const others = (names: readonly string[]) =>
		names
			.filter((name) => !slice.has(functionNode(name)) || alive.has(functionNode(name)))
			.map((name) => ({ function: name, routes: routesOf(name).filter((route) => !own.has(route)) }));
	return blueprint.tables.map(({ name, access }) => {
		const known = graph.tables.find((table) => table.name === name);
		const statements = blueprint.statements
			.filter((statement) => statement.tables.includes(name))
			.map(({ id, kind, span }) => ({ id, kind, file: span.file, line: span.line }));
		return {
			name,
			...access,
			otherWriters: others(known?.writers ?? []),
			otherReaders: others(known?.readers ?? []),
			statements,
		};
	});
}

/** Functions that the slice's source calls and the service has its own means for. */
export function replacedFunctions(division: Division, blueprint: Blueprint): CutPlan["replaced"] {
	const { slice, index, nodes } = division;
	const constructors = new Set(blueprint.exceptions.map((exception) => functionNode(`${exception.id}.__init__`)));
	const opens = (node: GraphNode) =>
		blueprint.outside.some(({ kind, span }) => kind === "database" && span.file === node.file && span.line === node.line);
	const found = new Set(
		blueprint.interface.routes.flatMap((route) => [...index.closure(functionNode(route.handler))]).filter((id) => !slice.has(id)),
	);
	return [...found].sort().flatMap((id) => {
		const node = nodes.get(id);
		if (node === undefined) return [];
		const by = constructors.has(id)
			? "an exception class of the service with the same fields"
			: opens(node)
				? "the service's own connection; the environment names its database"
				: "nothing, because no path of these routes runs it";
		return [{ function: bareName(id), file: node.file, line: node.line, by }];
	});
}
