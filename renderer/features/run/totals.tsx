import { useEngine } from "../../app/context.tsx";
import { count } from "../../ui/index.ts";
import styles from "./run.module.css";

/** Every mirrored request is accounted for: compared, dropped with a reason, or still on its way. */
export function Totals() {
	const totals = useEngine((state) => state.snapshot?.totals);
	if (totals === undefined) return null;
	const reasons = Object.entries(totals.dropped).filter(([, amount]) => amount > 0);
	const dropped = reasons.reduce((sum, [, amount]) => sum + amount, 0);
	const open = totals.mirrored - totals.compared - dropped;
	return (
		<section aria-label="Traffic accounts" className={styles.box}>
			<h2>Traffic accounts</h2>
			<dl className={styles.totals}>
				<div>
					<dt>Requests</dt>
					<dd>{count(totals.requests)}</dd>
				</div>
				<div>
					<dt>Client errors</dt>
					<dd className={totals.clientErrors > 0 ? styles.bad : styles.good}>{count(totals.clientErrors)}</dd>
				</div>
			</dl>
			<p className={styles.sum}>
				<b>{count(totals.mirrored)}</b> mirrored = <b>{count(totals.compared)}</b> compared + <b>{count(dropped)}</b> dropped
				{open === 0 ? "" : ` + ${count(open)} on the way`}
			</p>
			{reasons.length === 0 ? null : (
				<ul className={styles.reasons}>
					{reasons.map(([reason, amount]) => (
						<li key={reason}>
							{reason} <b>{count(amount)}</b>
						</li>
					))}
				</ul>
			)}
		</section>
	);
}
