import { readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { makeBlueprint } from "../blueprint/index.ts";
import type { Blueprint, Choices, ServiceFiles } from "../contract/blueprint.ts";
import type { Graph, Inspection, MapUpdate } from "../contract/graph.ts";
import type { CutPlan, RankedCut, SourceSlice, Trace } from "../contract/plan.ts";
import type { ServiceTarget } from "../contract/targets.ts";
import { generateService, generateWatchedService, traceService } from "../generate/index.ts";
import { adjacencyOf, functionNode, indexGraph, inspectFunction, pointsTo, resolveFunction } from "../graph/index.ts";
import { type MapOptions, type Mapped, mapProject } from "../mapper/index.ts";
import { makeCutPlan, unreachedPlan } from "./plan/cut-plan.ts";
import { sliceOf } from "./plan/lines.ts";
import { rankCuts } from "./plan/ranking.ts";
import { routeId } from "./run/planner.ts";

/** One opened code base: its map, and what can be made of its functions. Nothing in here changes a file. */
export type Project = {
	readonly dir: string;
	readonly name: string;
	readonly sample: boolean;
	readonly graph: Graph;
	/** What the map was read from: where following it begins. */
	readonly mapped: Mapped;
	/** What changes to its files brought since it was opened; nothing before the first. */
	readonly update?: MapUpdate;
	/** Who calls whom by dotted name, what is outside of the program included. Made when it is asked for. */
	callGraph(): Record<string, string[]>;
	/** The dotted id of a function given by id or by a bare name. */
	resolve(functionName: string): string;
	inspect(functionName: string): Inspection;
	blueprint(functionName: string): Blueprint;
	/** What cutting it out means; of a function that no route reaches, that. */
	plan(functionName: string): CutPlan;
	/** The source that its blueprint was read from, and why each line is in it. Throws FUNCTION_UNREACHED. */
	slice(functionName: string): SourceSlice;
	/** Handlers, best first cut first; `within` a module or a package. */
	cuts(within: string | undefined, limit: number): RankedCut[];
	/** False when the map shows that this route (`GET /x`) reaches no write; true for routes it does not know. */
	mayWrite(route: string | null): boolean;
	generate(blueprint: Blueprint, choices: Choices, target?: ServiceTarget): ServiceFiles;
	/** The same for the shadow: it says which branches each request takes. */
	generateWatched(blueprint: Blueprint, choices: Choices, target?: ServiceTarget): ServiceFiles;
	/** Which generated lines each piece of legacy became. */
	trace(blueprint: Blueprint, choices: Choices, target?: ServiceTarget): Trace[];
};

export async function openProject(dir: string, options: MapOptions & { sample?: boolean } = {}): Promise<Project> {
	return projectOf(await mapProject(resolve(dir), options), options.sample ?? false);
}

/** What can be made of the functions of one map. */
export function projectOf(mapped: Mapped, sample: boolean): Project {
	const { graph, program } = mapped;
	const { root } = program;
	const index = indexGraph(graph);
	const blueprints = new Map<string, Blueprint>();
	const plans = new Map<string, CutPlan>();
	const text = (file: string) => readFileSync(join(root, file), "utf8");
	function blueprint(functionName: string): Blueprint {
		const unit = resolveFunction(graph, functionName);
		const made = blueprints.get(unit) ?? makeBlueprint(program, graph, unit);
		blueprints.set(unit, made);
		return made;
	}
	function plan(functionName: string): CutPlan {
		const unit = resolveFunction(graph, functionName);
		const isReached = index.routes(functionNode(unit)).length > 0;
		const made = plans.get(unit) ?? (isReached ? makeCutPlan(graph, index, blueprint(unit)) : unreachedPlan(graph, index, unit));
		plans.set(unit, made);
		return made;
	}
	const writing = new Map(
		graph.routes.map((route) => [
			routeId(route),
			[...index.closure(functionNode(route.handler))].some((member) => index.writes(member).length > 0),
		]),
	);
	return {
		dir: root,
		name: basename(root),
		sample,
		graph,
		mapped,
		callGraph: () => adjacencyOf(pointsTo(program)),
		resolve: (functionName) => blueprint(functionName).unit,
		inspect(functionName) {
			const unit = resolveFunction(graph, functionName);
			const file = graph.nodes.find((node) => node.id === functionNode(unit))?.file ?? "";
			return inspectFunction(graph, unit, { [file]: text(file) }, index);
		},
		blueprint,
		plan,
		slice(functionName) {
			const made = plan(functionName);
			const of = blueprint(functionName);
			const files = new Set([...of.source.files.map((file) => file.path), ...of.functions.map((fn) => fn.span.file)]);
			return sliceOf(graph, of, made, Object.fromEntries([...files].map((file) => [file, text(file)])));
		},
		cuts: (within, limit) => rankCuts(graph, index, { within, limit }),
		mayWrite: (route) => writing.get(route ?? "") ?? true,
		generate: (made, choices, target = "typescript") => generateService(made, choices, target),
		generateWatched: (made, choices, target = "typescript") => generateWatchedService(made, choices, target),
		trace: (made, choices, target = "typescript") => traceService(made, choices, target),
	};
}
