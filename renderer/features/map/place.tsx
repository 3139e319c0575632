import { Maximize2, Minus, Plus, Spline, Table2 } from "lucide-react";
import { type ReactNode, useEffect, useMemo, useRef } from "react";
import type { Graph } from "../../../core/contract/graph.ts";
import { createMapCanvas, type MapCanvas, type MapMark } from "../../adapters/cytoscape.ts";
import { onTheme, token } from "../../adapters/tokens.ts";
import { CommandButton } from "../../app/command-button.tsx";
import { useApp, useEngine, useProject, useScreen } from "../../app/context.tsx";
import { count, Empty, plural } from "../../ui/index.ts";
import { stageTone, stageWord } from "../stage-strip/index.ts";
import { isolationOf } from "./isolation.ts";
import { layOut } from "./layout.ts";
import { Legend } from "./legend.tsx";
import styles from "./map.module.css";
import { Problems } from "./problems.tsx";
import { TableTwin } from "./table-twin.tsx";

/** The dependency map with its table twin, and the inspector beside it. */
export function MapPlace({ inspector }: { inspector: ReactNode }) {
	const graph = useProject((state) => state.graph);
	const view = useScreen((state) => state.mapView);
	const selected = useScreen((state) => state.selected !== null);
	const allEdges = useScreen((state) => state.allEdges);
	if (graph === null) return <Empty icon={<Spline size={28} aria-hidden="true" />} title="Reading the map" />;
	const functions = graph.nodes.filter((node) => node.kind === "function").length;
	const calls = graph.edges.filter((edge) => edge.kind === "call").length;
	return (
		<div className={styles.place}>
			<section className={styles.stage} aria-label="Dependency map">
				<div className={styles.toolbar} role="toolbar" aria-label="Map">
					<span className={styles.counts}>
						{plural(functions, "function")}, {plural(calls, "call")}, {count(graph.routes.length)} routes, {count(graph.tables.length)}{" "}
						tables
					</span>
					<CommandButton id="map.twin" look="quiet" pressed={view === "table"} icon={<Table2 size={15} aria-hidden="true" />}>
						Table
					</CommandButton>
					{view === "table" ? null : (
						<CommandButton id="map.edges" look="quiet" pressed={allEdges} icon={<Spline size={15} aria-hidden="true" />}>
							All lines
						</CommandButton>
					)}
					<Problems graph={graph} />
				</div>
				{view === "table" ? (
					<TableTwin graph={graph} />
				) : (
					<>
						<Bubbles graph={graph} />
						<Legend />
						<section className={styles.zoom} aria-label="Zoom">
							<CommandButton id="map.zoomIn" iconOnly icon={<Plus size={16} aria-hidden="true" />} />
							<CommandButton id="map.zoomOut" iconOnly icon={<Minus size={16} aria-hidden="true" />} />
							<CommandButton id="map.fit" iconOnly icon={<Maximize2 size={15} aria-hidden="true" />} />
						</section>
					</>
				)}
			</section>
			<aside className={`${styles.inspector} ${selected ? styles.open : ""}`} aria-label="Inspector">
				{inspector}
			</aside>
		</div>
	);
}

const MARGIN = { left: 132, right: 118, top: 78, bottom: 66 };

function Bubbles({ graph }: { graph: Graph }) {
	const { screen } = useApp();
	const host = useRef<HTMLDivElement>(null);
	const canvas = useRef<MapCanvas | null>(null);
	const selected = useScreen((state) => state.selected);
	const allEdges = useScreen((state) => state.allEdges);
	const migrations = useEngine((state) => state.snapshot?.migrations);

	useEffect(() => {
		if (host.current === null) return;
		const { select, set } = screen.getState();
		let timer: ReturnType<typeof setTimeout> | undefined;
		const map = createMapCanvas({
			host: host.current,
			...elementsOf(graph),
			margin: MARGIN,
			token,
			onSelect: select,
			// A pointer that only passes over a bubble does not make the picture flicker.
			onHover(id) {
				clearTimeout(timer);
				timer = setTimeout(() => map.focus(id ?? screen.getState().selected), id === null ? 160 : 90);
			},
			onReady: () => performance.mark("map-interactive"),
		});
		canvas.current = map;
		map.focus(screen.getState().selected);
		set({ map: { fit: map.fit, zoomBy: map.zoomBy, flyTo: map.flyTo } });
		const stop = onTheme(map.restyle);
		return () => {
			clearTimeout(timer);
			stop();
			set({ map: null });
			canvas.current = null;
			map.destroy();
		};
	}, [graph, screen]);

	useEffect(() => canvas.current?.focus(selected), [selected]);
	useEffect(() => canvas.current?.showAllEdges(allEdges), [allEdges]);
	const marks = useMemo(
		() =>
			new Map<string, MapMark>(
				(migrations ?? []).map((one) => [`function:${one.function}`, { tone: stageTone(one), word: stageWord(one) }]),
			),
		[migrations],
	);
	const signature = [...marks].map(([id, mark]) => `${id} ${mark.tone} ${mark.word}`).join();
	// The signature, not the map: ten snapshots a second must not draw ten times.
	// biome-ignore lint/correctness/useExhaustiveDependencies: see above
	useEffect(() => canvas.current?.setMarks(marks), [signature, graph]);

	const words = `Map of ${graph.nodes.length} nodes. The button Table shows the same as a table for keyboard and screen reader.`;
	return <div ref={host} className={styles.bubbles} role="img" aria-label={words} />;
}

function elementsOf(graph: Graph) {
	const { spots, box } = layOut(graph);
	const at = (id: string) => spots.get(id) ?? { x: 0, y: 0, r: 10 };
	const nodes = graph.nodes.map((node) => ({
		id: node.id,
		kind: node.kind,
		label: node.name,
		...at(node.id),
		home: node.parent ?? undefined,
		isolation: isolationOf(node.isolation),
		rank: node.kind === "module" ? 500 : node.kind === "function" ? node.complexity : 300,
	}));
	const edges = graph.edges.flatMap((edge, index) =>
		edge.kind === "import" || !spots.has(edge.from) || !spots.has(edge.to)
			? []
			: [{ id: `e${index}`, from: edge.from, to: edge.to, kind: edge.kind }],
	);
	return { nodes, edges, box };
}
