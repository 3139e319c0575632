import type { ComparedSide, DifferenceGroup, RouteComparison } from "../../../core/contract/comparison.ts";
import { count, Dialog, plural } from "../../ui/index.ts";
import { leadOf, sumOf, visible, wordsOf } from "./comparison-words.ts";
import styles from "./comparisons.module.css";
import { useComparisons } from "./use-comparisons.ts";

/** The routes whose copies were compared, and their differences by cause with an example of both sides. */
export function ComparisonsDialog({ onClose }: { onClose(): void }) {
	const report = useComparisons();
	const isEmpty = report === null || report.routes.length === 0;
	return (
		<Dialog
			wide
			title="Mirrored traffic compared"
			lead={isEmpty ? "The gateway has mirrored nothing itself that was compared: no route of its plan names a mirror." : leadOf(report)}
			onClose={onClose}
		>
			{isEmpty ? null : (
				<>
					<Routes routes={report.routes} />
					<Groups groups={report.groups} />
				</>
			)}
		</Dialog>
	);
}

function Routes({ routes }: { routes: readonly RouteComparison[] }) {
	return (
		<div className={styles.scroll}>
			<table className={styles.table}>
				<thead>
					<tr>
						<th scope="col">Route or stream</th>
						<th scope="col">Protocol</th>
						{["Seen", "Matched", "Differ", "Failed", "Not compared", "Waiting", "Per second"].map((title) => (
							<th key={title} scope="col" className={styles.number}>
								{title}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{routes.map(({ id, protocol, seen, matched, mismatched, failed, uncompared, waiting, perSecond }) => (
						<tr key={id}>
							<th scope="row">{id}</th>
							<td>{protocol}</td>
							<td className={styles.number}>{count(seen)}</td>
							<td className={styles.number}>{count(matched)}</td>
							<td className={`${styles.number} ${mismatched > 0 ? styles.bad : ""}`}>{count(mismatched)}</td>
							<Reasons counts={failed} />
							<Reasons counts={uncompared} />
							<td className={styles.number}>{count(waiting)}</td>
							<td className={styles.number}>{perSecond.toFixed(1)}</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}

function Reasons({ counts }: { counts: Readonly<Record<string, number>> }) {
	const total = sumOf(counts);
	return (
		<td className={styles.number}>
			{count(total)}
			{total > 0 ? <div className={styles.reason}>{wordsOf(counts)}</div> : null}
		</td>
	);
}

function Groups({ groups }: { groups: readonly DifferenceGroup[] }) {
	if (groups.length === 0) return <p className={styles.none}>No answer differs.</p>;
	return groups.map(({ id, route, field, cause, count: times, examples: [example] }) => (
		<details key={id} className={styles.group} open={groups.length === 1}>
			<summary>
				<strong>{field}</strong> ({cause}) on {route}, {plural(times, "time")}
			</summary>
			{example === undefined ? null : (
				<>
					<ul className={styles.differences}>
						{example.differences.map((difference) => (
							<li key={difference.field}>
								{difference.field}: legacy <code>{difference.legacy || "(nothing)"}</code>, new{" "}
								<code>{difference.modern || "(nothing)"}</code>
							</li>
						))}
					</ul>
					<p className={styles.reason}>
						{example.method} {example.target}
					</p>
					<div className={styles.sides}>
						<Side name="Legacy" side={example.legacy} />
						<Side name="New service" side={example.modern} />
					</div>
				</>
			)}
		</details>
	));
}

function Side({ name, side }: { name: string; side: ComparedSide }) {
	return (
		<figure>
			<figcaption>
				{name}, status {side.status}
			</figcaption>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by keyboard */}
			<section tabIndex={0} aria-label={`Answer of ${name}`}>
				<pre>{visible(side.body)}</pre>
			</section>
		</figure>
	);
}
