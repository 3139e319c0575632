import { type Camera, noSieve, type Scene } from "./map-scene.ts";
import { drawSky } from "./sky.ts";

export type Minimap = {
	show(camera: Camera, view: { width: number; height: number }): void;
	redraw(): void;
	destroy(): void;
};

/** The whole map in small, with a frame around what is in sight; dragging on it moves the map. */
export function createMinimap(
	canvas: HTMLCanvasElement,
	scene: Scene,
	token: (name: string) => string,
	onCentre: (x: number, y: number) => void,
): Minimap {
	// A map that the style sheet hides has no size and nothing to draw.
	const isHidden = canvas.clientWidth < 40;
	const pen = isHidden ? null : canvas.getContext("2d");
	const still = document.createElement("canvas");
	const ended = new AbortController();
	const [width, height] = [canvas.clientWidth, canvas.clientHeight];
	Object.assign(canvas, { width: width * devicePixelRatio, height: height * devicePixelRatio });
	Object.assign(still, { width: canvas.width, height: canvas.height });
	const { left, top, right, bottom } = scene.box;
	const zoom = Math.min((width - 12) / (right - left), (height - 12) / (bottom - top));
	const home: Camera = { zoom, x: width / 2 - (zoom * (left + right)) / 2, y: height / 2 - (zoom * (top + bottom)) / 2 };
	let last: { camera: Camera; view: { width: number; height: number } } | null = null;

	function redraw(): void {
		const inner = still.getContext("2d");
		if (inner === null || isHidden) return;
		inner.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
		inner.clearRect(0, 0, width, height);
		drawSky(inner, home, width, height, { scene, sieve: { ...noSieve, isGrouped: true }, allEdges: false, withoutMarks: false, token });
		if (last !== null) show(last.camera, last.view);
	}
	function show(camera: Camera, view: { width: number; height: number }): void {
		last = { camera, view };
		const fits =
			camera.x + left * camera.zoom > -4 &&
			camera.y + top * camera.zoom > -4 &&
			camera.x + right * camera.zoom < view.width + 4 &&
			camera.y + bottom * camera.zoom < view.height + 4;
		// Where everything is in sight, a small map says nothing.
		canvas.style.visibility = fits ? "hidden" : "visible";
		if (pen === null || fits) return;
		pen.setTransform(1, 0, 0, 1, 0, 0);
		pen.clearRect(0, 0, canvas.width, canvas.height);
		pen.drawImage(still, 0, 0);
		pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
		const scale = zoom / camera.zoom;
		const x = Math.max(1, home.x - camera.x * scale);
		const y = Math.max(1, home.y - camera.y * scale);
		const farX = Math.min(width - 1, home.x + (view.width - camera.x) * scale);
		const farY = Math.min(height - 1, home.y + (view.height - camera.y) * scale);
		pen.strokeStyle = token("accent");
		pen.fillStyle = token("accent");
		pen.lineWidth = 1.5;
		pen.globalAlpha = 0.09;
		pen.fillRect(x, y, Math.max(4, farX - x), Math.max(4, farY - y));
		pen.globalAlpha = 1;
		pen.strokeRect(x, y, Math.max(4, farX - x), Math.max(4, farY - y));
	}
	const go = (event: PointerEvent) => {
		const box = canvas.getBoundingClientRect();
		onCentre((event.clientX - box.left - home.x) / zoom, (event.clientY - box.top - home.y) / zoom);
	};
	canvas.addEventListener(
		"pointerdown",
		(event) => {
			canvas.setPointerCapture(event.pointerId);
			go(event);
		},
		{ signal: ended.signal },
	);
	canvas.addEventListener("pointermove", (event) => event.buttons === 1 && go(event), { signal: ended.signal });
	redraw();
	return { show, redraw, destroy: () => ended.abort() };
}
