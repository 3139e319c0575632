import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { token } from "./tokens.ts";

export type Series = { label: string; colour: string; look: "line" | "dash" | "bars" };
/** Seconds since the epoch, then one row per series; null is a gap. */
export type ChartData = [number[], ...(number | null)[][]];
export type Chart = { set(data: ChartData): void; restyle(): void; destroy(): void };

/** One line chart over time that fills its host. Made once; data is set as it comes. */
export function createChart(host: HTMLElement, series: readonly Series[], unit: string): Chart {
	let data: ChartData = [[], ...series.map(() => [] as number[])];
	let plot = make();

	function make(): uPlot {
		const axis = {
			stroke: token("text-muted"),
			font: `12px ${token("font")}`,
			grid: { stroke: token("line"), width: 1 },
			ticks: { show: false },
		};
		return new uPlot(
			{
				width: Math.max(80, host.clientWidth),
				height: Math.max(60, host.clientHeight),
				legend: { show: false },
				cursor: { show: false },
				padding: [8, 26, 0, 0],
				scales: { y: { range: (_plot, _low, high) => [0, Math.max(high * 1.15, 1)] } },
				axes: [
					{ ...axis, grid: { show: false }, size: 30, gap: 9, space: 90, values: (_plot, splits) => splits.map((split) => timeOf(split)) },
					{
						...axis,
						size: (_plot, values) => 14 + 7 * Math.max(2, ...(values ?? []).map((value) => value.length)),
						space: 32,
						values: (_plot, splits) => splits.map((split) => (Number.isInteger(split) ? `${split}${unit}` : "")),
					},
				],
				series: [
					{},
					...series.map(({ label, colour, look }) => ({
						label,
						stroke: token(colour),
						width: look === "bars" ? 0 : 2,
						fill: look === "bars" ? token(colour) : undefined,
						paths: look === "bars" ? uPlot.paths.bars?.({ size: [0.8, 12] }) : undefined,
						dash: look === "dash" ? [6, 4] : undefined,
						points: { show: false },
					})),
				],
			},
			data as uPlot.AlignedData,
			host,
		);
	}

	const observer = new ResizeObserver(() =>
		plot.setSize({ width: Math.max(80, host.clientWidth), height: Math.max(60, host.clientHeight) }),
	);
	observer.observe(host);
	return {
		set(next) {
			data = next;
			plot.setData(next as uPlot.AlignedData);
		},
		restyle() {
			plot.destroy();
			plot = make();
		},
		destroy() {
			observer.disconnect();
			plot.destroy();
		},
	};
}

function timeOf(seconds: number): string {
	const date = new Date(seconds * 1000);
	return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}
