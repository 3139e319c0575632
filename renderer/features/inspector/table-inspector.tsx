import type { Graph, GraphNode } from "../../../core/contract/graph.ts";
import { bareName, plural, Source } from "../../ui/index.ts";
import { Shape } from "../map/index.ts";
import styles from "./inspector.module.css";
import { NodeLinks } from "./node-links.tsx";

/** Who couples over a table, and what it is. */
export function TableInspector({ node, graph }: { node: GraphNode; graph: Graph }) {
	const table = graph.tables.find((one) => one.name === bareName(node.id));
	const routesOf = (names: readonly string[]) => {
		const callers = new Map<string, string[]>();
		for (const edge of graph.edges) if (edge.kind === "call") callers.set(edge.to, [...(callers.get(edge.to) ?? []), edge.from]);
		const above = new Set(names.map((name) => `function:${name}`));
		for (const id of above) for (const caller of callers.get(id) ?? []) above.add(caller);
		return graph.routes.filter((route) => above.has(`function:${route.handler}`)).map((route) => `${route.method} ${route.path}`);
	};
	const writers = table?.writers ?? [];
	const writing = routesOf(writers);
	const words =
		writers.length === 0
			? "Nobody writes it: reading it couples nothing."
			: writing.length < 2
				? "One route writes it: it can move with that route."
				: `${plural(writing.length, "route")} write it: whoever cuts one of them shares it with the others.`;
	return (
		<div className={styles.inspector}>
			<header className={styles.head}>
				<h2>
					<Shape kind="table" />
					{node.name}
				</h2>
				<p className={styles.verdict}>{words}</p>
			</header>
			<div className={styles.tab}>
				<NodeLinks title="Written by" kind="function" names={writers} />
				<NodeLinks title="Routes that write it" kind="route" names={writing} />
				<NodeLinks title="Read by" kind="function" names={table?.readers ?? []} />
				{table === undefined || table.ddl === "" ? null : (
					<section>
						<h3>Definition</h3>
						<Source text={table.ddl} language="text" label={`Definition of ${table.name}`} />
					</section>
				)}
			</div>
		</div>
	);
}
