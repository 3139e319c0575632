import { useCallback, useEffect, useMemo, useState } from "react";
import type { Graph } from "../../../core/contract/graph.ts";
import type { MapLayout } from "../../../core/contract/layout.ts";
import { ask } from "../../app/commands/index.ts";
import { useApp, useEngine, useScreen } from "../../app/context.tsx";
import { type MapLook, readLook, writeLook } from "../../state/index.ts";

/** How the map is looked at; all of it stands in the address. */
export function useLook(): MapLook {
	const details = useScreen((state) => state.details.map);
	return useMemo(() => readLook(details), [details]);
}

export function useNote(): (look: Partial<MapLook>) => void {
	const { screen } = useApp();
	return (look) => screen.getState().detail("map", writeLook(look));
}

const layouts = new WeakMap<Graph, MapLayout>();

/** Where everything stands, from the engine; null until it answers. `arrange` asks it to pack everything anew. */
export function useLayout(graph: Graph | null): { layout: MapLayout | null; arrange(): Promise<void> } {
	const app = useApp();
	const connection = useEngine((state) => state.connection);
	const [layout, setLayout] = useState(() => (graph === null ? null : (layouts.get(graph) ?? null)));
	useEffect(() => {
		if (graph === null || connection !== "open") return;
		const known = layouts.get(graph);
		if (known !== undefined) return setLayout(known);
		setLayout(null);
		let isOver = false;
		void ask(app, (client) => client.map.layout({})).then((answer) => {
			if (answer == null || isOver) return;
			layouts.set(graph, answer);
			setLayout(answer);
		});
		return () => {
			isOver = true;
		};
	}, [app, graph, connection]);
	const arrange = useCallback(async () => {
		const answer = await ask(app, (client) => client.map.layout({ arrange: true }));
		performance.mark("map-arranged");
		if (answer == null || graph === null) return;
		layouts.set(graph, answer);
		setLayout(answer);
	}, [app, graph]);
	return { layout, arrange };
}
