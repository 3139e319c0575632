import type { DemoReport, DemoState } from "../../../core/contract/demo.ts";
import { Badge, count, duration, shortName } from "../../ui/index.ts";
import styles from "./demo.module.css";

/** The demo while it runs, and its report with every figure when it is over. */
export function DemoPanel({ demo }: { demo: DemoState }) {
	const tone = demo.state === "done" ? "good" : demo.state === "failed" ? "bad" : demo.state === "cancelled" ? "warn" : "accent";
	return (
		<section className={styles.panel} aria-label="Demo">
			<header>
				<h2>Demo</h2>
				<Badge tone={tone}>{demo.state}</Badge>
				<span role="status">{demo.chapter}</span>
			</header>
			{demo.report === null ? null : <Report report={demo.report} />}
		</section>
	);
}

function Report({ report }: { report: DemoReport }) {
	const figures: readonly [string, string, boolean | null][] = [
		["Requests", count(report.requests), null],
		["Client errors", count(report.clientErrors), report.clientErrors === 0],
		["Wrong before promotion", count(report.wrongBeforePromotion), report.wrongBeforePromotion === 0],
		["Doubled effects", count(report.doubledEffects), report.doubledEffects === 0],
		["Mirrored", count(report.mirrored), null],
		["Compared", count(report.compared), null],
		["Dropped, with a reason", count(report.dropped), null],
		["Kill switch", duration(report.killSwitchMs), report.killSwitchMs <= 500],
		["Sealed", report.sealed ? "yes" : "no", report.sealed],
		["Duration", duration(report.durationMs), null],
	];
	return (
		<>
			<dl className={styles.figures}>
				{figures.map(([name, value, good]) => (
					<div key={name}>
						<dt>{name}</dt>
						<dd className={good === null ? "" : good ? styles.good : styles.bad}>{value}</dd>
					</div>
				))}
			</dl>
			<div className={styles.lists}>
				<section>
					<h3>Mismatches found</h3>
					<ul>
						{report.mismatchesFound.map((one) => (
							<li key={`${one.cause} ${one.field} ${one.where}`}>
								{one.cause} <code>{one.field}</code> <code>{one.where}</code>
							</li>
						))}
					</ul>
				</section>
				<section>
					<h3>Healed</h3>
					<ul>
						{report.healed.map((one, index) => (
							// biome-ignore lint/suspicious/noArrayIndexKey: the same cause may be healed twice; the list never moves
							<li key={`${one.cause} ${index}`}>
								{one.cause}, {one.attempts === 1 ? "first attempt" : `${one.attempts} attempts`}, {duration(one.ms)}
							</li>
						))}
					</ul>
				</section>
				<section>
					<h3>Promoted</h3>
					<ul>
						{report.promoted.map((name) => (
							<li key={name}>{shortName(name)}</li>
						))}
					</ul>
					{report.capsule === null ? null : (
						<p>
							Capsule <code>{report.capsule}</code>
						</p>
					)}
				</section>
			</div>
		</>
	);
}
