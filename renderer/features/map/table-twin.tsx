import { useMemo, useState } from "react";
import type { Graph } from "../../../core/contract/graph.ts";
import { useScreen } from "../../app/context.tsx";
import { count, shortName } from "../../ui/index.ts";
import { type Isolation, isolationOf } from "./isolation.ts";
import { Shape } from "./legend.tsx";
import styles from "./map.module.css";

type Row = {
	id: string;
	name: string;
	module: string;
	place: string;
	complexity: number;
	isolation: number;
	isolationClass: Isolation;
	callers: number;
	calls: number;
	tables: number;
	routes: number;
};
type Column = { key: Exclude<keyof Row, "id" | "isolationClass">; title: string; number: boolean };

const columns: readonly Column[] = [
	{ key: "name", title: "Function", number: false },
	{ key: "module", title: "Module", number: false },
	{ key: "place", title: "Place", number: false },
	{ key: "complexity", title: "Complexity", number: true },
	{ key: "isolation", title: "Isolation", number: true },
	{ key: "callers", title: "Callers", number: true },
	{ key: "calls", title: "Calls", number: true },
	{ key: "routes", title: "Routes", number: true },
	{ key: "tables", title: "Tables", number: true },
];

/** The map as a table: the same functions, sortable, by keyboard. */
export function TableTwin({ graph }: { graph: Graph }) {
	const [sort, setSort] = useState<{ key: Column["key"]; down: boolean }>({ key: "complexity", down: true });
	const selected = useScreen((state) => state.selected);
	const select = useScreen((state) => state.select);
	const rows = useMemo(() => rowsOf(graph), [graph]);
	const sorted = useMemo(
		() => [...rows].sort((a, b) => (sort.down ? -1 : 1) * compare(a[sort.key], b[sort.key]) || a.id.localeCompare(b.id)),
		[rows, sort],
	);
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
		<section className={styles.twin} tabIndex={0} aria-label="Functions as a table">
			<table>
				<thead>
					<tr>
						{columns.map(({ key, title, number }) => (
							<th
								key={key}
								scope="col"
								className={number ? styles.number : ""}
								aria-sort={sort.key !== key ? "none" : sort.down ? "descending" : "ascending"}
							>
								<button type="button" onClick={() => setSort({ key, down: sort.key === key ? !sort.down : number })}>
									{title}
									<span aria-hidden="true">{sort.key !== key ? "" : sort.down ? " ↓" : " ↑"}</span>
								</button>
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{sorted.map((row) => (
						<tr key={row.id} aria-current={row.id === selected ? "true" : undefined}>
							<th scope="row">
								<button type="button" onClick={() => select(row.id)}>
									<Shape kind={row.isolationClass} />
									{row.name}
								</button>
							</th>
							<td>{row.module}</td>
							<td className={styles.muted}>{row.place}</td>
							<td className={styles.number}>{count(row.complexity)}</td>
							<td className={styles.number}>
								{row.isolation.toFixed(2)} {row.isolationClass}
							</td>
							<td className={styles.number}>{row.callers}</td>
							<td className={styles.number}>{row.calls}</td>
							<td className={styles.number}>{row.routes}</td>
							<td className={styles.number}>{row.tables}</td>
						</tr>
					))}
				</tbody>
			</table>
		</section>
	);
}

function rowsOf(graph: Graph): Row[] {
	return graph.nodes
		.filter((node) => node.kind === "function")
		.map((node) => {
			const out = graph.edges.filter((edge) => edge.from === node.id);
			const into = graph.edges.filter((edge) => edge.to === node.id);
			return {
				id: node.id,
				name: node.name,
				module: node.parent === null ? "" : shortName(node.parent.replace("module:", "")),
				place: `${node.file}:${node.line}`,
				complexity: node.complexity,
				isolation: node.isolation,
				isolationClass: isolationOf(node.isolation),
				callers: into.filter((edge) => edge.kind === "call").length,
				calls: out.filter((edge) => edge.kind === "call").length,
				routes: into.filter((edge) => edge.kind === "route").length,
				tables: new Set(out.filter((edge) => edge.kind === "read" || edge.kind === "write").map((edge) => edge.to)).size,
			};
		});
}

function compare(a: string | number, b: string | number): number {
	return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
}
