import { Maximize2, Minus, Plus, Spline } from "lucide-react";
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Focus } from "../../adapters/map-scene.ts";
import type { MapView } from "../../adapters/map-view.ts";
import { CommandButton } from "../../app/command-button.tsx";
import { useApp, useProject, useScreen } from "../../app/context.tsx";
import type { MapHandle } from "../../state/index.ts";
import { Empty, SplitPane } from "../../ui/index.ts";
import { Bubbles } from "./bubbles.tsx";
import { Filters } from "./filters.tsx";
import { aroundBubble, type Neighbourhood, neighbourhood, pathFocus, shortestPath } from "./focus.ts";
import { Legend } from "./legend.tsx";
import styles from "./map.module.css";
import { sceneOf } from "./scene.ts";
import { SmallMap } from "./small-map.tsx";
import { Toolbar } from "./toolbar.tsx";
import { useLayout, useLook, useNote } from "./use-map.ts";
import { useFacts, useSieve } from "./use-sieve.ts";

const TableTwin = lazy(() => import("./table-twin.tsx").then((module) => ({ default: module.TableTwin })));
const PathBar = lazy(() => import("./path-bar.tsx").then((module) => ({ default: module.PathBar })));
const LinesCard = lazy(() => import("./lines-card.tsx").then((module) => ({ default: module.LinesCard })));

/** The dependency map with its table twin, and the inspector beside it. */
export function MapPlace({ inspector }: { inspector: ReactNode }) {
	return (
		<SplitPane
			id="map"
			label="Width of the inspector"
			initial={matchMedia("(max-width: 1180px)").matches ? "20rem" : "24.5rem"}
			min="18rem"
			side={
				<aside className={styles.inspector} aria-label="Inspector">
					{inspector}
				</aside>
			}
		>
			<Stage />
		</SplitPane>
	);
}

function Stage() {
	const graph = useProject((state) => state.graph);
	const { layout, arrange } = useLayout(graph);
	const look = useLook();
	const note = useNote();
	const isTable = useScreen((state) => state.mapView === "table");
	const selected = useScreen((state) => state.selected);
	const [wanted, setWanted] = useState(false);
	// A filter that acts is always in sight.
	const filtering = wanted || look.find !== "" || look.hide !== "";
	const [asked, setAsked] = useState({ find: 0, path: 0 });
	const [naming, setNaming] = useState(false);
	const [view, setView] = useState<MapView | null>(null);
	const follow = useRef<(() => void) | null>(null);
	const onMove = useCallback(() => follow.current?.(), []);

	const facts = useFacts(graph, layout);
	const scene = useMemo(() => (graph === null || layout === null ? null : sceneOf(graph, layout)), [graph, layout]);
	const [from, to] = [look.path?.from ?? null, look.path?.to ?? null];
	const path = useMemo(() => (scene === null || from === null || to === null ? null : shortestPath(scene, from, to)), [scene, from, to]);
	const focus = useMemo((): Focus | Neighbourhood | null => {
		if (scene === null) return null;
		if (path !== null && path.length > 0 && from !== null) return pathFocus(scene, path, from);
		if (selected !== null) return neighbourhood(scene, selected, look.depth);
		return look.bubble === null ? null : aroundBubble(scene, look.bubble);
	}, [scene, path, from, selected, look.depth, look.bubble]);
	const cut = focus !== null && "whole" in focus && focus.whole > focus.nodes.size ? { shown: focus.nodes.size, whole: focus.whole } : null;
	const sifted = useSieve(scene, facts, look, look.only ? focus : null);

	const [whole, gone] = useMemo(() => {
		const functions = (indices: Iterable<number>) => [...indices].filter((index) => scene?.nodes[index]?.kind === "function").length;
		return [functions(scene?.nodes.keys() ?? []), functions(sifted.sieve.hidden)];
	}, [scene, sifted.sieve]);
	const { screen } = useApp();
	const asks = useRef<(field: "find" | "path" | "view") => void>(() => {});
	// The table has boxes and views, too; what moves a picture has nothing to move there.
	useEffect(() => {
		if (!isTable) return;
		screen.getState().set({ map: { ...noPicture, ask: (field) => asks.current(field), arrange } });
		return () => screen.getState().set({ map: null });
	}, [isTable, screen, arrange]);

	if (graph === null || scene === null || facts === null)
		return <Empty icon={<Spline size={28} aria-hidden="true" />} title={graph === null ? "Reading the map" : "Arranging the map"} />;
	const ask = (field: "find" | "path" | "view") => {
		if (field === "view") setNaming(true);
		else setAsked((before) => ({ ...before, [field]: before[field] + 1 }));
		if (field === "find") setWanted(true);
	};
	asks.current = ask;
	return (
		<section className={styles.stage} aria-label="Dependency map">
			<div className={styles.top}>
				<Toolbar graph={graph} filtering={filtering} shown={whole - gone} whole={whole} views={{ open: naming, onOpen: setNaming }} />
				<Suspense>
					{filtering ? (
						<Filters
							sifted={sifted}
							asked={asked.find}
							onClose={() => {
								setWanted(false);
								note({ find: "", hide: "" });
							}}
						/>
					) : null}
					{look.path !== null && !isTable ? <PathBar scene={scene} path={path} asked={asked.path} /> : null}
				</Suspense>
			</div>
			{isTable ? (
				<Suspense fallback={<Empty icon={<Spline size={28} aria-hidden="true" />} title="One moment" />}>
					<TableTwin facts={facts} sieve={sifted.sieve} lowered={filtering} />
				</Suspense>
			) : (
				<>
					<Bubbles
						scene={scene}
						look={look}
						sieve={sifted.sieve}
						focus={focus}
						ask={ask}
						arrange={arrange}
						onView={setView}
						onMove={onMove}
					/>
					<Legend directions={selected !== null && path === null} cut={cut} />
					<div className={styles.corner}>
						{look.minimap && view !== null ? (
							<SmallMap
								scene={scene}
								view={view}
								onMade={(show) => {
									follow.current = show;
								}}
							/>
						) : null}
						<section className={styles.zoom} aria-label="Zoom">
							<CommandButton id="map.zoomIn" iconOnly icon={<Plus size={16} aria-hidden="true" />} />
							<CommandButton id="map.zoomOut" iconOnly icon={<Minus size={16} aria-hidden="true" />} />
							<CommandButton id="map.fit" iconOnly icon={<Maximize2 size={15} aria-hidden="true" />} />
						</section>
					</div>
					<Suspense>{look.lines === null ? null : <LinesCard scene={scene} />}</Suspense>
				</>
			)}
		</section>
	);
}

const noPicture: MapHandle = {
	fit() {},
	zoomBy() {},
	flyTo() {},
	flyInto() {},
	isOpen: () => false,
	neighbour: () => null,
	hasFocus: () => false,
	ask() {},
	save: () => Promise.resolve(),
	arrange: () => Promise.resolve(),
};
