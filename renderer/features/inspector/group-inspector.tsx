import type { Graph } from "../../../core/contract/graph.ts";
import { count, plural } from "../../ui/index.ts";
import { CutList } from "./cut-list.tsx";
import styles from "./inspector.module.css";
import { NodeLinks } from "./node-links.tsx";

/** A module, or a package: all modules whose dotted name begins with its own. */
export function GroupInspector({ id, graph }: { id: string; graph: Graph }) {
	const name = id.replace(/^(module|package):/, "");
	const isPackage = id.startsWith("package:");
	const modules = graph.nodes.filter(
		(node) => node.kind === "module" && (isPackage ? node.name === name || node.name.startsWith(`${name}.`) : node.id === id),
	);
	const ids = new Set(modules.map((node) => node.id));
	const functions = graph.nodes
		.filter((node) => node.kind === "function" && node.parent !== null && ids.has(node.parent))
		.sort((a, b) => b.isolation - a.isolation || b.complexity - a.complexity || (a.id < b.id ? -1 : 1));
	const imports = graph.edges.filter((edge) => edge.kind === "import" && ids.has(edge.from) && !ids.has(edge.to)).map((edge) => edge.to);
	const importedBy = graph.edges
		.filter((edge) => edge.kind === "import" && ids.has(edge.to) && !ids.has(edge.from))
		.map((edge) => edge.from);
	const [first] = modules;
	return (
		<div className={styles.inspector}>
			<header className={styles.head}>
				<h2>{name}</h2>
				<p>
					{isPackage ? `Package of ${plural(modules.length, "module")}` : `Module, ${first?.file ?? ""}`};{" "}
					{plural(functions.length, "function")}, {count(modules.reduce((sum, node) => sum + node.loc, 0))} lines
				</p>
			</header>
			<div className={styles.tab}>
				<section>
					<h3>Cuts that begin here</h3>
					<CutList within={id} most={30} />
				</section>
				<NodeLinks title="Functions, the most isolated first" kind="function" names={functions.slice(0, 60).map((node) => node.id)} />
				{isPackage ? <NodeLinks title="Modules" kind="module" names={modules.map((node) => node.id)} /> : null}
				<NodeLinks title="Imports" kind="module" names={[...new Set(imports)]} />
				<NodeLinks title="Imported by" kind="module" names={[...new Set(importedBy)]} />
			</div>
		</div>
	);
}
