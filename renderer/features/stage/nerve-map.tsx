import { useCallback, useMemo } from "react";
import type { Graph, GraphNode } from "../../../core/contract/graph.ts";
import { token } from "../../adapters/tokens.ts";
import { count } from "../../ui/index.ts";
import { type Pen, setFont, useCanvas } from "./canvas.ts";
import styles from "./chapters.module.css";

type Spot = { x: number; y: number; r: number };
type Nerve = { from: Spot; to: Spot; bend: number; length: number; isOwn: boolean };
type Picture = { spots: Map<string, Spot>; nerves: Nerve[]; bodies: { spot: Spot; node: GraphNode }[]; subject: string | null };

const PULSES = 90;
/** Above this only the chosen function's lines are drawn one by one. */
const MANY_LINES = 4_000;

/** The whole system as a nervous system: every call and every access to a table is a nerve; the chosen function glows. */
export function NerveMap({ graph, subject }: { graph: Graph; subject: string | null }) {
	const picture = useMemo(() => pictureOf(graph, subject), [graph, subject]);
	const draw = useCallback((pen: Pen) => drawPicture(pen, picture), [picture]);
	const canvas = useCanvas(draw, true);
	const functions = graph.nodes.filter(({ kind }) => kind === "function").length;
	return (
		<canvas
			ref={canvas}
			className={styles.nerves}
			role="img"
			aria-label={`Map of ${count(functions)} functions and ${count(graph.tables.length)} tables${subject === null ? "" : ` around ${subject}`}`}
		/>
	);
}

/** Places in a disc of radius 1: modules as heads of a sunflower, their functions around them, tables on the rim. Seeded by order. */
function pictureOf(graph: Graph, subject: string | null): Picture {
	const spots = new Map<string, Spot>();
	const bodies: Picture["bodies"] = [];
	const put = (node: GraphNode, spot: Spot) => {
		spots.set(node.id, spot);
		bodies.push({ spot, node });
	};
	const functions = graph.nodes.filter(({ kind }) => kind === "function");
	const modules = new Map<string, GraphNode[]>();
	for (const node of functions) modules.set(node.parent ?? "", [...(modules.get(node.parent ?? "") ?? []), node]);
	const groups = [...modules.values()].sort((one, other) => other.length - one.length);
	const largest = Math.max(1, ...functions.map(({ complexity }) => complexity));
	for (const [index, members] of groups.entries()) {
		const far = Math.sqrt((index + 0.5) / groups.length) * 0.72;
		const turn = index * 2.399_963;
		const reach = 0.055 + Math.sqrt(members.length / Math.max(1, functions.length)) * 0.34;
		for (const [place, node] of members.sort((one, other) => other.complexity - one.complexity).entries()) {
			const out = Math.sqrt(place / Math.max(1, members.length)) * reach;
			const angle = turn + place * 2.399_963;
			const r = (0.006 + Math.sqrt(node.complexity / largest) * 0.02) * Math.min(1, 14 / Math.sqrt(functions.length));
			put(node, { x: Math.cos(turn) * far + Math.cos(angle) * out, y: Math.sin(turn) * far + Math.sin(angle) * out, r });
		}
	}
	const tables = graph.nodes.filter(({ kind }) => kind === "table");
	for (const [index, node] of tables.entries()) {
		const angle = (index / Math.max(1, tables.length)) * Math.PI * 2 - Math.PI / 2;
		put(node, { x: Math.cos(angle) * 0.97, y: Math.sin(angle) * 0.97, r: 0.011 });
	}
	const own = subject === null ? null : `function:${subject}`;
	const nerves = graph.edges.flatMap((edge, index): Nerve[] => {
		const [from, to] = [spots.get(edge.from), spots.get(edge.to)];
		if (edge.kind === "import" || from === undefined || to === undefined) return [];
		const isOwn = edge.from === own || edge.to === own;
		return [{ from, to, bend: ((index % 7) - 3) * 0.05, length: Math.hypot(to.x - from.x, to.y - from.y), isOwn }];
	});
	const drawn =
		nerves.length > MANY_LINES ? nerves.filter(({ isOwn }, index) => isOwn || index % Math.ceil(nerves.length / MANY_LINES) === 0) : nerves;
	return { spots, nerves: drawn, bodies, subject: own };
}

