import type { Scene } from "../../adapters/map-scene.ts";
import type { Menu } from "../../state/index.ts";

/** What the context menu offers on a mark, a bubble, a line or the empty map. */
export function menuOf(
	scene: Scene,
	{ node: id, line }: { node: string | null; line: readonly [string, string] | null },
): Pick<Menu, "label" | "items" | "argument"> {
	const labelOf = (one: string) => scene.nodes[scene.at.get(one) ?? -1]?.label ?? one;
	if (line !== null) {
		const [from, to] = line;
		return {
			label: `${labelOf(from)} to ${labelOf(to)}`,
			items: [
				{ id: "map.lines", argument: `${from}>${to}`, title: "Lines of code behind this line" },
				{ id: "map.show", argument: from, title: `Go to ${labelOf(from)}` },
				{ id: "map.show", argument: to, title: `Go to ${labelOf(to)}` },
			],
		};
	}
	if (id === null)
		return { label: "Map", items: ["map.fit", "map.group", "map.edges", "map.clear", "separator", "map.svg", "map.png", "map.arrange"] };
	const node = scene.nodes[scene.at.get(id) ?? -1];
	const lines = [
		{ id: "map.lines", argument: `${id}>`, title: "Lines of code of what leads out" },
		{ id: "map.lines", argument: `>${id}`, title: "Lines of code of what leads in" },
	] as const;
	if (node?.shape === "bubble")
		return {
			label: node.label,
			argument: id,
			items: ["map.enter", ...(node.kind === "module" ? (["map.show"] as const) : []), "separator", ...lines],
		};
	return {
		label: labelOf(id),
		argument: id,
		items: [
			...(node?.kind === "function" ? (["function.isolate", "separator"] as const) : []),
			"map.show",
			{ id: "map.path", argument: id, title: "Path from the selection to here" },
			...lines,
		],
	};
}
