import { useEffect, useRef } from "react";
import { onTheme } from "../../adapters/tokens.ts";

export type Pen = {
	context: CanvasRenderingContext2D;
	width: number;
	height: number;
	/** Of the text on the stage, in pixels; what is drawn grows with it. */
	text: number;
	/** Milliseconds since the canvas was made; stands at 0 when motion is not wanted. */
	time: number;
};

const FRAME_MS = 40;

/**
 * A canvas that fills its host and is drawn again when the data, the theme or the size changes; with `moving` also 25 times a
 * second, unless the person wants less motion.
 */
export function useCanvas(draw: (pen: Pen) => void, moving = false) {
	const canvas = useRef<HTMLCanvasElement>(null);
	const latest = useRef(draw);
	const paint = useRef<() => void>(() => {});
	useEffect(() => {
		const element = canvas.current;
		const context = element?.getContext("2d") ?? null;
		if (element === null || context === null) return;
		const started = performance.now();
		const isCalm = () =>
			document.documentElement.dataset.motion === "less" ||
			(document.documentElement.dataset.motion !== "full" && matchMedia("(prefers-reduced-motion: reduce)").matches);
		paint.current = () => {
			const { clientWidth: width, clientHeight: height } = element;
			const scale = devicePixelRatio || 1;
			if (element.width !== Math.round(width * scale) || element.height !== Math.round(height * scale)) {
				element.width = Math.round(width * scale);
				element.height = Math.round(height * scale);
			}
			context.setTransform(scale, 0, 0, scale, 0, 0);
			context.clearRect(0, 0, width, height);
			const text = Number.parseFloat(getComputedStyle(element).fontSize);
			latest.current({ context, width, height, text, time: moving && !isCalm() ? performance.now() - started : 0 });
		};
		paint.current();
		const observer = new ResizeObserver(() => paint.current());
		observer.observe(element);
		const stop = onTheme(() => paint.current());
		let frame = 0;
		let last = 0;
		const turn = (now: number) => {
			frame = requestAnimationFrame(turn);
			if (now - last < FRAME_MS) return;
			last = now;
			paint.current();
		};
		if (moving && !isCalm()) frame = requestAnimationFrame(turn);
		return () => {
			cancelAnimationFrame(frame);
			observer.disconnect();
			stop();
		};
	}, [moving]);
	useEffect(() => {
		latest.current = draw;
		paint.current();
	}, [draw]);
	return canvas;
}

/** The font of the stage at this size. Every text of a canvas goes through here, so that none stays small. */
export function setFont({ context, text }: Pen, options: { scale?: number; weight?: number; family: string }): number {
	const size = Math.max(text, text * (options.scale ?? 1));
	context.font = `${options.weight ?? 500} ${size}px ${options.family}`;
	// For whoever measures what cannot be read from the page.
	const { canvas } = context;
	canvas.dataset.text = String(Math.min(Number(canvas.dataset.text ?? Number.POSITIVE_INFINITY), size));
	return size;
}
