import type { TrafficPoint } from "../../../core/contract/api.ts";
import { clock, count } from "../../ui/index.ts";
import styles from "./charts.module.css";
import { cleanOf } from "./traffic-rows.ts";

const ms = (value: number) => value.toFixed(1);

/** The charts as numbers, newest first: for those who cannot see a picture, and to copy. */
export function TrafficTable({ points, window }: { points: readonly TrafficPoint[]; window: readonly [number, number] | null }) {
	const shown = points.filter(({ at }) => window === null || (at / 1000 >= window[0] && at / 1000 <= window[1])).toReversed();
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
		<section className={styles.table} tabIndex={0} aria-label="Traffic by second">
			<table>
				<thead>
					<tr>
						<th scope="col">Time</th>
						<th scope="col">Legacy a second</th>
						<th scope="col">Modern a second</th>
						<th scope="col">Legacy p50, p95 (ms)</th>
						<th scope="col">Modern p50, p95 (ms)</th>
						<th scope="col">Clean</th>
						<th scope="col">Mismatched</th>
						<th scope="col">Failed, skewed</th>
						<th scope="col">Client errors</th>
					</tr>
				</thead>
				<tbody>
					{shown.map((point) => (
						<tr key={point.at}>
							<th scope="row">{clock(point.at).slice(0, 8)}</th>
							<td>{count(point.legacyRps)}</td>
							<td>{count(point.modernRps)}</td>
							<td>{point.legacyRps === 0 ? "none" : `${ms(point.legacyP50)}, ${ms(point.legacyP95)}`}</td>
							<td>{point.modernRps === 0 && point.compared === 0 ? "none" : `${ms(point.modernP50)}, ${ms(point.modernP95)}`}</td>
							<td>{count(cleanOf(point))}</td>
							<td>{count(point.mismatched)}</td>
							<td>
								{count(point.failed)}, {count(point.skewed)}
							</td>
							<td>{count(point.clientErrors)}</td>
						</tr>
					))}
				</tbody>
			</table>
		</section>
	);
}
