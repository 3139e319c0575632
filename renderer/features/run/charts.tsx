import { useMemo } from "react";
import type { Series } from "../../adapters/uplot.ts";
import { useEngine } from "../../app/context.tsx";
import { count } from "../../ui/index.ts";
import { Chart } from "./chart.tsx";
import styles from "./run.module.css";

const pair: readonly Series[] = [
	{ label: "Legacy", colour: "legacy", look: "line" },
	{ label: "Modern", colour: "modern", look: "dash" },
];
const troubles: readonly Series[] = [
	{ label: "Mismatched", colour: "modern", look: "bars" },
	{ label: "Client errors", colour: "bad-mark", look: "line" },
];

/** Two minutes of traffic, the past against the future. */
export function Charts() {
	const traffic = useEngine((state) => state.snapshot?.traffic);
	const points = traffic ?? [];
	const data = useMemo(() => {
		const at = (traffic ?? []).map((point) => point.at / 1000);
		const row = (pick: (point: NonNullable<typeof traffic>[number]) => number | null) => (traffic ?? []).map(pick);
		return {
			rate: [at, row((point) => point.legacyRps), row((point) => point.modernRps)] as [number[], ...(number | null)[][]],
			// A second without an answer of one side has no latency: a gap, not a zero.
			p95: [
				at,
				row((point) => (point.legacyRps === 0 ? null : point.legacyP95)),
				row((point) => (point.modernRps === 0 && point.compared === 0 ? null : point.modernP95)),
			] as [number[], ...(number | null)[][]],
			errors: [at, row((point) => point.mismatched), row((point) => point.clientErrors)] as [number[], ...(number | null)[][]],
		};
	}, [traffic]);
	const last = points.at(-1);
	const ms = (value: number | undefined) => (value === undefined ? "none" : `${value.toFixed(value < 10 ? 1 : 0)} ms`);
	return (
		<section className={styles.charts} aria-label="Traffic, last two minutes">
			<Chart
				title="Requests a second"
				unit=""
				series={pair}
				data={data.rate}
				latest={[count(last?.legacyRps ?? 0), count(last?.modernRps ?? 0)]}
			/>
			<Chart title="95th percentile" unit=" ms" series={pair} data={data.p95} latest={[ms(last?.legacyP95), ms(last?.modernP95)]} />
			<Chart
				title="Differences and errors a second"
				unit=""
				series={troubles}
				data={data.errors}
				latest={[count(last?.mismatched ?? 0), count(last?.clientErrors ?? 0)]}
			/>
		</section>
	);
}
