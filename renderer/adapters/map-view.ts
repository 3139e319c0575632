import { BEND, createDetail, type Detail, type MapMark } from "./cytoscape.ts";
import { listenToGestures } from "./map-gestures.ts";
import { createNames } from "./map-names.ts";
import {
	bendOf,
	type Camera,
	distanceToCurve,
	type Focus,
	isBare,
	noSieve,
	openBubbles,
	type Scene,
	type SceneNode,
	type Sieve,
} from "./map-scene.ts";
import { drawSky } from "./sky.ts";

export type Direction = "left" | "right" | "up" | "down";

/** The map on the screen, behind an interface: who uses it knows nothing of Cytoscape or of canvases. */
export type MapView = {
	fit(): void;
	zoomBy(factor: number): void;
	/** Moves so that the node, and all that it touches if that is readable, is in sight. */
	flyTo(id: string): void;
	/** Moves so that a bubble fills the view. */
	flyInto(id: string): void;
	camera(): Camera;
	size(): { width: number; height: number };
	setCamera(camera: Camera): void;
	/** Puts a place of the model into the middle. */
	centre(x: number, y: number): void;
	focus(focus: Focus | null): void;
	sift(sieve: Sieve): void;
	setMarks(marks: ReadonlyMap<string, MapMark>): void;
	showAllEdges(shown: boolean): void;
	/** The node that is nearest in this direction; from nowhere, the one nearest to the middle. */
	neighbour(id: string | null, direction: Direction): string | null;
	/** Where a node is now, in pixels of the window. */
	placeOf(id: string): { x: number; y: number } | null;
	isOpen(id: string): boolean;
	/** Nodes and lines that Cytoscape holds now. */
	drawn(): number;
	toPng(): Promise<Blob>;
	/** Reads the design tokens again. */
	restyle(): void;
	destroy(): void;
};

export type MapEvents = {
	onSelect(id: string | null): void;
	onHover(id: string | null): void;
	/** A double press on a bubble, or on nothing (null). */
	onOpen(id: string | null): void;
	/** A press on a line, in pixels of the host. */
	onLine(from: string, to: string, x: number, y: number): void;
	/** In pixels of the window. */
	onMenu(about: { node: string | null; line: readonly [string, string] | null }, x: number, y: number): void;
	onMove(camera: Camera, isSettled: boolean): void;
	onReady(): void;
};

type Options = MapEvents & {
	host: HTMLElement;
	scene: Scene;
	/** Room at the sides for names that stand outside of the box, in pixels. */
	margin: { left: number; right: number; top: number; bottom: number };
	token(name: string): string;
	start: Camera | null;
};

/** How much more than the view is drawn on each side, so that a movement finds something there. */
const OVERSCAN = 0.25;
const SETTLE_MS = 110;
const ZOOM = { least: 0.01, most: 5 };

/**
 * The map on layers: a world of bitmaps (sky, marks, marks in focus) that a movement only shifts and scales by one CSS transform,
 * and the names, which are written anew in every frame. Once the movement ends, everything is drawn sharp for the new place.
 */
