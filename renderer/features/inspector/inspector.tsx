import { useProject, useScreen } from "../../app/context.tsx";
import { FirstCuts } from "./first-cuts.tsx";
import { FunctionInspector } from "./function-inspector.tsx";
import { GroupInspector } from "./group-inspector.tsx";
import { RouteInspector } from "./route-inspector.tsx";
import { TableInspector } from "./table-inspector.tsx";

/** What is said of what is chosen on the map; of nothing, where to begin. */
export function Inspector() {
	const graph = useProject((state) => state.graph);
	const selected = useScreen((state) => state.selected);
	if (graph === null) return null;
	const node = graph.nodes.find((candidate) => candidate.id === selected);
	// A package is no node of the graph: it is what its modules' names begin with.
	if (node === undefined)
		return selected?.startsWith("package:") ? <GroupInspector key={selected} id={selected} graph={graph} /> : <FirstCuts />;
	switch (node.kind) {
		case "function":
			return <FunctionInspector key={node.id} node={node} />;
		case "module":
			return <GroupInspector key={node.id} id={node.id} graph={graph} />;
		case "route":
			return <RouteInspector key={node.id} node={node} graph={graph} />;
		case "table":
			return <TableInspector key={node.id} node={node} graph={graph} />;
		default:
			return <FirstCuts />;
	}
}
