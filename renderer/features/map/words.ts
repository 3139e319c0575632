import type { Scene, SceneEdgeKind } from "../../adapters/map-scene.ts";
import { count, plural } from "../../ui/index.ts";

/** A node in one sentence, for those who hear the map. */
export function wordsOf(scene: Scene, id: string | null): string {
	const index = id === null ? undefined : scene.at.get(id);
	const node = index === undefined ? undefined : scene.nodes[index];
	if (index === undefined || node === undefined) return "";
	if (node.shape === "bubble") {
		const [isolated, coupled, entangled] = node.mix;
		return `${node.label}, ${node.kind} of ${plural(node.functions, "function")}: ${count(isolated)} isolated, ${count(coupled)} coupled, ${count(entangled)} entangled`;
	}
	const amount = (lines: readonly number[] | undefined, kind: SceneEdgeKind) =>
		(lines ?? []).filter((line) => scene.edges[line]?.kind === kind).length;
	const [out, into] = [scene.out[index], scene.into[index]];
	switch (node.kind) {
		case "route":
			return `${node.label}, route`;
		case "table":
			return `${node.label}, table, read by ${plural(amount(into, "read"), "function")}, written by ${amount(into, "write")}`;
		default: {
			const home = scene.nodes[node.home]?.label;
			return `${node.label}, ${node.shape} function${home === undefined ? "" : ` in ${home}`}, called by ${amount(into, "call")}, calls ${amount(out, "call")}`;
		}
	}
}
