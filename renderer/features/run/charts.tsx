import { ChartLine, RotateCcw, Table } from "lucide-react";
import { type KeyboardEvent, useMemo, useState } from "react";
import type { TrafficPoint } from "../../../core/contract/api.ts";
import type { Series } from "../../adapters/uplot.ts";
import { useEngine } from "../../app/context.tsx";
import { Button, clock, count } from "../../ui/index.ts";
import { Chart } from "./chart.tsx";
import styles from "./charts.module.css";
import { cleanOf, trafficRows } from "./traffic-rows.ts";
import { TrafficTable } from "./traffic-table.tsx";

const rate: readonly Series[] = [
	{ label: "Legacy", colour: "legacy", look: "line" },
	{ label: "Modern", colour: "modern", look: "dash" },
];
const latency: readonly Series[] = [
	{ label: "Legacy p95", colour: "legacy", look: "line" },
	{ label: "Modern p95", colour: "modern", look: "dash" },
	{ label: "Legacy p50", colour: "legacy", look: "thin" },
	{ label: "Modern p50", colour: "modern", look: "thin-dash" },
];
const errors: readonly Series[] = [{ label: "Client errors", colour: "bad-mark", look: "bars" }];
const verdicts: readonly Series[] = [
	{ label: "Clean", colour: "good-mark", look: "bars" },
	{ label: "Mismatched", colour: "warn-mark", look: "bars" },
	{ label: "Failed, skewed", colour: "bad-mark", look: "bars" },
];

const SHOWN_SECONDS = 120;
const none: readonly TrafficPoint[] = [];

/** Two minutes of traffic, the past against the future: one time cursor over all charts, a stretch of time by drawing it. */
export function Charts() {
	const points = useEngine((state) => state.snapshot?.traffic) ?? none;
	const now = useEngine((state) => state.snapshot?.at ?? 0) / 1000;
	const [range, setRange] = useState<readonly [number, number] | null>(null);
	const [cursor, setCursor] = useState<number | null>(null);
	const [keyed, setKeyed] = useState<number | null>(null);
	const [asTable, setAsTable] = useState(false);
	const data = useMemo(() => trafficRows(points), [points]);
	// Slides with the engine's clock, ten times a second; a chosen stretch stands still.
	const window = useMemo(() => range ?? ([now - SHOWN_SECONDS, now] as const), [range, now]);
	const point = points[cursor ?? points.length - 1];
	const brush = (from: number, to: number) => setRange([from, to]);
	const common = { sync: "phoenix.run", window, onRange: brush, onCursor: setCursor, at: keyed };

	const onKeyDown = (event: KeyboardEvent) => {
		const by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
		if (event.key === "Escape") {
			setKeyed(null);
			setRange(null);
		}
		if (by === 0) return;
		event.preventDefault();
		const last = points.length - 1;
		const index = Math.min(last, Math.max(0, (cursor ?? last) + by * (event.shiftKey ? 10 : 1)));
		setKeyed(data.at[index] ?? null);
		setCursor(index);
	};
	return (
		<section className={styles.box} aria-label="Traffic, last two minutes">
			<header>
				<h2>Traffic</h2>
				<span>{words(point, cursor !== null, range)}</span>
				{range === null ? null : (
					<Button look="quiet" icon={<RotateCcw size={14} aria-hidden="true" />} onClick={() => setRange(null)}>
						Two minutes
					</Button>
				)}
				<Button
					look="quiet"
					aria-pressed={asTable}
					icon={asTable ? <ChartLine size={14} aria-hidden="true" /> : <Table size={14} aria-hidden="true" />}
					onClick={() => setAsTable(!asTable)}
				>
					{asTable ? "As charts" : "As a table"}
				</Button>
			</header>
			{asTable ? (
				<TrafficTable points={points} window={range} />
			) : (
				// biome-ignore lint/a11y/useSemanticElements: the group is moved through by the arrow keys, which a fieldset is not
				<div
					className={styles.grid}
					role="group"
					// biome-ignore lint/a11y/noNoninteractiveTabindex: the time cursor is moved by the arrow keys
					tabIndex={0}
					aria-label="Charts; the arrow keys move the time cursor, Escape takes it away"
					onKeyDown={onKeyDown}
				>
					<Chart
						{...common}
						title="Requests a second"
						unit=""
						series={rate}
						data={data.rate}
						values={[count(point?.legacyRps ?? 0), count(point?.modernRps ?? 0)]}
					/>
					<Chart
						{...common}
						title="Latency"
						unit=" ms"
						series={latency}
						data={data.latency}
						values={[ms(point, "legacyP95"), ms(point, "modernP95"), ms(point, "legacyP50"), ms(point, "modernP50")]}
					/>
					<Chart
						{...common}
						title="Verdicts a second"
						unit=""
						stacked
						series={verdicts}
						data={data.verdicts}
						values={point === undefined ? [] : [count(cleanOf(point)), count(point.mismatched), count(point.failed + point.skewed)]}
					/>
					<Chart
						{...common}
						title="Errors that clients saw"
						unit=""
						series={errors}
						data={data.errors}
						values={[count(point?.clientErrors ?? 0)]}
					/>
				</div>
			)}
		</section>
	);
}

function words(point: TrafficPoint | undefined, pointed: boolean, range: readonly [number, number] | null): string {
	if (pointed && point !== undefined) return `at ${clock(point.at).slice(0, 8)}`;
	if (range === null) return "last two minutes; draw over a chart to look closer";
	return `${clock(range[0] * 1000).slice(0, 8)} to ${clock(range[1] * 1000).slice(0, 8)}`;
}

function ms(point: TrafficPoint | undefined, name: "legacyP50" | "legacyP95" | "modernP50" | "modernP95"): string {
	if (point === undefined) return "none";
	const silent = name.startsWith("legacy") ? point.legacyRps === 0 : point.modernRps === 0 && point.compared === 0;
	return silent ? "none" : `${point[name].toFixed(point[name] < 10 ? 1 : 0)} ms`;
}
