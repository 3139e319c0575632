import { bendOf, type Camera, isBare, openBubbles, type Scene, type SceneNode, type SceneShape, type Sieve } from "./map-scene.ts";
import { inkOf, mix, trace } from "./map-shapes.ts";

export type SkyOptions = {
	scene: Scene;
	sieve: Sieve;
	/** Every single line instead of bundles. */
	allEdges: boolean;
	/** Marks are drawn by another layer above. */
	withoutMarks: boolean;
	token(name: string): string;
};

/** Radius on the screen below which a mark is a dot. */
const DOT = 2.4;
const MOST_BUNDLES = 420;
/** A path of so many marks is painted faster than a path each, and faster than one path of all. */
const CHUNK = 240;

/**
 * The whole map on one canvas, whatever its size: bubbles, bundles, dots and shapes, each kind and colour as one path. `camera` places
 * model units on the canvas; `width` and `height` are its size in the same pixels.
 */
export function drawSky(pen: CanvasRenderingContext2D, camera: Camera, width: number, height: number, options: SkyOptions): void {
	const { scene, sieve, allEdges } = options;
	const open = openBubbles(scene, camera.zoom, sieve);
	const sheet: Sheet = { ...options, pen, camera, width, height, open };
	pen.lineJoin = "round";
	pen.lineCap = "round";
	drawHulls(sheet, "package");
	if (!allEdges) drawBundles(sheet);
	drawHulls(sheet, "module");
	drawBlocks(sheet);
	if (allEdges) drawLines(sheet);
	drawDots(sheet);
	drawRings(sheet);
	if (!options.withoutMarks) drawMarks(sheet);
	drawFound(sheet);
	pen.globalAlpha = 1;
}

type Sheet = SkyOptions & { pen: CanvasRenderingContext2D; camera: Camera; width: number; height: number; open: Uint8Array };

const onScreen = ({ camera: { x, y, zoom } }: Sheet, node: SceneNode) => [node.x * zoom + x, node.y * zoom + y, node.r * zoom] as const;

const isOut = ({ width, height }: Sheet, x: number, y: number, r: number) => x + r < 0 || y + r < 0 || x - r > width || y - r > height;

function drawHulls(sheet: Sheet, kind: "package" | "module"): void {
	const { pen, scene, open, sieve, token } = sheet;
	const spots: { x: number; y: number; r: number; isOpen: boolean }[] = [];
	for (let index = 0; index < scene.nodes.length; index++) {
		const node = scene.nodes[index] as SceneNode;
		if (node.kind !== kind || sieve.hidden.has(index) || !isBare(scene, open, index)) continue;
		const [x, y, r] = onScreen(sheet, node);
		if (!isOut(sheet, x, y, r + 12)) spots.push({ x, y, r, isOpen: open[index] === 1 });
	}
	const circles = (all: typeof spots, grow = 0, drop = 0) => {
		pen.beginPath();
		for (const { x, y, r } of all) {
			pen.moveTo(x + r + grow, y + drop);
			pen.arc(x, y + drop, r + grow, 0, 2 * Math.PI);
		}
	};
	// A soft shadow of two faint rounds; a blurred one costs a hundred times as much.
	pen.fillStyle = "#000000";
	pen.globalAlpha = 0.05;
	circles(spots, 4, 4);
	pen.fill();
	circles(spots, 1.5, 1.5);
	pen.fill();
	pen.globalAlpha = 1;
	const isGround = kind === "package";
	pen.fillStyle = mix(token("surface"), token("canvas"), isGround ? 0.5 : 0.94);
	circles(spots.filter((one) => one.isOpen || !isGround));
	pen.fill();
	pen.fillStyle = mix(token("surface"), token("canvas"), 0.9);
	circles(spots.filter((one) => !one.isOpen && isGround));
	pen.fill();
	pen.strokeStyle = mix(token("line-strong"), token("line"), isGround ? 0.6 : 0.35);
	pen.lineWidth = 1;
	circles(spots);
	pen.stroke();
}

