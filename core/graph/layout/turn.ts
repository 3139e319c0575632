import type { Placed } from "./discs.ts";
import type { LaidEdge } from "./tree.ts";

type Point = { x: number; y: number };
/** Lines from one inner place to places outside. */
export type Reach = ReadonlyMap<string, readonly Point[]>;

const TURNS = 16;

/** Turns (and mirrors) what stands inside of a bubble so that its lines to the outside become as short as they can. */
export function turnTowards(inner: readonly Placed[], middle: Point, reach: Reach): Placed[] {
	const lines = inner.flatMap((disc) => (reach.get(disc.id) ?? []).map((to) => ({ disc, to })));
	if (lines.length === 0 || inner.length < 2) return [...inner];
	let best = { cost: Number.POSITIVE_INFINITY, turn: 0, mirror: 1 };
	for (const mirror of [1, -1]) {
		for (let turn = 0; turn < TURNS; turn++) {
			const move = turner(turn, mirror);
			let cost = 0;
			for (const { disc, to } of lines) {
				const at = move(disc);
				cost += Math.hypot(middle.x + at.x - to.x, middle.y + at.y - to.y);
			}
			if (cost < best.cost - 1e-6) best = { cost, turn, mirror };
		}
	}
	const move = turner(best.turn, best.mirror);
	return inner.map((disc) => ({ ...disc, ...move(disc) }));
}

function turner(turn: number, mirror: number): (point: Point) => Point {
	const angle = (turn * 2 * Math.PI) / TURNS;
	const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
	return ({ x, y }) => ({ x: mirror * x * cos - y * sin, y: mirror * x * sin + y * cos });
}

/** For each bubble, where the lines of each inner node lead; `home` names the bubble of a node, `inside` the inner disc it lies on. */
export function reachesOf(
	edges: readonly LaidEdge[],
	home: (id: string) => string | null,
	inside: (id: string) => string | null,
	at: (id: string) => Point | undefined,
): Map<string, Map<string, Point[]>> {
	const reaches = new Map<string, Map<string, Point[]>>();
	const add = (id: string, other: string) => {
		const [bubble, disc, to] = [home(id), inside(id), at(other)];
		if (bubble === null || disc === null || to === undefined || bubble === home(other)) return;
		const row = reaches.get(bubble) ?? new Map<string, Point[]>();
		const points = row.get(disc) ?? [];
		if (points.length === 0) row.set(disc, points);
		points.push(to);
		reaches.set(bubble, row);
	};
	for (const edge of edges) {
		add(edge.from, edge.to);
		add(edge.to, edge.from);
	}
	return reaches;
}
