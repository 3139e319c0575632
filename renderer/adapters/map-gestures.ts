export type Gestures = {
	/** By pixels; `ended` when the pointer let go. */
	pan(dx: number, dy: number): void;
	zoom(factor: number, x: number, y: number): void;
	press(x: number, y: number): void;
	open(x: number, y: number): void;
	hover(x: number, y: number): void;
	leave(): void;
	menu(x: number, y: number, clientX: number, clientY: number): void;
};

/** A pointer that moved less than this was a press. */
const SLACK = 4;

/** Mouse, pen, touch and wheel on the map, in pixels of the host. Returns the function that lets go of them. */
export function listenToGestures(host: HTMLElement, to: Gestures): () => void {
	const pointers = new Map<number, { x: number; y: number }>();
	let travelled = 0;
	const ended = new AbortController();
	const at = (event: MouseEvent) => {
		const box = host.getBoundingClientRect();
		return [event.clientX - box.left, event.clientY - box.top] as const;
	};
	const on = <K extends keyof HTMLElementEventMap>(name: K, listener: (event: HTMLElementEventMap[K]) => void, passive = true) =>
		host.addEventListener(name, listener, { signal: ended.signal, passive });

	on("pointerdown", (event) => {
		if (event.button !== 0) return;
		const [x, y] = at(event);
		pointers.set(event.pointerId, { x, y });
		host.setPointerCapture(event.pointerId);
		travelled = 0;
	});
	on("pointermove", (event) => {
		const [x, y] = at(event);
		const last = pointers.get(event.pointerId);
		if (last === undefined) return to.hover(x, y);
		const others = [...pointers].filter(([id]) => id !== event.pointerId).map(([, one]) => one);
		const [other] = others;
		if (other === undefined) {
			travelled += Math.abs(x - last.x) + Math.abs(y - last.y);
			if (travelled > SLACK) to.pan(x - last.x, y - last.y);
		} else {
			travelled = SLACK + 1;
			const before = Math.hypot(last.x - other.x, last.y - other.y);
			const after = Math.hypot(x - other.x, y - other.y);
			if (before > 0) to.zoom(after / before, (x + other.x) / 2, (y + other.y) / 2);
			to.pan((x - last.x) / 2, (y - last.y) / 2);
		}
		pointers.set(event.pointerId, { x, y });
	});
	const release = (event: PointerEvent) => {
		if (!pointers.delete(event.pointerId)) return;
		if (event.type === "pointerup" && travelled <= SLACK) to.press(...at(event));
	};
	on("pointerup", release);
	on("pointercancel", release);
	on("pointerleave", () => to.leave());
	on("dblclick", (event) => to.open(...at(event)));
	on(
		"contextmenu",
		(event) => {
			event.preventDefault();
			to.menu(...at(event), event.clientX, event.clientY);
		},
		false,
	);
	on(
		"wheel",
		(event) => {
			event.preventDefault();
			// A pinch of a touchpad comes as a wheel with Ctrl; lines and pages are made pixels.
			const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? host.clientHeight : 1;
			if (event.shiftKey) return to.pan(-event.deltaY * unit, 0);
			const strength = event.ctrlKey ? 0.01 : 0.0016;
			to.zoom(Math.exp(-Math.max(-240, Math.min(240, event.deltaY * unit)) * strength), ...at(event));
		},
		false,
	);
	return () => ended.abort();
}
