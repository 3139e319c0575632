import { useEffect, useState } from "react";
import type { ComparedSide, ComparisonReport, DifferenceGroup, RouteComparison } from "../../../core/contract/comparison.ts";
import { useApp, useEngine } from "../../app/context.tsx";
import { Button, clock, count, Dialog, plural } from "../../ui/index.ts";
import styles from "./comparisons.module.css";

const askEveryMs = 2_000;

/** What the gateway mirrors itself, compared: one line of figures, and everything behind it. Nothing, where nothing was compared. */
export function Comparisons() {
	const report = useReport();
	const [isOpen, setOpen] = useState(false);
	if (report === null || report.routes.length === 0) return null;
	const { matched, mismatched, others } = sumsOf(report.routes);
	return (
		<section className={styles.line} aria-label="Mirrored traffic compared">
			<p>
				<strong>{count(matched + mismatched)}</strong> mirrored answers compared on {plural(report.routes.length, "route")},{" "}
				<strong className={mismatched > 0 ? styles.bad : ""}>{count(mismatched)}</strong> differ
				{others > 0 ? `, ${count(others)} failed or not comparable` : ""}
				{report.isRunning ? "" : "; nobody compares at this moment"}
			</p>
			<Button look="quiet" onClick={() => setOpen(true)}>
				Show comparisons
			</Button>
			{isOpen ? (
				<Dialog wide title="Mirrored traffic compared" lead={leadOf(report)} onClose={() => setOpen(false)}>
					<Routes routes={report.routes} />
					<Groups groups={report.groups} />
				</Dialog>
			) : null}
		</section>
	);
}

function useReport(): ComparisonReport | null {
	const { client } = useApp();
	const connection = useEngine((state) => state.connection);
	const [report, setReport] = useState<ComparisonReport | null>(null);
	useEffect(() => {
		if (connection !== "open") return;
		const over = new AbortController();
		const ask = () =>
			client()
				?.gateway.comparisons({}, { signal: over.signal })
				.then(setReport)
				.catch(() => {
					// The shell says that the core is gone; the last figures stay.
				});
		void ask();
		const timer = setInterval(ask, askEveryMs);
		return () => {
			clearInterval(timer);
			over.abort();
		};
	}, [client, connection]);
	return report;
}

const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((all, one) => all + one, 0);

export function sumsOf(routes: readonly RouteComparison[]): { matched: number; mismatched: number; others: number } {
	const total = { matched: 0, mismatched: 0, others: 0 };
	for (const { matched, mismatched, failed, uncompared } of routes) {
		total.matched += matched;
		total.mismatched += mismatched;
		total.others += sum(failed) + sum(uncompared);
	}
	return total;
}

export const wordsOf = (counts: Readonly<Record<string, number>>): string =>
	Object.entries(counts)
		.sort(([, a], [, b]) => b - a)
		.map(([reason, amount]) => `${count(amount)} ${reason}`)
		.join(", ");

export function leadOf({ since, copies, strayAnswers, ungrouped }: ComparisonReport): string {
	const lines = [`Since ${clock(since)}. Seen is the sum of all that follows it.`];
	if (copies) {
		const dropped = wordsOf(copies.dropped);
		lines.push(
			`The gateway took ${plural(copies.taken, "copy", "copies")}; ${dropped === "" ? "none was dropped" : `dropped: ${dropped}`}.`,
		);
	}
	if (strayAnswers > 0) lines.push(`${plural(strayAnswers, "answer")} came without an exchange.`);
	if (ungrouped > 0) lines.push(`${plural(ungrouped, "mismatch", "mismatches")} found no place among the groups.`);
	return lines.join(" ");
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
	const total = sum(counts);
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

/** Bytes that no font shows, by their number. */
export const visible = (text: string): string =>
	[...text]
		.map((character) => (/[^\P{Cc}\n\t]/u.test(character) ? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}` : character))
		.join("");
