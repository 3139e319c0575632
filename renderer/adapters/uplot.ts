import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { token } from "./tokens.ts";

export type Series = { label: string; colour: string; look: "line" | "dash" | "thin" | "thin-dash" | "bars" };
/** Seconds since the epoch, then one row per series; null is a gap. */
export type ChartData = [number[], ...(number | null)[][]];

export type ChartOptions = {
	series: readonly Series[];
	unit: string;
	/** The rows stand on each other. */
	stacked?: boolean;
	/** A logarithmic scale of shares: `100 %`, `1 %`. */
	shares?: boolean;
	/** A level to stay below, drawn as a dashed line. */
	limit?: number;
	/** Charts of one name share one time cursor. */
	sync?: string;
	/** A stretch of time was drawn with the pointer; seconds. */
	onRange?(from: number, to: number): void;
	/** Index under the cursor; null: it has left. */
	onCursor?(index: number | null): void;
};

export type Chart = {
	set(data: ChartData, window: readonly [from: number, to: number]): void;
	/** Puts the shared cursor onto this time; null takes it away. */
	point(seconds: number | null): void;
	destroy(): void;
};

/** Nobody counts half a request. */
const WHOLE_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000];
/** Marks of a logarithmic scale of shares. */
const POWERS = [0.000_001, 0.000_01, 0.000_1, 0.001, 0.01, 0.1, 1];
const DASHES: Record<Series["look"], number[] | undefined> = {
	line: undefined,
	thin: undefined,
	dash: [6, 4],
	"thin-dash": [3, 3],
	bars: undefined,
};

/** One chart over time that fills its host. Made once; data is set as it comes. It follows the theme and the size of the text. */
export function createChart(host: HTMLElement, options: ChartOptions): Chart {
	const { series, stacked = false } = options;
	let data: ChartData = [[], ...series.map(() => [] as number[])];
	let window: readonly [number, number] = [0, 1];
	let plot = make();

	function make(): uPlot {
		const size = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.75;
		const font = `${size}px ${token("font")}`;
		const axis = { stroke: token("text-muted"), font, ticks: { show: false } };
		const order = stacked ? [...series].reverse() : series;
		const shares = options.shares === true;
		return new uPlot(
			{
				...sizeOf(host),
				legend: { show: false },
				padding: [8, 12, 0, 0],
				cursor: {
					y: false,
					points: { size: 7, width: 1.5 },
					drag: { x: options.onRange !== undefined, y: false, setScale: false },
					...(options.sync === undefined ? {} : { sync: { key: options.sync, setSeries: false } }),
				},
				scales: {
					x: { time: true, range: () => [window[0], window[1]] },
					y: shares
						? { distr: 3, range: (_plot, low) => [Math.min(low || 0.01, options.limit ?? 1) * 0.6, 1] }
						: { range: (_plot, _low, high) => [0, Math.max((high || 0) * 1.15, 1)] },
				},
				axes: [
					{
						...axis,
						grid: { show: false },
						size: size * 2,
						gap: 6,
						space: size * 7,
						values: (_plot, splits) => splits.map(timeOf),
					},
					{
						...axis,
						grid: { stroke: token("line"), width: 1 },
						size: (_plot, values) => 12 + size * 0.6 * Math.max(2, ...(values ?? []).map((value) => value?.length ?? 0)),
						...(shares ? { splits: (_plot, _axis, low) => POWERS.filter((power) => power >= low) } : { incrs: WHOLE_STEPS }),
						space: size * 2.6,
						values: (_plot, splits) => splits.map((split) => tickOf(split, options.unit, shares)),
					},
				],
				series: [
					{},
					...order.map(({ label, colour, look }) => ({
						label,
						stroke: token(colour),
						width: look === "bars" ? 0 : look.startsWith("thin") ? 1.2 : 2,
						fill: look === "bars" ? token(colour) : undefined,
						paths: look === "bars" ? uPlot.paths.bars?.({ size: [0.9, 14] }) : undefined,
						dash: DASHES[look],
						points: { show: false },
					})),
				],
				hooks: {
					setSelect: [
						(self) => {
							const { left, width } = self.select;
							if (width > 4) options.onRange?.(self.posToVal(left, "x"), self.posToVal(left + width, "x"));
							if (width > 0) self.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
						},
					],
					setCursor: [(self) => options.onCursor?.(self.cursor.idx ?? null)],
					draw: [(self) => drawLimit(self, options.limit, size)],
				},
			},
			shownData(),
			host,
		);
	}

	/** Stacked rows are drawn from the back: the sum of all first, then what stands below it. */
	function shownData(): uPlot.AlignedData {
		if (!stacked) return data as uPlot.AlignedData;
		const [at, ...rows] = data;
		const sums: (number | null)[][] = [];
		for (const row of rows) {
			const below = sums.at(-1);
			sums.push(row.map((value, index) => (value ?? 0) + (below?.[index] ?? 0)));
		}
		return [at, ...sums.reverse()] as uPlot.AlignedData;
	}

	function remake(): void {
		plot.destroy();
		plot = make();
	}

	const resized = new ResizeObserver(() => plot.setSize(sizeOf(host)));
	resized.observe(host);
	const restyled = new MutationObserver(remake);
	restyled.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "style"] });
	return {
		set(next, shown) {
			const isNew = next !== data;
			data = next;
			window = shown;
			if (isNew) plot.setData(shownData());
			else plot.setScale("x", { min: shown[0], max: shown[1] });
		},
		point(seconds) {
			const left = seconds === null ? -10 : plot.valToPos(seconds, "x");
			plot.setCursor({ left, top: seconds === null ? -10 : 10 });
		},
		destroy() {
			resized.disconnect();
			restyled.disconnect();
			plot.destroy();
		},
	};
}

const sizeOf = (host: HTMLElement) => ({ width: Math.max(80, host.clientWidth), height: Math.max(60, host.clientHeight) });

function drawLimit(plot: uPlot, limit: number | undefined, size: number): void {
	if (limit === undefined) return;
	const { ctx, bbox } = plot;
	const y = plot.valToPos(limit, "y", true);
	if (y < bbox.top || y > bbox.top + bbox.height) return;
	ctx.save();
	ctx.strokeStyle = token("good-mark");
	ctx.lineWidth = 1.5 * devicePixelRatio;
	ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
	ctx.beginPath();
	ctx.moveTo(bbox.left, y);
	ctx.lineTo(bbox.left + bbox.width, y);
	ctx.stroke();
	ctx.fillStyle = token("good");
	ctx.font = `${size * devicePixelRatio}px ${token("font")}`;
	ctx.textAlign = "left";
	ctx.fillText("limit", bbox.left + 4 * devicePixelRatio, y - 5 * devicePixelRatio);
	ctx.restore();
}

function tickOf(value: number, unit: string, shares: boolean): string {
	if (shares) return `${Number((value * 100).toPrecision(2))} %`;
	return Number.isInteger(value) ? `${value}${unit}` : "";
}

function timeOf(seconds: number): string {
	const date = new Date(seconds * 1000);
	return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}
