import { readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { makeBlueprint } from "../blueprint/index.ts";
import type { Blueprint, Choices, ServiceFiles } from "../contract/blueprint.ts";
import type { Graph, Inspection } from "../contract/graph.ts";
import { generateService } from "../generate/index.ts";
import { inspectFunction } from "../graph/index.ts";
import { mapProject } from "../mapper/index.ts";
import { routeId } from "./run/planner.ts";

/** One opened code base: its map, and what can be made of its functions. Nothing in here changes a file. */
export type Project = {
	readonly dir: string;
	readonly name: string;
	readonly sample: boolean;
	readonly graph: Graph;
	/** The dotted id of a function given by id or by a bare name. */
	resolve(functionName: string): string;
	inspect(functionName: string): Inspection;
	blueprint(functionName: string): Blueprint;
	/** False when the map shows that this route (`GET /x`) reaches no write; true for routes it does not know. */
	mayWrite(route: string | null): boolean;
	generate(blueprint: Blueprint, choices: Choices): ServiceFiles;
};

export async function openProject(
	dir: string,
	options: { sample?: boolean; signal?: AbortSignal; onProgress?: (done: number, total: number, unit: string) => void } = {},
): Promise<Project> {
	const root = resolve(dir);
	const { graph, program } = await mapProject(root, options);
	const blueprints = new Map<string, Blueprint>();
	const sourceOf = (functionName: string) => {
		const file = graph.nodes.find((node) => node.kind === "function" && node.id.endsWith(functionName))?.file;
		return file === undefined ? {} : { [file]: readFileSync(join(root, file), "utf8") };
	};
	function blueprint(functionName: string): Blueprint {
		const made = blueprints.get(functionName) ?? makeBlueprint(program, graph, functionName);
		blueprints.set(functionName, made);
		return made;
	}
	const writing = new Map(graph.routes.map((route) => [routeId(route), inspectFunction(graph, route.handler, {}).writes.length > 0]));
	return {
		dir: root,
		name: basename(root),
		sample: options.sample ?? false,
		graph,
		resolve: (functionName) => blueprint(functionName).unit,
		inspect: (functionName) => inspectFunction(graph, functionName, sourceOf(functionName)),
		blueprint,
		mayWrite: (route) => writing.get(route ?? "") ?? true,
		generate: (made, choices) => generateService(made, choices, "typescript"),
	};
}
