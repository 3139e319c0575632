import { DRAWN_LIMIT, type Focus, type Scene } from "../../adapters/map-scene.ts";

/** Lines that one neighbourhood may bring; Cytoscape draws nodes and lines together. */
const ROOM = DRAWN_LIMIT;

/** `whole`: how many nodes it would have; more than there are in it when not all can be drawn. */
export type Neighbourhood = Focus & { whole: number };

/** What calls the selection and what it calls, up to so many steps; of a module, of all its functions. The nearest come first. */
export function neighbourhood(scene: Scene, id: string, depth: number): Neighbourhood | null {
	const chosen = scene.at.get(id);
	const node = chosen === undefined ? undefined : scene.nodes[chosen];
	if (chosen === undefined || node === undefined || node.kind === "package") return null;
	const starts = node.kind === "module" ? [chosen, ...scene.nodes.flatMap((one, index) => (one.home === chosen ? [index] : []))] : [chosen];
	const nodes = new Set(starts);
	let room = ROOM - nodes.size;
	let isWhole = room > 0;
	const walk = (lines: Scene["out"], end: "from" | "to") => {
		const found = new Set<number>();
		let ring: readonly number[] = starts;
		for (let step = 0; step < depth; step++) {
			const next: number[] = [];
			for (const index of ring) {
				for (const line of lines[index] ?? []) {
					const other = scene.edges[line]?.[end];
					if (other === undefined || found.has(line)) continue;
					const cost = nodes.has(other) ? 1 : 2;
					if (room < cost) {
						isWhole = false;
						return [...found];
					}
					room -= cost;
					found.add(line);
					if (!nodes.has(other)) next.push(other);
					nodes.add(other);
				}
			}
			ring = next;
		}
		return [...found];
	};
	const into = walk(scene.into, "from");
	const out = walk(scene.out, "to");
	const whole = isWhole ? nodes.size : reached(scene, starts, depth);
	return { chosen, nodes, into: into.filter((line) => !out.includes(line)), out, whole };
}

/** How many nodes are so many steps away at most, along either direction. */
function reached(scene: Scene, starts: readonly number[], depth: number): number {
	const all = new Set(starts);
	const walk = (lines: Scene["out"], end: "from" | "to") => {
		const seen = new Set(starts);
		let ring: readonly number[] = starts;
		for (let step = 0; step < depth; step++) {
			const next = new Set(ring.flatMap((index) => (lines[index] ?? []).flatMap((line) => scene.edges[line]?.[end] ?? [])));
			ring = [...next].filter((index) => !seen.has(index));
			for (const index of ring) seen.add(index);
		}
		for (const index of seen) all.add(index);
	};
	walk(scene.into, "from");
	walk(scene.out, "to");
	return all.size;
}

/** The lines that touch a package, as the modules at their ends; drawn as a focus of bubbles. */
export function aroundBubble(scene: Scene, id: string): Focus | null {
	const chosen = scene.at.get(id);
	if (chosen === undefined || scene.nodes[chosen]?.kind !== "package") return null;
	return { chosen, nodes: new Set([chosen]), into: [], out: [] };
}

/** The shortest way along calls, routes and table accesses, as lines in their order; null when there is none. */
export function shortestPath(scene: Scene, from: string, to: string): number[] | null {
	const [start, goal] = [scene.at.get(from), scene.at.get(to)];
	if (start === undefined || goal === undefined) return null;
	const cameBy = new Map<number, number>();
	const seen = new Set([start]);
	for (const index of seen) {
		if (index === goal) break;
		for (const line of scene.out[index] ?? []) {
			const next = scene.edges[line]?.to;
			if (next === undefined || seen.has(next)) continue;
			seen.add(next);
			cameBy.set(next, line);
		}
	}
	if (!seen.has(goal)) return null;
	const path: number[] = [];
	for (let at = goal; at !== start; ) {
		const line = cameBy.get(at) ?? 0;
		path.unshift(line);
		at = scene.edges[line]?.from ?? start;
	}
	return path;
}

/** A path as a focus: its nodes and its lines. */
export function pathFocus(scene: Scene, path: readonly number[], from: string): Focus {
	const nodes = new Set(path.flatMap((line) => [scene.edges[line]?.from ?? 0, scene.edges[line]?.to ?? 0]));
	const chosen = scene.at.get(from) ?? -1;
	return { chosen, nodes: new Set([chosen, ...nodes]), into: [], out: path };
}
