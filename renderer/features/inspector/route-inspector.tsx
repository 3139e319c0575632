import { useEffect } from "react";
import type { Graph, GraphNode } from "../../../core/contract/graph.ts";
import { useApp, useEngine, useProject } from "../../app/context.tsx";
import { loadPlan } from "../../app/questions.ts";
import { bareName, plural } from "../../ui/index.ts";
import { Shape } from "../map/index.ts";
import { stageWord } from "../stage-strip/index.ts";
import styles from "./inspector.module.css";
import { NodeLinks } from "./node-links.tsx";

/** Who answers a route: the chain from its handler down, and the tables at its end. */
export function RouteInspector({ node, graph }: { node: GraphNode; graph: Graph }) {
	const app = useApp();
	const name = bareName(node.id);
	const handler = graph.routes.find((route) => `${route.method} ${route.path}` === name)?.handler ?? "";
	const plan = useProject((state) => state.plans[handler]);
	const migration = useEngine((state) => state.snapshot?.migrations.find((one) => one.routes.includes(name)) ?? null);
	useEffect(() => {
		if (handler !== "") void loadPlan(app, handler);
	}, [app, handler]);
	const chain = plan === undefined ? [] : [...plan.moves, ...plan.copies];
	return (
		<div className={styles.inspector}>
			<header className={styles.head}>
				<h2>
					<Shape kind="route" />
					{node.name}
				</h2>
				<p className={styles.verdict}>
					{migration === null ? "Legacy answers it." : `${migration.function} is on its way: ${stageWord(migration)}.`} {plan?.verdict.text}
				</p>
				<p>
					{node.file}:{node.line}
				</p>
			</header>
			<div className={styles.tab}>
				<NodeLinks title="Handled by" kind="function" names={[handler]} />
				{plan === undefined ? (
					<p className={styles.muted}>Following the calls…</p>
				) : (
					<>
						<section>
							<h3>
								Its functions <span className={styles.muted}>{plural(chain.length, "function")}, what moves first</span>
							</h3>
							<ol className={styles.chain}>
								{chain.map((one) => (
									<li key={one.function}>
										<NodeLinks kind="function" names={[one.function]} />
										<small>{one.usedBy.length === 0 ? "moves" : "is copied"}</small>
									</li>
								))}
							</ol>
						</section>
						<NodeLinks title="Reads" kind="table" names={plan.tables.filter((table) => table.read).map((table) => table.name)} />
						<NodeLinks title="Writes" kind="table" names={plan.tables.filter((table) => table.write).map((table) => table.name)} />
					</>
				)}
			</div>
		</div>
	);
}
