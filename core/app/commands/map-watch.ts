import { resolve } from "node:path";
import { faultOf } from "../../base/index.ts";
import { followMap, mapProject } from "../../mapper/index.ts";
import { withProgress } from "./progress-line.ts";

/** Maps, then says after every change what it brought, until it is interrupted. With `json` one line each: the whole map first, then changes. */
export async function watchMap(dir: string, cacheDir: string | null, json: boolean): Promise<void> {
	const mapped = await withProgress({ what: `Reading ${dir}`, unit: "files" }, (onProgress, signal) =>
		mapProject(resolve(dir), { onProgress, signal, cacheDir }),
	);
	const told = (graph: typeof mapped.graph) =>
		`${graph.files.length} files, ${graph.nodes.filter((node) => node.kind === "function").length} functions, ${graph.routes.length} routes, ${graph.tables.length} tables, ${graph.parseErrors.length} places not read`;
	console.log(json ? JSON.stringify(mapped.graph) : `${told(mapped.graph)} in ${mapped.graph.scanMs} ms`);
	const followed = followMap(
		mapped,
		{ cacheDir },
		({ graph }, change) => {
			const count = change.changed.length + change.added.length + change.removed.length;
			const files = count === 1 ? "1 file changed" : `${count} files changed`;
			console.log(json ? JSON.stringify(change) : `${files}, map brought up to date in ${change.ms} ms: ${told(graph)}`);
		},
		(error) => {
			const fault = faultOf(error, "map", "").toJSON();
			console.error(json ? JSON.stringify({ fault }) : `${fault.what} ${fault.safe}`);
		},
	);
	if (!json) console.log("Watching; Ctrl+C ends it.");
	await new Promise<void>((done) => {
		for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => done());
	});
	await followed.close();
}