/** Between the bubbles that are shown closed or lowest: wider and stronger the more lines they hold. */
function drawBundles(sheet: Sheet): void {
	const { pen, scene, sieve, open, token, camera } = sheet;
	const widths = new Map<number, Path2D>();
	const hasPackages = scene.packageBundles.length > 0;
	const strongest = (list: Scene["moduleBundles"]) => list[0]?.count ?? 1;
	const add = (from: SceneNode, to: SceneNode, strength: number) => {
		const [ax, ay, ar] = onScreen(sheet, from);
		const [bx, by, br] = onScreen(sheet, to);
		if (isOut(sheet, (ax + bx) / 2, (ay + by) / 2, Math.hypot(ax - bx, ay - by) / 2 + ar + br)) return;
		const step = Math.max(1, Math.round(5 * Math.sqrt(strength)));
		const path = widths.get(step) ?? new Path2D();
		widths.set(step, path);
		const middle = bendOf(ax, ay, bx, by, 0.16);
		path.moveTo(ax, ay);
		path.quadraticCurveTo(middle.x, middle.y, bx, by);
	};
	let drawn = 0;
	for (const { from, to, count } of scene.packageBundles) {
		if (drawn >= MOST_BUNDLES * 0.6) break;
		const [a, b] = [scene.nodes[from], scene.nodes[to]];
		if (a === undefined || b === undefined || sieve.hidden.has(from) || sieve.hidden.has(to)) continue;
		add(a, b, count / strongest(scene.packageBundles));
		drawn++;
	}
	for (const { from, to, count } of scene.moduleBundles) {
		if (drawn >= MOST_BUNDLES) break;
		const [a, b] = [scene.nodes[from], scene.nodes[to]];
		if (a === undefined || b === undefined || sieve.hidden.has(from) || sieve.hidden.has(to)) continue;
		if (hasPackages && !(open[a.home] === 1 && a.home === b.home)) continue;
		add(a, b, count / strongest(scene.moduleBundles));
		drawn++;
	}
	pen.strokeStyle = mix(token("accent"), token("text-muted"), 0.6);
	const scale = Math.min(1.5, Math.max(0.8, camera.zoom));
	for (const [step, path] of [...widths].sort(([a], [b]) => a - b)) {
		pen.globalAlpha = 0.11 + 0.055 * step;
		pen.lineWidth = (0.5 + 0.95 * step) * scale;
		pen.stroke(path);
	}
	pen.globalAlpha = 1;
}

/** Every line; those between the same two bubbles run together on the way. */
function drawLines(sheet: Sheet): void {
	const { pen, scene, sieve, token } = sheet;
	const paths = new Map<string, Path2D>();
	const nodes = scene.nodes;
	for (const { from, to, kind } of scene.edges) {
		const [a, b] = [nodes[from], nodes[to]];
		if (a === undefined || b === undefined || sieve.hidden.has(from) || sieve.hidden.has(to)) continue;
		const [ax, ay] = onScreen(sheet, a);
		const [bx, by] = onScreen(sheet, b);
		if (isOut(sheet, (ax + bx) / 2, (ay + by) / 2, Math.hypot(ax - bx, ay - by) / 2)) continue;
		const path = paths.get(kind) ?? new Path2D();
		paths.set(kind, path);
		path.moveTo(ax, ay);
		const [homeA, homeB] = [nodes[a.home], nodes[b.home]];
		if (homeA === homeB || (homeA === undefined && homeB === undefined)) path.lineTo(bx, by);
		else {
			const [px, py] = homeA === undefined ? [ax, ay] : onScreen(sheet, homeA);
			const [qx, qy] = homeB === undefined ? [bx, by] : onScreen(sheet, homeB);
			const middle = bendOf(px, py, qx, qy, 0.1);
			path.bezierCurveTo(
				px * 0.45 + middle.x * 0.55,
				py * 0.45 + middle.y * 0.55,
				qx * 0.45 + middle.x * 0.55,
				qy * 0.45 + middle.y * 0.55,
				bx,
				by,
			);
		}
	}
	const inks: Record<string, string> = { call: "accent", route: "route", read: "table", write: "table" };
	pen.lineWidth = 1;
	for (const [kind, path] of paths) {
		pen.globalAlpha = scene.edges.length > 3000 ? 0.12 : kind === "call" ? 0.34 : 0.3;
		pen.strokeStyle = token(inks[kind] ?? "text-muted");
		if (kind === "read") pen.setLineDash([4, 4]);
		pen.stroke(path);
		pen.setLineDash([]);
	}
	pen.globalAlpha = 1;
}

/** Columns that stand together by package get a ground. */
function drawBlocks({ pen, scene, camera, token }: Sheet): void {
	if (scene.blocks.length === 0) return;
	const { x, y, zoom } = camera;
	pen.beginPath();
	for (const { box } of scene.blocks)
		pen.roundRect(
			box.left * zoom + x,
			box.top * zoom + y,
			(box.right - box.left) * zoom,
			(box.bottom - box.top) * zoom,
			Math.min(8, 30 * zoom),
		);
	pen.fillStyle = mix(token("surface"), token("canvas"), 0.5);
	pen.fill();
}