function drawPicture(pen: Pen, { spots, nerves, bodies, subject }: Picture): void {
	const { context, width, height, text, time } = pen;
	const wide = Math.max(width * 0.47, 1);
	const high = Math.max(height * 0.46, 1);
	const at = ({ x, y }: { x: number; y: number }) => [width / 2 + x * wide, height / 2 + y * high] as const;
	const scale = Math.min(wide, high);
	const ink = { line: token("line-strong"), own: token("accent"), node: token("text-muted"), table: token("table"), hot: token("legacy") };

	const middleOf = ({ from, to, bend }: Nerve) => {
		const [ax, ay] = at(from);
		const [bx, by] = at(to);
		return [(ax + bx) / 2 - (by - ay) * bend * 2, (ay + by) / 2 + (bx - ax) * bend * 2] as const;
	};
	const trace = (path: Path2D, nerve: Nerve) => {
		const [mx, my] = middleOf(nerve);
		path.moveTo(...at(nerve.from));
		path.quadraticCurveTo(mx, my, ...at(nerve.to));
	};
	const [others, mine] = [new Path2D(), new Path2D()];
	for (const nerve of nerves) trace(nerve.isOwn ? mine : others, nerve);
	context.lineWidth = 1;
	context.strokeStyle = `${ink.line}8c`;
	context.stroke(others);
	context.lineWidth = text / 9;
	context.strokeStyle = ink.own;
	context.stroke(mine);

	if (time > 0 && nerves.length > 0) {
		for (let pulse = 0; pulse < PULSES; pulse++) {
			const nerve = nerves[(pulse * 97) % nerves.length] as Nerve;
			const part = (time / (1_600 + (pulse % 9) * 260) + pulse * 0.137) % 1;
			const [mx, my] = middleOf(nerve);
			const [ax, ay] = at(nerve.from);
			const [bx, by] = at(nerve.to);
			const left = 1 - part;
			context.fillStyle = nerve.isOwn ? ink.own : ink.hot;
			context.globalAlpha = Math.sin(part * Math.PI) * (nerve.isOwn ? 1 : 0.7);
			context.beginPath();
			context.arc(
				left * left * ax + 2 * left * part * mx + part * part * bx,
				left * left * ay + 2 * left * part * my + part * part * by,
				text / 8,
				0,
				7,
			);
			context.fill();
		}
		context.globalAlpha = 1;
	}

	const near = new Set(nerves.filter(({ isOwn }) => isOwn).flatMap(({ from, to }) => [from, to]));
	for (const { spot, node } of bodies) {
		const [x, y] = at(spot);
		const r = Math.max(text * 0.11, spot.r * scale);
		context.fillStyle = near.has(spot) ? ink.own : node.kind === "table" ? ink.table : ink.node;
		context.globalAlpha = subject === null || near.has(spot) ? 1 : 0.75;
		context.beginPath();
		if (node.kind === "table") context.rect(x - r, y - r * 0.75, r * 2, r * 1.5);
		else context.arc(x, y, r, 0, 7);
		context.fill();
	}
	context.globalAlpha = 1;
	const heart = subject === null ? undefined : spots.get(subject);
	if (heart !== undefined) drawHeart(pen, at(heart), Math.max(text * 0.5, heart.r * scale * 1.5));
	label(
		pen,
		bodies.filter(({ spot }) => near.has(spot)),
		subject,
		at,
	);
}

function drawHeart({ context, text, time }: Pen, [x, y]: readonly [number, number], r: number): void {
	const beat = time === 0 ? 0.5 : 0.5 + Math.sin(time / 420) * 0.5;
	context.fillStyle = `${token("accent")}2e`;
	context.beginPath();
	context.arc(x, y, r * (1.9 + beat * 0.6), 0, 7);
	context.fill();
	context.fillStyle = token("accent");
	context.beginPath();
	context.arc(x, y, r, 0, 7);
	context.fill();
	context.lineWidth = text / 7;
	context.strokeStyle = token("surface");
	context.stroke();
}

/** Names of the chosen function and its neighbours, as far as they do not cover each other; the chosen one first. */
function label(
	pen: Pen,
	near: readonly { spot: Spot; node: GraphNode }[],
	subject: string | null,
	at: (spot: Spot) => readonly [number, number],
): void {
	const { context, width, height, text } = pen;
	const taken: { left: number; right: number; top: number; bottom: number }[] = [];
	const order = [...near].sort(
		(one, other) => Number(other.node.id === subject) - Number(one.node.id === subject) || other.node.complexity - one.node.complexity,
	);
	context.textBaseline = "middle";
	context.lineJoin = "round";
	for (const { spot, node } of order) {
		const isHeart = node.id === subject;
		const size = setFont(pen, { family: token(isHeart ? "mono" : "font"), weight: isHeart ? 700 : 550, scale: isHeart ? 1.5 : 1 });
		const [x, y] = at(spot);
		const wide = context.measureText(node.name).width;
		const isLeft = x + wide + text * 2 > width;
		const left = isLeft ? x - wide - text : x + text;
		const box = { left, right: left + wide, top: y - size * 0.6, bottom: y + size * 0.6 };
		const isFree = taken.every(
			(other) => box.right < other.left || box.left > other.right || box.bottom < other.top || box.top > other.bottom,
		);
		if (!isHeart && (!isFree || left < 0 || y < size || y > height - size)) continue;
		taken.push(box);
		context.textAlign = "left";
		context.lineWidth = size / 3;
		context.strokeStyle = token("canvas");
		context.strokeText(node.name, left, y);
		context.fillStyle = token("text");
		context.fillText(node.name, left, y);
	}
}
