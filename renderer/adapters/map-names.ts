import { type Label, lineHeight, placeLabels } from "../../core/base/index.ts";
import type { MapMark } from "./cytoscape.ts";
import { type Camera, type Focus, isBare, openBubbles, type Scene, type SceneNode, type Sieve } from "./map-scene.ts";

type Placed = { index: number; text: string; bold: boolean; dx: number; dy: number; r: number; isNear: boolean };

export type NamesState = {
	scene: Scene;
	sieve: Sieve;
	focus: Focus | null;
	marks: ReadonlyMap<string, MapMark>;
};

export type Names = {
	/** Chooses which names fit at this camera, and writes them. */
	place(camera: Camera, state: NamesState): void;
	/** Writes the chosen names where their marks are now; cheap enough for every frame of a movement. */
	follow(camera: Camera): void;
	resize(): void;
	restyle(): void;
	readonly canvas: HTMLCanvasElement;
};

/** More names than this at one time are a list, not a map. */
const MOST = 220;
const CANDIDATES = 1600;

/** The names keep their size on the screen at every zoom and never cover each other at rest. */
export function createNames(canvas: HTMLCanvasElement, host: HTMLElement, token: (name: string) => string): Names {
	const pen = canvas.getContext("2d");
	let placed: Placed[] = [];
	let shown: Scene | null = null;
	let fades = false;
	let look = inks();
	const widths = new Map<string, number>();

	function inks() {
		const size = Number.parseFloat(token("map-label-size")) || 12;
		const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
		const unit = token("map-label-size").endsWith("rem") ? rem * 16 : 1;
		return {
			size: Math.max(12, size * unit),
			face: token("font"),
			halo: token("canvas"),
			bubble: token("text-soft"),
			function: token("text"),
			route: token("route"),
			table: token("table"),
		};
	}
	/** Near things are named in larger letters, a little. */
	let letters = look.size;
	const lettersAt = (zoom: number) => Math.round(look.size * Math.min(1.35, Math.max(1, zoom ** 0.4)));
	const font = (bold: boolean) => `${bold ? 600 : 450} ${letters}px ${look.face}`;
	const measure = (text: string, bold: boolean) => {
		const key = `${bold ? "*" : ""}${letters}${text}`;
		const known = widths.get(key);
		if (known !== undefined) return known;
		if (pen === null) return text.length * 7;
		pen.font = font(bold);
		const { width } = pen.measureText(text);
		widths.set(key, width);
		return width;
	};
	const size = () => ({ width: canvas.width / devicePixelRatio, height: canvas.height / devicePixelRatio });

	function draw(camera: Camera): void {
		if (pen === null || shown === null) return;
		const { width, height } = size();
		pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
		pen.clearRect(0, 0, width, height);
		pen.textBaseline = "middle";
		pen.lineJoin = "round";
		pen.lineWidth = 4;
		pen.strokeStyle = look.halo;
		for (const bold of [false, true]) {
			pen.font = font(bold);
			for (const one of placed) {
				if (one.bold !== bold) continue;
				const node = shown.nodes[one.index] as SceneNode;
				const r = Math.max(node.r * camera.zoom, one.r === 0 ? 0 : 1);
				// A name stays beside its mark while the mark grows or shrinks.
				const x = node.x * camera.zoom + camera.x + one.dx;
				const y = node.y * camera.zoom + camera.y + one.dy + (Math.abs(one.dy) > one.r ? Math.sign(one.dy) * (r - one.r) : 0);
				if (x > width || y < -20 || y > height + 20) continue;
				pen.globalAlpha = one.isNear ? 1 : 0.3;
				pen.strokeText(one.text, x, y);
				pen.fillStyle =
					node.shape === "bubble"
						? look.bubble
						: node.kind === "function"
							? look.function
							: node.kind === "route"
								? look.route
								: look.table;
				pen.fillText(one.text, x, y);
			}
		}
		pen.globalAlpha = 1;
	}
	return {
		canvas,
		place(camera, { scene, sieve, focus, marks }) {
			shown = scene;
			letters = lettersAt(camera.zoom);
			fades = focus !== null;
			const near = new Set<string>();
			if (focus !== null) for (const index of [...focus.nodes].slice(0, 90)) near.add(scene.nodes[index]?.id ?? "");
			const labels = candidates(scene, camera, size(), { sieve, focus, marks });
			const boxes = placeLabels(labels, { measure, view: size(), size: letters, forced: near, most: MOST });
			placed = boxes.map(({ label, left, top }) => {
				const index = scene.at.get(label.id) ?? 0;
				const middle = top + lineHeight(letters) / 2;
				const isNear = !fades || near.has(label.id);
				return { index, text: label.text, bold: label.bold, dx: left - label.x, dy: middle - label.y, r: label.r, isNear };
			});
			draw(camera);
		},
		follow: draw,
		resize() {
			const [width, height] = [
				Math.max(1, Math.round(host.clientWidth * devicePixelRatio)),
				Math.max(1, Math.round(host.clientHeight * devicePixelRatio)),
			];
			if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
		},
		restyle() {
			look = inks();
			widths.clear();
		},
	};
}

/** The names of what is drawn as itself and lies in sight, the most important ones first. */
function candidates(
	scene: Scene,
	camera: Camera,
	view: { width: number; height: number },
	{ sieve, focus, marks }: Pick<NamesState, "sieve" | "focus" | "marks">,
): Label[] {
	const open = openBubbles(scene, camera.zoom, sieve);
	const found: Label[] = [];
	const { nodes } = scene;
	for (let index = 0; index < nodes.length; index++) {
		const node = nodes[index] as SceneNode;
		// Most of a large map is out of sight or too small to be named: that is asked first.
		const r = node.r * camera.zoom;
		const [x, y] = [node.x * camera.zoom + camera.x, node.y * camera.zoom + camera.y];
		if (x + r < -120 || y + r < -20 || x - r > view.width + 120 || y - r > view.height + 20) continue;
		const isNear = focus?.nodes.has(index) === true;
		const mark = marks.get(node.id);
		const isColumn = node.kind === "route" || node.kind === "table";
		// What is smaller than a letter has no name yet; columns of a small map always have.
		if (!isNear && mark === undefined && r < (isColumn ? (scene.blocks.length > 0 ? 4.5 : 0) : node.shape === "bubble" ? 9 : 4)) continue;
		if (sieve.hidden.has(index) || (!isNear && !isBare(scene, open, index))) continue;
		const home = node.kind === "function" ? scene.nodes[node.home] : undefined;
		const isClosed = node.shape === "bubble" && open[index] === 0;
		found.push({
			id: node.id,
			text: mark === undefined ? node.label : `${node.label} · ${mark.word}`,
			x,
			y,
			r,
			rank: node.rank + (mark === undefined ? 0 : 1000) + (sieve.found?.has(index) === true ? 800 : 0),
			side:
				node.shape === "bubble"
					? isClosed && r > 30
						? "inside"
						: "above"
					: node.kind === "route"
						? "left"
						: node.kind === "table"
							? "right"
							: "around",
			bold: node.shape === "bubble" || mark !== undefined,
			...(home === undefined
				? {}
				: { home: { x: home.x * camera.zoom + camera.x, y: home.y * camera.zoom + camera.y, r: home.r * camera.zoom } }),
		});
	}
	return found.length <= CANDIDATES ? found : found.sort((a, b) => b.rank - a.rank).slice(0, CANDIDATES);
}
