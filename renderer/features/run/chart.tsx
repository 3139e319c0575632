import { useEffect, useRef } from "react";
import { onTheme } from "../../adapters/tokens.ts";
import { type ChartData, createChart, type Chart as Drawn, type Series } from "../../adapters/uplot.ts";
import styles from "./run.module.css";

type Props = { title: string; unit: string; series: readonly Series[]; data: ChartData; latest: readonly string[] };

/** A chart with its legend in words: the newest value stands beside each name, so the picture is not needed to know it. */
export function Chart({ title, unit, series, data, latest }: Props) {
	const host = useRef<HTMLDivElement>(null);
	const chart = useRef<Drawn | null>(null);
	useEffect(() => {
		if (host.current === null) return;
		const created = createChart(host.current, series, unit);
		chart.current = created;
		const stop = onTheme(created.restyle);
		return () => {
			stop();
			created.destroy();
			chart.current = null;
		};
	}, [series, unit]);
	useEffect(() => chart.current?.set(data), [data]);
	return (
		<figure className={styles.chart}>
			<figcaption>
				<strong>{title}</strong>
				<ul>
					{series.map((one, index) => (
						<li key={one.label}>
							<svg viewBox="0 0 22 4" aria-hidden="true">
								<path
									d="M0 2h22"
									stroke={`var(--${one.colour})`}
									strokeWidth="3"
									strokeDasharray={one.look === "dash" ? "6 4" : undefined}
								/>
							</svg>
							{one.label} <b>{latest[index]}</b>
						</li>
					))}
				</ul>
			</figcaption>
			<div ref={host} className={styles.plot} aria-hidden="true" />
		</figure>
	);
}
