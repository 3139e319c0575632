import { writeFileSync } from "node:fs";
import { functionNode, indexGraph, mapPicture } from "../../graph/index.ts";
import { createLayouts } from "../map/layouts.ts";
import { treesIn } from "../map/trees.ts";
import { openProject } from "../project.ts";
import { type Command, textOf, wrongUsage } from "./command.ts";
import { watchMap } from "./map-watch.ts";
import { withProgress } from "./progress-line.ts";

export const mapCommand: Command = {
	usage: "map DIR [--format callgraph] [--svg FILE] [--theme light|dark] [--state DIR] [--watch]",
	about:
		"Dependency graph of a code base: functions, routes, tables; with --svg the map as a picture, where the screen draws it; with --format callgraph every call as {caller: [callee, ...]} by dotted name; with --watch it stays, and says what each change to the files brought. In --state DIR what was read is kept for the next time.",
	options: { format: "string", svg: "string", theme: "string", state: "string", watch: "boolean" },
	async run(input) {
		const { json } = input;
		const [dir] = input.positionals;
		const [svg, theme] = [textOf(input, "svg"), textOf(input, "theme") ?? "light"];
		const format = textOf(input, "format");
		if (dir === undefined || (format !== undefined && format !== "callgraph") || (theme !== "light" && theme !== "dark")) wrongUsage();
		const state = textOf(input, "state");
		const cacheDir = state === undefined ? null : treesIn(state);
		if (input.values.watch === true) {
			if (svg !== undefined || format !== undefined) wrongUsage();
			await watchMap(dir, cacheDir, json);
			return;
		}
		const { graph, name, callGraph } = await withProgress({ what: `Reading ${dir}`, unit: "files" }, (onProgress, signal) =>
			openProject(dir, { onProgress, signal, cacheDir }),
		);
		if (svg !== undefined) {
			// Where a state directory is named, its map; else the places that a new one would have.
			const layout = await createLayouts({ dir: state ?? null }).layoutOf(graph);
			writeFileSync(svg, mapPicture(graph, layout, { theme, title: name }));
		}
		if (format === "callgraph") {
			console.log(JSON.stringify(callGraph(), null, json ? 0 : 2));
			return;
		}
		if (json) {
			console.log(JSON.stringify(graph));
			return;
		}
		const functions = graph.nodes.filter((node) => node.kind === "function");
		const lines = graph.files.reduce((sum, file) => sum + file.lines, 0);
		console.log(
			`${graph.files.length} files, ${lines} lines, ${functions.length} functions, ${graph.routes.length} routes, ${graph.tables.length} tables in ${Math.round(graph.scanMs)} ms`,
		);
		const index = indexGraph(graph);
		for (const route of graph.routes) {
			const node = graph.nodes.find((one) => one.id === `function:${route.handler}`);
			const closure = index.closure(functionNode(route.handler));
			const [reads, writes] = [index.reads, index.writes].map((of) => new Set(closure.values().flatMap(of)).size);
			console.log(
				`  ${route.method.padEnd(5)}${route.path.padEnd(18)}${route.handler.padEnd(30)}complexity ${String(node?.complexity ?? 0).padStart(3)}  isolation ${(node?.isolation ?? 0).toFixed(2)}  reads ${reads}, writes ${writes}`,
			);
		}
		const outside = Map.groupBy(graph.outside ?? [], (item) => item.kind);
		if (outside.size > 0)
			console.log(`  calls to the outside: ${[...outside].map(([kind, calls]) => `${kind} ${calls.length}`).join(", ")}`);
		for (const error of graph.parseErrors)
			console.log(`  does not parse: ${error.file}:${error.line}:${error.column} ${error.message}\n${error.frame}`);
		if (graph.unresolved.length > 0) console.log(`  ${graph.unresolved.length} calls to names outside the code base`);
	},
};
