import { Boxes, Crosshair, FileText, ListFilter, Route as RouteIcon, Spline, Table2 } from "lucide-react";
import { lazy, Suspense } from "react";
import type { Graph } from "../../../core/contract/graph.ts";
import { CommandButton } from "../../app/command-button.tsx";
import { perform } from "../../app/commands/index.ts";
import { useApp, useScreen } from "../../app/context.tsx";
import { count } from "../../ui/index.ts";
import styles from "./map.module.css";
import { Problems } from "./problems.tsx";
import { useLook } from "./use-map.ts";

const ViewsMenu = lazy(() => import("./views-menu.tsx").then((module) => ({ default: module.ViewsMenu })));

type Props = { graph: Graph; filtering: boolean; shown: number; whole: number; views: { open: boolean; onOpen(open: boolean): void } };

export function Toolbar({ graph, filtering, shown, whole, views }: Props) {
	const look = useLook();
	const isTable = useScreen((state) => state.mapView === "table");
	const allEdges = useScreen((state) => state.allEdges);
	const selected = useScreen((state) => state.selected !== null);
	return (
		<div className={styles.toolbar} role="toolbar" aria-label="Map">
			<span className={styles.counts}>
				<strong>{shown === whole ? count(whole) : `${count(shown)} of ${count(whole)}`}</strong> functions
			</span>
			<CommandButton id="map.twin" look="quiet" pressed={isTable} icon={<Table2 size={15} aria-hidden="true" />}>
				Table
			</CommandButton>
			{isTable ? null : (
				<>
					<i className={styles.rule} aria-hidden="true" />
					<CommandButton id="map.focus" look="quiet" pressed={look.only} icon={<Crosshair size={15} aria-hidden="true" />}>
						Focus
					</CommandButton>
					{selected ? <Depth /> : null}
					<CommandButton id="map.path" look="quiet" pressed={look.path !== null} icon={<RouteIcon size={15} aria-hidden="true" />}>
						Path
					</CommandButton>
					<CommandButton id="map.group" look="quiet" pressed={look.grouped} icon={<Boxes size={15} aria-hidden="true" />}>
						Group
					</CommandButton>
					<CommandButton id="map.edges" look="quiet" pressed={allEdges} icon={<Spline size={15} aria-hidden="true" />}>
						Lines
					</CommandButton>
					{selected || look.bubble !== null ? (
						<CommandButton id="map.lines" look="quiet" pressed={look.lines !== null} icon={<FileText size={15} aria-hidden="true" />}>
							Code
						</CommandButton>
					) : null}
				</>
			)}
			<i className={styles.rule} aria-hidden="true" />
			<CommandButton id="map.filter" look="quiet" pressed={filtering} icon={<ListFilter size={15} aria-hidden="true" />}>
				Filter
			</CommandButton>
			<Suspense>
				<ViewsMenu {...views} />
			</Suspense>
			<Problems graph={graph} />
		</div>
	);
}

function Depth() {
	const app = useApp();
	const { depth } = useLook();
	return (
		<fieldset className={styles.depth} aria-label="Steps of the neighbourhood">
			{([1, 2, 3] as const).map((one) => (
				<button
					key={one}
					type="button"
					aria-pressed={depth === one}
					title={`Neighbours up to ${one} ${one === 1 ? "step" : "steps"} away ([ and ])`}
					onClick={() => void perform(app, "map.depth", String(one))}
				>
					{one}
				</button>
			))}
		</fieldset>
	);
}
