import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, useState } from "react";
import type { Sieve } from "../../adapters/map-scene.ts";
import { useScreen } from "../../app/context.tsx";
import { count, plural, shortName } from "../../ui/index.ts";
import { type Facts, numberOf } from "./expression/facts.ts";
import { isolationOf } from "./isolation.ts";
import { Shape } from "./legend.tsx";
import styles from "./table-twin.module.css";

type Key = "name" | "module" | "complexity" | "isolation" | "callers" | "callees" | "routes" | "tables";
type Row = Record<Exclude<Key, "name" | "module">, number> & { id: string; name: string; module: string; place: string };

const columns: readonly { key: Key; title: string; isNumber: boolean }[] = [
	{ key: "name", title: "Function", isNumber: false },
	{ key: "module", title: "Module", isNumber: false },
	{ key: "complexity", title: "Complexity", isNumber: true },
	{ key: "isolation", title: "Isolation", isNumber: true },
	{ key: "callers", title: "Callers", isNumber: true },
	{ key: "callees", title: "Calls", isNumber: true },
	{ key: "routes", title: "Routes", isNumber: true },
	{ key: "tables", title: "Tables", isNumber: true },
];
const ROW = 30;

/** The map as a table: the same functions, filtered by the same legend and boxes, sortable, by keyboard. Draws only what is in sight. */
export function TableTwin({ facts, sieve, lowered }: { facts: Facts; sieve: Sieve; lowered: boolean }) {
	const [sort, setSort] = useState<{ key: Key; down: boolean }>({ key: "complexity", down: true });
	const selected = useScreen((state) => state.selected);
	const select = useScreen((state) => state.select);
	const scroller = useRef<HTMLDivElement>(null);
	const all = useMemo(() => rowsOf(facts), [facts]);
	const rows = useMemo(() => {
		const kept = all.filter(({ index }) => !sieve.hidden.has(index) && sieve.found?.has(index) !== false).map(({ row }) => row);
		return kept.sort((a, b) => (sort.down ? -1 : 1) * compare(a[sort.key], b[sort.key]) || compare(a.id, b.id));
	}, [all, sieve, sort]);
	const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 12 });
	const shown = virtual.getVirtualItems();
	const [above, below] = [shown[0]?.start ?? 0, virtual.getTotalSize() - (shown.at(-1)?.end ?? 0)];
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
		<section ref={scroller} className={`${styles.twin} ${lowered ? styles.lowered : ""}`} tabIndex={0} aria-label="Functions as a table">
			<table aria-rowcount={rows.length + 1}>
				<caption className="sr-only">{plural(rows.length, "function")}</caption>
				<thead>
					<tr>
						{columns.map(({ key, title, isNumber }) => (
							<th
								key={key}
								scope="col"
								className={isNumber ? styles.number : ""}
								aria-sort={sort.key !== key ? "none" : sort.down ? "descending" : "ascending"}
							>
								<button type="button" onClick={() => setSort({ key, down: sort.key === key ? !sort.down : isNumber })}>
									{title}
									<span aria-hidden="true">{sort.key !== key ? "" : sort.down ? " ↓" : " ↑"}</span>
								</button>
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{above > 0 ? <Gap height={above} /> : null}
					{shown.map(({ index }) => {
						const row = rows[index];
						if (row === undefined) return null;
						const shape = isolationOf(row.isolation);
						return (
							<tr key={row.id} aria-rowindex={index + 2} aria-current={row.id === selected ? "true" : undefined}>
								<th scope="row">
									<button type="button" onClick={() => select(row.id)}>
										<Shape kind={shape} />
										{row.name}
									</button>
								</th>
								<td title={row.place}>{row.module}</td>
								<td className={styles.number}>{count(row.complexity)}</td>
								<td className={styles.number}>
									{row.isolation.toFixed(2)} {shape}
								</td>
								<td className={styles.number}>{row.callers}</td>
								<td className={styles.number}>{row.callees}</td>
								<td className={styles.number}>{row.routes}</td>
								<td className={styles.number}>{row.tables}</td>
							</tr>
						);
					})}
					{below > 0 ? <Gap height={below} /> : null}
				</tbody>
			</table>
			{rows.length === 0 ? <p className={styles.none}>No function is left by the filters.</p> : null}
		</section>
	);
}

/** Where rows would stand that are not in sight. */
function Gap({ height }: { height: number }) {
	return (
		<tr>
			<td colSpan={columns.length} style={{ height, padding: 0, border: 0 }} />
		</tr>
	);
}

function rowsOf(facts: Facts): { index: number; row: Row }[] {
	return facts.graph.nodes.flatMap((node, index) => {
		if (node.kind !== "function") return [];
		const number = (field: Exclude<Key, "name" | "module">) => numberOf(facts, index, field);
		const row: Row = {
			id: node.id,
			name: node.name,
			module: node.parent === null ? "" : shortModule(node.parent.replace("module:", "")),
			place: `${node.file}:${node.line}`,
			complexity: node.complexity,
			isolation: node.isolation,
			callers: number("callers"),
			callees: number("callees"),
			routes: number("routes"),
			tables: number("tables"),
		};
		return [{ index, row }];
	});
}

/** The last two parts of a dotted name say enough beside the place. */
const shortModule = (name: string) => (name.split(".").length > 2 ? `${name.split(".").at(-2)}.${shortName(name)}` : name);

function compare(a: string | number, b: string | number): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