/** Functions inside of closed bubbles: dots in the colour of their class. */
function drawDots(sheet: Sheet): void {
	const { pen, scene, open, sieve, token } = sheet;
	const squares = new Map<SceneShape, number[]>();
	const rounds = new Map<SceneShape, number[]>();
	for (let index = 0; index < scene.nodes.length; index++) {
		const node = scene.nodes[index] as SceneNode;
		if (node.shape === "bubble" || sieve.hidden.has(index)) continue;
		const isInside = !isBare(scene, open, index);
		const [x, y, full] = onScreen(sheet, node);
		if (!isInside && (full >= DOT || sheet.withoutMarks)) continue;
		const r = isInside ? Math.max(0.6, full * 0.82) : Math.max(0.9, full);
		if (isOut(sheet, x, y, r)) continue;
		if (r < 1.7) {
			const list = squares.get(node.shape) ?? [];
			if (list.length === 0) squares.set(node.shape, list);
			list.push(x - r * 0.9, y - r * 0.9, r * 1.8);
		} else {
			const list = rounds.get(node.shape) ?? [];
			if (list.length === 0) rounds.set(node.shape, list);
			list.push(x, y, r);
		}
	}
	pen.globalAlpha = 0.8;
	for (const [shape, list] of squares) {
		pen.fillStyle = token(inkOf[shape]);
		for (let at = 0; at < list.length; at += 3) pen.fillRect(list[at] ?? 0, list[at + 1] ?? 0, list[at + 2] ?? 1, list[at + 2] ?? 1);
	}
	for (const [shape, list] of rounds) {
		pen.fillStyle = token(inkOf[shape]);
		for (let from = 0; from < list.length; from += 3 * CHUNK) {
			pen.beginPath();
			for (let at = from; at < Math.min(list.length, from + 3 * CHUNK); at += 3) {
				const [x = 0, y = 0, r = 0] = [list[at], list[at + 1], list[at + 2]];
				pen.moveTo(x + r, y);
				pen.arc(x, y, r, 0, 2 * Math.PI);
			}
			pen.fill();
		}
	}
	pen.globalAlpha = 1;
}

const rings = [
	["entangled", 2.4],
	["coupled", 1.8],
	["isolated", 1.2],
] as const;

/** What a closed bubble holds, around its rim from the top: entangled thick, coupled, isolated thin. */
function drawRings(sheet: Sheet): void {
	const { pen, scene, open, sieve, token } = sheet;
	for (let index = 0; index < scene.nodes.length; index++) {
		const node = scene.nodes[index] as SceneNode;
		if (node.shape !== "bubble" || open[index] === 1 || node.functions === 0 || sieve.hidden.has(index) || !isBare(scene, open, index))
			continue;
		const [x, y, r] = onScreen(sheet, node);
		if (r < 7 || isOut(sheet, x, y, r + 4)) continue;
		let from = -Math.PI / 2;
		const [isolated, coupled, entangled] = node.mix;
		const parts = { entangled, coupled, isolated };
		for (const [shape, width] of rings) {
			const to = from + (2 * Math.PI * parts[shape]) / node.functions;
			if (to - from > 0.01) {
				pen.beginPath();
				pen.arc(x, y, r, from, to);
				pen.strokeStyle = token(inkOf[shape]);
				pen.lineWidth = Math.min(width, r / 4);
				pen.globalAlpha = 0.85;
				pen.stroke();
				pen.globalAlpha = 1;
			}
			from = to;
		}
	}
}

function drawMarks(sheet: Sheet): void {
	const { pen, scene, open, sieve, token } = sheet;
	const seen = new Map<SceneShape, number[]>();
	for (let index = 0; index < scene.nodes.length; index++) {
		const node = scene.nodes[index] as SceneNode;
		if (node.shape === "bubble" || sieve.hidden.has(index) || !isBare(scene, open, index)) continue;
		const [x, y, r] = onScreen(sheet, node);
		if (r < DOT || isOut(sheet, x, y, r)) continue;
		const list = seen.get(node.shape) ?? [];
		if (list.length === 0) seen.set(node.shape, list);
		list.push(x, y, r);
	}
	pen.lineWidth = Math.min(2, 0.8 + sheet.camera.zoom);
	for (const [shape, list] of seen) {
		pen.fillStyle = mix(token(inkOf[shape]), token("surface"), 0.3);
		pen.strokeStyle = token(inkOf[shape]);
		for (let from = 0; from < list.length; from += 3 * CHUNK) {
			pen.beginPath();
			for (let at = from; at < Math.min(list.length, from + 3 * CHUNK); at += 3)
				trace(pen, shape, list[at] ?? 0, list[at + 1] ?? 0, list[at + 2] ?? 0);
			pen.fill();
			pen.stroke();
		}
	}
}

/** A ring around whatever the Find box names, large enough to be seen at any zoom. */
function drawFound(sheet: Sheet): void {
	const { pen, scene, sieve, token } = sheet;
	if (sieve.found === null || sieve.found.size === 0) return;
	pen.beginPath();
	for (const index of sieve.found) {
		const node = scene.nodes[index];
		if (node === undefined || sieve.hidden.has(index)) continue;
		const [x, y, full] = onScreen(sheet, node);
		const r = Math.max(3.5, full + 4);
		if (isOut(sheet, x, y, r)) continue;
		pen.moveTo(x + r, y);
		pen.arc(x, y, r, 0, 2 * Math.PI);
	}
	pen.strokeStyle = token("accent");
	pen.lineWidth = 2.2;
	pen.stroke();
}
