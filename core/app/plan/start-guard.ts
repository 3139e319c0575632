import { Fault } from "../../base/index.ts";
import type { Migration } from "../../contract/run.ts";
import type { Project } from "../project.ts";
import { routeId } from "../run/planner.ts";

/** Two migrations cannot move one route. Throws RUN_STATE, before anything is started. */
export function assertOwnRoutes(project: Project, functions: readonly string[], running: readonly Migration[]): void {
	const owners = new Map<string, string>();
	for (const { function: name, stage, routes } of running)
		if (stage !== "refused" && stage !== "cancelled") for (const route of routes) owners.set(route, name);
	for (const name of functions) {
		for (const route of project.plan(name).routes.map(routeId)) {
			const other = owners.get(route);
			if (other !== undefined && other !== name)
				throw new Fault("RUN_STATE", {
					verb: `Starting ${name}`,
					reason: `${other} already moves ${route}`,
					remedy: "Start the functions of one route one after the other, or only the route's handler.",
				});
			owners.set(route, name);
		}
	}
}
