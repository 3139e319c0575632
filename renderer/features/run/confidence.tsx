import { useMemo } from "react";
import type { Confidence as Told } from "../../../core/contract/history.ts";
import { against } from "../../../core/contract/outcome.ts";
import type { Migration } from "../../../core/contract/run.ts";
import type { ChartData, Series } from "../../adapters/uplot.ts";
import { CommandButton } from "../../app/command-button.tsx";
import { useEngine } from "../../app/context.tsx";
import { clock, count, duration, percentAtMost } from "../../ui/index.ts";
import { useAsked } from "./asked.ts";
import { Branches } from "./branches.tsx";
import { Chart } from "./chart.tsx";
import styles from "./detail.module.css";

const series: readonly Series[] = [{ label: "Upper bound of the mismatch rate", colour: "modern", look: "line" }];

/** How the confidence of one function comes about: what was counted, the formula with its source, and the way of the bound. */
export function Confidence({ migration }: { migration: Migration }) {
	const { function: name, version, evidence } = migration;
	const seconds = useEngine((state) => Math.floor((state.snapshot?.at ?? 0) / 2000));
	const told = useAsked(`confidence ${name} ${version}`, `${seconds} ${against(evidence)}`, (client) =>
		client.run.confidence({ function: name }),
	);
	if (told === null) return <p className={styles.lead}>One moment.</p>;
	const k = against(evidence);
	return (
		<div className={styles.parts}>
			<p className={styles.big}>{sentence(told)}</p>
			<dl className={styles.facts}>
				<Fact name="Clean" value={count(evidence.clean)} />
				<Fact name="Mismatched" value={count(evidence.mismatched)} bad={evidence.mismatched > 0} />
				<Fact name="Failed" value={count(evidence.failed)} bad={evidence.failed > 0} />
				{evidence.skewed ? <Fact name="State skew" value={count(evidence.skewed)} bad /> : null}
				{evidence.accepted ? <Fact name="Accepted rounding" value={count(evidence.accepted)} /> : null}
				<Fact name="Bound now" value={evidence.bound >= 1 ? "none" : `≤ ${percentAtMost(evidence.bound)}`} />
				<Fact name="Limit of the policy" value={`≤ ${percentAtMost(told.limit)}`} />
				<Fact name="Clean, at least" value={count(told.minClean)} />
				<Fact name="Alpha" value={String(told.alpha)} />
				<Fact name="Compared a second" value={told.rate.toFixed(1)} />
			</dl>
			<Branches told={told} />
			{told.acceptances.length === 0 ? null : (
				<section className={styles.part} aria-labelledby="accepted-title">
					<h3 id="accepted-title">Another rounding is accepted</h3>
					<ul>
						{told.acceptances.map(({ site, place, by, why }) => (
							<li key={site}>
								<code>{place}</code>, by {by}: {why}{" "}
								<CommandButton id="rounding.allow" argument={`${name} ${site}`} look="quiet">
									Take it back…
								</CommandButton>
							</li>
						))}
					</ul>
				</section>
			)}
			{told.tolerated.length === 0 ? null : (
				<section className={styles.part} aria-labelledby="tolerated-title">
					<h3 id="tolerated-title">What may differ, and the check it passed</h3>
					<ul>
						{told.tolerated.map(({ field, check }) => (
							<li key={`${field} ${check}`}>
								<code>{field}</code>: {check}
							</li>
						))}
					</ul>
				</section>
			)}
			<Curve told={told} />
			<section className={styles.part} aria-labelledby="method-title">
				<h3 id="method-title">Where the bound comes from</h3>
				<p>{told.method.words}</p>
				<p className={styles.formula}>
					<code>{told.method.formula}</code>
				</p>
				<p>
					Here n = {count(evidence.clean + k)} compared requests of version {version}, k = {count(k)} of them against it, alpha ={" "}
					{told.alpha}, and the prior is Beta({told.method.prior.a}, {told.method.prior.b}), fixed before any data.
				</p>
				<p className={styles.source}>Source: {told.method.source}</p>
			</section>
		</div>
	);
}

function sentence({ needed, openMismatches, etaMs, minClean }: Told): string {
	if (needed === null)
		return openMismatches > 0
			? `${count(openMismatches)} mismatches stand open. A version without them starts from zero and needs ${count(minClean)} clean requests or more${etaMs === null ? "" : `, ${about(etaMs)} at the present traffic`}.`
			: "Nothing is compared yet.";
	if (needed === 0) return "The evidence meets the policy.";
	return `${count(needed)} more clean requests${etaMs === null ? "; no traffic reaches it now" : `, ${about(etaMs)} at the present traffic`}.`;
}

const about = (ms: number): string => (ms < 1000 ? "less than a second" : `about ${duration(ms)}`);

function Fact({ name, value, bad = false }: { name: string; value: string; bad?: boolean }) {
	return (
		<div>
			<dt>{name}</dt>
			<dd className={bad ? styles.badText : ""}>{value}</dd>
		</div>
	);
}

function Curve({ told: { points, limit } }: { told: Told }) {
	const data = useMemo((): ChartData => {
		const at: number[] = [];
		const bounds: (number | null)[] = [];
		for (const [index, point] of points.entries()) {
			// A gap between versions: the next one begins at 100 %.
			if (index > 0 && points[index - 1]?.version !== point.version) {
				at.push(point.at / 1000 - 0.001);
				bounds.push(null);
			}
			at.push(point.at / 1000);
			bounds.push(point.bound);
		}
		return [at, bounds];
	}, [points]);
	const window = useMemo(() => [data[0][0] ?? 0, Math.max(data[0].at(-1) ?? 1, (data[0][0] ?? 0) + 1)] as const, [data]);
	const last = points.at(-1);
	if (last === undefined) return null;
	const versions = [...new Set(points.map((point) => point.version))];
	return (
		<section aria-label="The bound over time">
			<Chart
				title={versions.length === 1 ? "The bound over time" : `The bound over time, versions ${versions.join(", ")}`}
				unit=""
				shares
				limit={limit}
				series={series}
				data={data}
				window={window}
				values={[`≤ ${percentAtMost(last.bound)}`]}
			/>
			<details className={styles.twin}>
				<summary>As a table</summary>
				{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
				<section className={styles.scroll} tabIndex={0} aria-label="Points of the bound">
					<table>
						<thead>
							<tr>
								<th scope="col">Time</th>
								<th scope="col">Version</th>
								<th scope="col">Clean</th>
								<th scope="col">Against</th>
								<th scope="col">Bound</th>
							</tr>
						</thead>
						<tbody>
							{points.toReversed().map((point) => (
								<tr key={point.seq}>
									<td>{clock(point.at).slice(0, 8)}</td>
									<td>v{point.version}</td>
									<td>{count(point.clean)}</td>
									<td>{count(point.against)}</td>
									<td>≤ {percentAtMost(point.bound)}</td>
								</tr>
							))}
						</tbody>
					</table>
				</section>
			</details>
		</section>
	);
}
