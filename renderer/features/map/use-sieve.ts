import { useMemo } from "react";
import type { Graph } from "../../../core/contract/graph.ts";
import type { MapLayout } from "../../../core/contract/layout.ts";
import type { Focus, Scene, Sieve } from "../../adapters/map-scene.ts";
import type { MapLook } from "../../state/index.ts";
import { type Facts, factsOf } from "./expression/facts.ts";
import { type Mistake, parseExpression } from "./expression/parse.ts";
import { selectNodes } from "./expression/select.ts";

export type Sifted = { sieve: Sieve; found: number | null; hidden: number; mistakes: { find: Mistake | null; hide: Mistake | null } };

export function useFacts(graph: Graph | null, layout: MapLayout | null): Facts | null {
	return useMemo(() => (graph === null ? null : factsOf(graph, layout)), [graph, layout]);
}

/** What legend, boxes and groups leave of the map. */
export function useSieve(scene: Scene | null, facts: Facts | null, look: MapLook, focus: Focus | null): Sifted {
	const { find, hide, only, grouped } = look;
	const [off, opened] = [look.off.join(), look.opened.join()];
	return useMemo(() => {
		const [finding, hiding] = [parseExpression(find), parseExpression(hide)];
		const hidden = new Set<number>();
		const found = facts === null || finding.expression === null ? null : selectNodes(facts, finding.expression);
		const open = new Set<number>();
		if (scene !== null && facts !== null) {
			if (hiding.expression !== null) for (const index of selectNodes(facts, hiding.expression)) hidden.add(index);
			const classes = new Set<string>(off.split(","));
			for (const [index, node] of scene.nodes.entries()) {
				if (classes.has(node.shape)) hidden.add(index);
				if (only && focus !== null && node.shape !== "bubble" && !focus.nodes.has(index)) hidden.add(index);
			}
			hideEmptyBubbles(scene, hidden);
			for (const id of opened.split(",")) if (scene.at.has(id)) open.add(scene.at.get(id) ?? 0);
		}
		const marks = scene === null ? 0 : [...hidden].filter((index) => scene.nodes[index]?.shape !== "bubble").length;
		return {
			sieve: { hidden, found, isGrouped: grouped, opened: open },
			found: found?.size ?? null,
			hidden: marks,
			mistakes: { find: finding.mistake, hide: hiding.mistake },
		};
	}, [scene, facts, find, hide, off, opened, only, grouped, focus]);
}

/** A bubble of which nothing is left goes with it. */
function hideEmptyBubbles(scene: Scene, hidden: Set<number>): void {
	const left = new Map<number, number>();
	for (const [index, node] of scene.nodes.entries()) {
		if (node.kind !== "function" || hidden.has(index)) continue;
		for (let home = node.home; home !== -1; home = scene.nodes[home]?.home ?? -1) left.set(home, (left.get(home) ?? 0) + 1);
	}
	for (const [index, node] of scene.nodes.entries())
		if (node.shape === "bubble" && node.functions > 0 && !left.has(index) && hidden.size > 0) hidden.add(index);
}
