import { useEffect, useRef } from "react";
import { type ChartData, type ChartOptions, createChart, type Chart as Drawn } from "../../adapters/uplot.ts";
import styles from "./charts.module.css";

type Props = ChartOptions & {
	title: string;
	data: ChartData;
	/** Of time that is shown, in seconds. */
	window: readonly [from: number, to: number];
	/** What stands beside each name: the values at the cursor, else the newest. */
	values: readonly string[];
	/** The cursor by keyboard, in seconds. */
	at?: number | null;
};

/** A chart with its legend in words: a value stands beside each name, so the picture is not needed to know it. */
export function Chart({ title, unit, series, stacked, shares, limit, sync, onRange, onCursor, data, window, values, at = null }: Props) {
	const host = useRef<HTMLDivElement>(null);
	const chart = useRef<Drawn | null>(null);
	const told = useRef({ onRange, onCursor });
	told.current = { onRange, onCursor };
	const ranged = onRange !== undefined;
	useEffect(() => {
		if (host.current === null) return;
		const created = createChart(host.current, {
			series,
			unit,
			...(stacked === undefined ? {} : { stacked }),
			...(shares === undefined ? {} : { shares }),
			...(limit === undefined ? {} : { limit }),
			...(sync === undefined ? {} : { sync }),
			...(ranged ? { onRange: (from: number, to: number) => told.current.onRange?.(from, to) } : {}),
			onCursor: (index) => told.current.onCursor?.(index),
		});
		chart.current = created;
		return () => {
			created.destroy();
			chart.current = null;
		};
	}, [series, unit, stacked, shares, limit, sync, ranged]);
	useEffect(() => chart.current?.set(data, window), [data, window]);
	useEffect(() => chart.current?.point(at), [at]);
	return (
		<figure className={styles.chart}>
			<figcaption>
				<strong>{title}</strong>
				<ul>
					{series.map((one, index) => (
						<li key={one.label}>
							<Swatch series={one} />
							{one.label} <b>{values[index]}</b>
						</li>
					))}
				</ul>
			</figcaption>
			<div ref={host} className={styles.plot} aria-hidden="true" />
		</figure>
	);
}

function Swatch({ series: { colour, look } }: { series: Props["series"][number] }) {
	const fill = `var(--${colour})`;
	return (
		<svg viewBox="0 0 22 8" aria-hidden="true">
			{look === "bars" ? (
				<path d="M3 0h16v8H3z" fill={fill} />
			) : (
				<path
					d="M0 4h22"
					stroke={fill}
					strokeWidth={look.startsWith("thin") ? 1.5 : 3}
					strokeDasharray={look.endsWith("dash") ? (look === "dash" ? "6 4" : "3 3") : undefined}
				/>
			)}
		</svg>
	);
}
