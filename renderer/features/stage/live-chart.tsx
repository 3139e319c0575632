import { useCallback } from "react";
import { token } from "../../adapters/tokens.ts";
import { count } from "../../ui/index.ts";
import { type Pen, setFont, useCanvas } from "./canvas.ts";
import styles from "./chapters.module.css";

export type Line = {
	label: string;
	/** A design token. */
	colour: string;
	/** One value a second, oldest first; null: nothing was measured. */
	values: readonly (number | null)[];
	/** The modern side is dashed: colour is never alone. */
	dashed?: boolean;
};

/** Two minutes of the past against the future. The newest value stands beside each name, so the picture is not needed to know it. */
export function LiveChart({ title, lines, unit = "" }: { title: string; lines: readonly Line[]; unit?: string }) {
	const draw = useCallback((pen: Pen) => drawChart(pen, lines, unit), [lines, unit]);
	const canvas = useCanvas(draw);
	return (
		<figure className={styles.chart}>
			<figcaption>
				<span>{title}</span>
				{lines.map((line) => (
					<span key={line.label} className={styles.key}>
						<svg viewBox="0 0 40 8" aria-hidden="true">
							<path
								d="M2 4h36"
								stroke={`var(--${line.colour})`}
								strokeWidth="4"
								strokeDasharray={line.dashed ? "9 6" : undefined}
								strokeLinecap="round"
							/>
						</svg>
						{line.label}
						<b>{figureOf(line.values.at(-1), unit)}</b>
					</span>
				))}
			</figcaption>
			<canvas ref={canvas} role="img" aria-label={`${title}, the last two minutes`} />
		</figure>
	);
}

const figureOf = (value: number | null | undefined, unit: string) =>
	value === null || value === undefined ? "none" : `${value < 10 && value % 1 !== 0 ? value.toFixed(1) : count(value)}${unit}`;

/** The time that is shown: what there is, but never so little that a second is a leap. */
const SECONDS = { least: 30, most: 120 };

function drawChart(pen: Pen, lines: readonly Line[], unit: string): void {
	const { context, width, height, text } = pen;
	const size = setFont(pen, { family: token("font"), scale: 1 });
	const top = niceTop(Math.max(1, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0))));
	const left = Math.max(...[0, top / 2, top].map((value) => context.measureText(`${count(value)}${unit}`).width)) + text * 0.9;
	const box = { left, right: width - text * 0.7, top: text * 0.9, bottom: height - text * 1.9 };
	const seconds = Math.min(SECONDS.most, Math.max(SECONDS.least, ...lines.map(({ values }) => values.length)));
	const x = (index: number, length: number) => box.right - ((length - 1 - index) / (seconds - 1)) * (box.right - box.left);
	const y = (value: number) => box.bottom - (value / top) * (box.bottom - box.top);
	context.textBaseline = "middle";
	context.textAlign = "right";
	for (const value of [0, top / 2, top]) {
		context.strokeStyle = token("line");
		context.lineWidth = 1;
		context.beginPath();
		context.moveTo(box.left, y(value));
		context.lineTo(box.right, y(value));
		context.stroke();
		context.fillStyle = token("text-muted");
		context.fillText(`${count(value)}${unit}`, box.left - text * 0.5, y(value));
	}
	context.textBaseline = "top";
	context.textAlign = "left";
	context.fillText(seconds === SECONDS.most ? "2 min ago" : `${seconds} s ago`, box.left, box.bottom + size * 0.5);
	context.textAlign = "right";
	context.fillText("now", box.right, box.bottom + size * 0.5);
	for (const line of lines) drawLine(pen, line, x, y, box.bottom);
}

function drawLine(
	{ context, text }: Pen,
	{ values, colour, dashed }: Line,
	x: (index: number, length: number) => number,
	y: (value: number) => number,
	bottom: number,
): void {
	const shown = values.slice(-SECONDS.most);
	const ink = token(colour);
	const runs: [x: number, y: number][][] = [[]];
	for (const [index, value] of shown.entries()) {
		if (value === null) runs.push([]);
		else (runs.at(-1) as [number, number][]).push([x(index, shown.length), y(value)]);
	}
	for (const run of runs.filter(({ length }) => length > 1)) {
		const path = new Path2D();
		for (const [index, [px, py]] of run.entries()) {
			const before = run[index - 1];
			if (before === undefined) path.moveTo(px, py);
			else {
				const middle = (before[0] + px) / 2;
				path.bezierCurveTo(middle, before[1], middle, py, px, py);
			}
		}
		const area = new Path2D(path);
		area.lineTo((run.at(-1) as [number, number])[0], bottom);
		area.lineTo((run[0] as [number, number])[0], bottom);
		area.closePath();
		const fill = context.createLinearGradient(0, 0, 0, bottom);
		fill.addColorStop(0, `${ink}3d`);
		fill.addColorStop(1, `${ink}05`);
		context.fillStyle = fill;
		context.fill(area);
		context.strokeStyle = ink;
		context.lineWidth = text / 6;
		context.lineJoin = "round";
		context.lineCap = "round";
		context.setLineDash(dashed ? [text * 0.55, text * 0.45] : []);
		context.stroke(path);
		context.setLineDash([]);
	}
	const last = runs.at(-1)?.at(-1);
	if (last === undefined) return;
	context.fillStyle = ink;
	context.beginPath();
	context.arc(last[0], last[1], text * 0.3, 0, Math.PI * 2);
	context.fill();
}

/** 1, 2, 4, 6 or 10 times a power of ten: half of it is a round number too. */
function niceTop(value: number): number {
	const power = 10 ** Math.floor(Math.log10(value));
	return power * ([1, 2, 4, 6, 10].find((step) => step * power >= value * 1.05) ?? 20);
}