export function createMapView(options: Options): MapView {
	const { host, scene, margin } = options;
	// Asking the page for a token costs more than drawing with it.
	const inks = new Map<string, string>();
	const token = (name: string) => {
		const known = inks.get(name) ?? options.token(name);
		inks.set(name, known);
		return known;
	};
	const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches || document.documentElement.dataset.motion === "less";
	const world = layer(host, "div");
	world.style.transformOrigin = "0 0";
	world.style.willChange = "transform";
	const sky = layer(world, "canvas") as HTMLCanvasElement;
	const [low, high] = [layer(world, "div"), layer(world, "div")];
	const namesCanvas = layer(host, "canvas") as HTMLCanvasElement;
	for (const one of [world, namesCanvas]) one.style.pointerEvents = "none";
	for (const one of [sky, low]) one.style.transition = isStill() ? "none" : "opacity 160ms";

	const detail: Detail = createDetail(low, high, scene, token);
	const names = createNames(namesCanvas, host, token);
	let sieve: Sieve = noSieve;
	let focus: Focus | null = null;
	let marks: ReadonlyMap<string, MapMark> = new Map();
	let allEdges = false;
	let camera: Camera = { x: 0, y: 0, zoom: 1 };
	/** The camera for which the bitmaps are drawn. */
	let drawn: Camera = camera;
	let view = { width: 0, height: 0 };
	let frame = 0;
	let settling: ReturnType<typeof setTimeout> | undefined;
	let flight = 0;
	let drawMs = 0;
	let drawnAt = 0;
	let hovered: string | null = null;

	function size(): void {
		view = { width: host.clientWidth, height: host.clientHeight };
		const [padX, padY] = [view.width * OVERSCAN, view.height * OVERSCAN];
		Object.assign(world.style, {
			left: `${-padX}px`,
			top: `${-padY}px`,
			width: `${view.width + 2 * padX}px`,
			height: `${view.height + 2 * padY}px`,
		});
		sky.width = Math.max(1, Math.round((view.width + 2 * padX) * devicePixelRatio));
		sky.height = Math.max(1, Math.round((view.height + 2 * padY) * devicePixelRatio));
		names.resize();
		detail.resize();
	}

	/** Everything sharp at the present camera. */
	function render(): void {
		const started = performance.now();
		const [padX, padY] = [view.width * OVERSCAN, view.height * OVERSCAN];
		const shifted = { x: camera.x + padX, y: camera.y + padY, zoom: camera.zoom };
		const pen = sky.getContext("2d");
		if (pen !== null) {
			pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
			pen.clearRect(0, 0, view.width + 2 * padX, view.height + 2 * padY);
			drawSky(pen, shifted, view.width + 2 * padX, view.height + 2 * padY, { scene, sieve, allEdges, withoutMarks: scene.isSmall, token });
		}
		detail.look(shifted);
		if (scene.isSmall) detail.sift(sieve);
		drawn = camera;
		world.style.transform = "none";
		drawnAt = performance.now();
		drawMs = drawnAt - started;
	}

	function settle(): void {
		clearTimeout(settling);
		settling = undefined;
		render();
		names.place(camera, { scene, sieve, focus, marks });
		options.onMove(camera, true);
	}

	function move(next: Camera): void {
		camera = { ...next, zoom: Math.min(ZOOM.most, Math.max(ZOOM.least, next.zoom)) };
		if (frame === 0) frame = requestAnimationFrame(follow);
		clearTimeout(settling);
		settling = setTimeout(settle, SETTLE_MS);
	}

	function follow(): void {
		frame = 0;
		const scale = camera.zoom / drawn.zoom;
		// Bitmaps are drawn anew on the way once they no longer fill the view, but never so often that drawing is all one sees.
		const [padX, padY] = [view.width * OVERSCAN, view.height * OVERSCAN];
		const left = camera.x - drawn.x * scale - padX * scale;
		const top = camera.y - drawn.y * scale - padY * scale;
		const isShort =
			left > 0 || top > 0 || left + (view.width + 2 * padX) * scale < view.width || top + (view.height + 2 * padY) * scale < view.height;
		if ((isShort || scale > 2.2 || scale < 0.45) && performance.now() - drawnAt > Math.max(90, drawMs * 5)) render();
		else world.style.transform = `translate(${left + padX}px, ${top + padY}px) scale(${scale})`;
		names.follow(camera);
		options.onMove(camera, false);
	}

	function fly(to: Camera, atOnce = isStill()): void {
		cancelAnimationFrame(flight);
		if (atOnce) {
			move(to);
			settle();
			return;
		}
		const from = camera;
		const started = performance.now();
		const middle = (one: Camera) => ({ x: (view.width / 2 - one.x) / one.zoom, y: (view.height / 2 - one.y) / one.zoom });
		const [a, b] = [middle(from), middle(to)];
		const step = (now: number) => {
			const t = Math.min(1, (now - started) / 320);
			const eased = t < 0.5 ? 4 * t ** 3 : 1 - (2 - 2 * t) ** 3 / 2;
			const zoom = from.zoom * (to.zoom / from.zoom) ** eased;
			// The middle moves as the zoom does, so that one flies in a straight line and not past the target.
			const way = from.zoom === to.zoom ? eased : (1 / zoom - 1 / from.zoom) / (1 / to.zoom - 1 / from.zoom);
			const at = { x: a.x + (b.x - a.x) * way, y: a.y + (b.y - a.y) * way };
			move({ zoom, x: view.width / 2 - at.x * zoom, y: view.height / 2 - at.y * zoom });
			if (t < 1) flight = requestAnimationFrame(step);
			else settle();
		};
		flight = requestAnimationFrame(step);
	}

	function frameOf(box: { left: number; top: number; right: number; bottom: number }, most: number): Camera {
		const width = Math.max(200, view.width - margin.left - margin.right);
		const height = Math.max(160, view.height - margin.top - margin.bottom);
		const zoom = Math.min(most, width / Math.max(1, box.right - box.left), height / Math.max(1, box.bottom - box.top));
		return {
			zoom,
			x: margin.left + width / 2 - (zoom * (box.left + box.right)) / 2,
			y: margin.top + height / 2 - (zoom * (box.top + box.bottom)) / 2,
		};
	}
	const home = () => frameOf(scene.box, 2.2);
	const nodeOf = (id: string): SceneNode | undefined => scene.nodes[scene.at.get(id) ?? -1];

	/** The smallest drawn thing under a point of the host: a mark before the bubble around it. */
	function under(px: number, py: number): { index: number; isHull: boolean } | null {
		const open = openBubbles(scene, camera.zoom, sieve);
		const [x, y] = [(px - camera.x) / camera.zoom, (py - camera.y) / camera.zoom];
		const slack = 3 / camera.zoom;
		let best: { index: number; isHull: boolean } | null = null;
		let bestR = Number.POSITIVE_INFINITY;
		for (let index = 0; index < scene.nodes.length; index++) {
			const node = scene.nodes[index] as SceneNode;
			const [dx, dy] = [node.x - x, node.y - y];
			const isNear = focus?.nodes.has(index) === true;
			const reach = (isNear ? Math.max(node.r, 6 / camera.zoom) : node.r) + (node.shape === "bubble" ? 0 : slack);
			if (dx * dx + dy * dy > reach * reach || reach >= bestR || sieve.hidden.has(index)) continue;
			if (!isNear && !isBare(scene, open, index)) continue;
			best = { index, isHull: node.shape === "bubble" && open[index] === 1 };
			bestR = reach;
		}
		return best;
	}

	/** The line under a point: of the neighbourhood in focus, else a bundle. */
	function lineUnder(px: number, py: number): readonly [string, string] | null {
		const at = (node: SceneNode) => [node.x * camera.zoom + camera.x, node.y * camera.zoom + camera.y] as const;
		let best: readonly [string, string] | null = null;
		let bestFar = 6;
		const offer = (a: SceneNode | undefined, b: SceneNode | undefined, bend: number) => {
			if (a === undefined || b === undefined) return;
			const [[ax, ay], [bx, by]] = [at(a), at(b)];
			const reach = Math.hypot(ax - bx, ay - by) / 2 + 40;
			if (Math.hypot((ax + bx) / 2 - px, (ay + by) / 2 - py) > reach) return;
			const middle = bendOf(ax, ay, bx, by, bend);
			const far = distanceToCurve(px, py, [ax, ay, middle.x, middle.y, bx, by]);
			if (far < bestFar) {
				best = [a.id, b.id];
				bestFar = far;
			}
		};
		if (focus !== null) {
			for (const index of [...focus.into, ...focus.out]) {
				const edge = scene.edges[index];
				offer(scene.nodes[edge?.from ?? -1], scene.nodes[edge?.to ?? -1], BEND);
			}
			return best;
		}
		if (allEdges) return null;
		const open = openBubbles(scene, camera.zoom, sieve);
		const bundles = scene.packageBundles.length > 0 ? scene.packageBundles : scene.moduleBundles;
		for (const { from, to } of bundles.slice(0, 420)) {
			if (!sieve.hidden.has(from) && !sieve.hidden.has(to) && isBare(scene, open, from)) offer(scene.nodes[from], scene.nodes[to], 0.16);
		}
		return best;
	}

	const stopGestures = listenToGestures(host, {
		pan(dx, dy) {
			cancelAnimationFrame(flight);
			move({ ...camera, x: camera.x + dx, y: camera.y + dy });
		},
		zoom(factor, x, y) {
			cancelAnimationFrame(flight);
			zoomAt(factor, x, y);
		},
		press(x, y) {
			const hit = under(x, y);
			const line = hit === null || hit.isHull ? lineUnder(x, y) : null;
			if (line !== null) options.onLine(line[0], line[1], x, y);
			else options.onSelect(hit === null ? null : (scene.nodes[hit.index]?.id ?? null));
		},
		open(x, y) {
			const hit = under(x, y);
			const node = hit === null ? undefined : scene.nodes[hit.index];
			options.onOpen(node === undefined ? null : node.id);
		},
		hover(x, y) {
			const hit = under(x, y);
			const id = hit === null || hit.isHull ? null : (scene.nodes[hit.index]?.id ?? null);
			host.style.cursor = id !== null || lineUnder(x, y) !== null ? "pointer" : "";
			if (id !== hovered) options.onHover(id);
			hovered = id;
		},
		leave() {
			if (hovered !== null) options.onHover(null);
			hovered = null;
		},
		menu(x, y, clientX, clientY) {
			const hit = under(x, y);
			const line = hit === null || hit.isHull ? lineUnder(x, y) : null;
			options.onMenu({ node: line === null && hit !== null ? (scene.nodes[hit.index]?.id ?? null) : null, line }, clientX, clientY);
		},
	});

	function zoomAt(factor: number, x: number, y: number): void {
		const zoom = Math.min(ZOOM.most, Math.max(ZOOM.least, camera.zoom * factor));
		const scale = zoom / camera.zoom;
		move({ zoom, x: x - (x - camera.x) * scale, y: y - (y - camera.y) * scale });
	}

	const observer = new ResizeObserver(() => {
		if (host.clientWidth === view.width && host.clientHeight === view.height) return;
		// A window of another width gets a new fit; a scroll bar's worth of difference does not move the picture.
		const isOther = Math.abs(host.clientWidth - view.width) > 24 || Math.abs(host.clientHeight - view.height) > 24;
		const wasHome = isSame(camera, home());
		size();
		if (isOther && wasHome) camera = home();
		settle();
	});
	size();
	camera = options.start ?? home();
	settle();
	observer.observe(host);
	requestAnimationFrame(() => options.onReady());

	return {
		fit: () => fly(home()),
		zoomBy: (factor) => {
			const zoom = Math.min(ZOOM.most, Math.max(ZOOM.least, camera.zoom * factor));
			const scale = zoom / camera.zoom;
			const [x, y] = [view.width / 2, view.height / 2];
			fly({ zoom, x: x - (x - camera.x) * scale, y: y - (y - camera.y) * scale });
		},
		flyTo(id) {
			const index = scene.at.get(id);
			const node = nodeOf(id);
			if (index === undefined || node === undefined) return;
			const around = new Set([index]);
			for (const edge of scene.out[index] ?? []) around.add(scene.edges[edge]?.to ?? index);
			for (const edge of scene.into[index] ?? []) around.add(scene.edges[edge]?.from ?? index);
			const whole = frameOf(boxAround([...around].map((one) => scene.nodes[one] as SceneNode)), 1.7);
			// All that it touches stays in sight, unless its own mark would be too small to see then.
			fly(node.r * whole.zoom >= 7 || node.shape === "bubble" ? whole : frameOf(boxAround([node], 260), 1.4));
		},
		flyInto(id) {
			const node = nodeOf(id);
			if (node !== undefined) fly(frameOf(boxAround([node], 10), 3));
		},
		camera: () => camera,
		size: () => view,
		setCamera: (next) => fly(next),
		centre(x, y) {
			cancelAnimationFrame(flight);
			move({ ...camera, x: view.width / 2 - x * camera.zoom, y: view.height / 2 - y * camera.zoom });
		},
		focus(next) {
			if (next === focus) return;
			focus = next;
			detail.focus(focus);
			const opacity = focus === null ? "1" : "0.26";
			sky.style.opacity = opacity;
			low.style.opacity = opacity;
			names.place(camera, { scene, sieve, focus, marks });
		},
		sift(next) {
			sieve = next;
			settle();
		},
		setMarks(next) {
			marks = next;
			detail.setMarks(marks);
			names.place(camera, { scene, sieve, focus, marks });
		},
		showAllEdges(shown) {
			if (allEdges === shown) return;
			allEdges = shown;
			render();
		},
		neighbour(id, direction) {
			const from = id === null ? undefined : nodeOf(id);
			const open = openBubbles(scene, camera.zoom, sieve);
			const at = from ?? { x: (view.width / 2 - camera.x) / camera.zoom, y: (view.height / 2 - camera.y) / camera.zoom };
			const [wx, wy] = ways[direction];
			let best: string | null = null;
			let bestCost = Number.POSITIVE_INFINITY;
			for (const [index, node] of scene.nodes.entries()) {
				if (node === from || sieve.hidden.has(index) || !isBare(scene, open, index) || (node.shape === "bubble" && open[index] === 1))
					continue;
				const [dx, dy] = [node.x - at.x, node.y - at.y];
				const [along, aside] = [dx * wx + dy * wy, Math.abs(dx * wy - dy * wx)];
				if (from !== undefined && (along <= 0 || aside > along * 2)) continue;
				const cost = from === undefined ? Math.hypot(dx, dy) : along + aside * 2;
				if (cost < bestCost) {
					best = node.id;
					bestCost = cost;
				}
			}
			return best;
		},
		placeOf(id) {
			const node = nodeOf(id);
			const box = host.getBoundingClientRect();
			return node === undefined ? null : { x: box.left + node.x * camera.zoom + camera.x, y: box.top + node.y * camera.zoom + camera.y };
		},
		isOpen: (id) => openBubbles(scene, camera.zoom, sieve)[scene.at.get(id) ?? -1] === 1,
		drawn: () => detail.size(),
		async toPng() {
			const canvas = document.createElement("canvas");
			Object.assign(canvas, { width: view.width * devicePixelRatio, height: view.height * devicePixelRatio });
			const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
			pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
			pen.fillStyle = token("canvas");
			pen.fillRect(0, 0, view.width, view.height);
			const [padX, padY] = [view.width * OVERSCAN, view.height * OVERSCAN];
			const paint = (one: HTMLCanvasElement, opacity: string) => {
				pen.globalAlpha = opacity === "" ? 1 : Number(opacity);
				pen.drawImage(one, -padX, -padY, view.width + 2 * padX, view.height + 2 * padY);
			};
			settle();
			paint(sky, sky.style.opacity);
			// Cytoscape keeps its own canvases in each layer, the marks in the last one of them.
			for (const one of low.querySelectorAll("canvas")) paint(one, low.style.opacity);
			for (const one of high.querySelectorAll("canvas")) paint(one, "1");
			pen.globalAlpha = 1;
			pen.drawImage(names.canvas, 0, 0, view.width, view.height);
			return await new Promise<Blob>((resolve, reject) =>
				canvas.toBlob((blob) => (blob === null ? reject(new Error("no picture")) : resolve(blob)), "image/png"),
			);
		},
		restyle() {
			inks.clear();
			detail.restyle();
			names.restyle();
			settle();
		},
		destroy() {
			cancelAnimationFrame(frame);
			cancelAnimationFrame(flight);
			clearTimeout(settling);
			observer.disconnect();
			stopGestures();
			detail.destroy();
			host.replaceChildren();
		},
	};
}

const ways: Record<Direction, readonly [number, number]> = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] };

const isSame = (a: Camera, b: Camera) => Math.abs(a.x - b.x) < 2 && Math.abs(a.y - b.y) < 2 && Math.abs(a.zoom / b.zoom - 1) < 0.01;

function boxAround(nodes: readonly SceneNode[], air = 0) {
	return {
		left: Math.min(...nodes.map((node) => node.x - node.r)) - air,
		top: Math.min(...nodes.map((node) => node.y - node.r)) - air,
		right: Math.max(...nodes.map((node) => node.x + node.r)) + air,
		bottom: Math.max(...nodes.map((node) => node.y + node.r)) + air,
	};
}

function layer(host: HTMLElement, tag: "div" | "canvas"): HTMLElement {
	const element = document.createElement(tag);
	Object.assign(element.style, { position: "absolute", inset: "0", width: "100%", height: "100%" });
	host.append(element);
	return element;
}
