import { MousePointerClick } from "lucide-react";
import type { Graph } from "../../../core/contract/graph.ts";
import { perform } from "../../app/commands/index.ts";
import { useApp } from "../../app/context.tsx";
import { isolationOf, Shape } from "../map/index.ts";
import styles from "./inspector.module.css";

/** Before anything is chosen: where to begin. Only what a route reaches, because traffic must prove the replacement. */
export function FirstCuts({ graph }: { graph: Graph }) {
	const app = useApp();
	const handled = new Map(graph.routes.map((route) => [`function:${route.handler}`, `${route.method} ${route.path}`]));
	const cuts = graph.nodes
		.filter((node) => handled.has(node.id))
		.sort((a, b) => b.isolation - a.isolation || a.id.localeCompare(b.id))
		.slice(0, 12);
	return (
		<div className={styles.first}>
			<MousePointerClick size={26} aria-hidden="true" />
			<h2>Choose a bubble</h2>
			<p>Its neighbours light up, and what a cut would mean is said here. Press / to find one by name.</p>
			{cuts.length === 0 ? null : (
				<section>
					<h3>Behind a route, easiest cut first</h3>
					<ul>
						{cuts.map((node) => (
							<li key={node.id}>
								<button type="button" onClick={() => void perform(app, "map.show", node.id)}>
									<Shape kind={isolationOf(node.isolation)} />
									<span>
										<strong>{node.name}</strong>
										<small>{handled.get(node.id)}</small>
									</span>
									<small>{node.isolation.toFixed(2)}</small>
								</button>
							</li>
						))}
					</ul>
				</section>
			)}
		</div>
	);
}
