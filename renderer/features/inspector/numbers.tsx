import { useState } from "react";
import type { CutPlan, EntanglementTerm } from "../../../core/contract/plan.ts";
import { count } from "../../ui/index.ts";
import styles from "./inspector.module.css";

type Shown = "isolation" | "effort" | "risk";

/** The three numbers behind the verdict; each opens to say how it comes about. */
export function Numbers({ plan }: { plan: CutPlan }) {
	const [shown, setShown] = useState<Shown | null>(null);
	const tiles: [Shown, string, string][] = [
		["isolation", "Isolation", plan.isolation.value.toFixed(2)],
		["effort", "Effort", plan.unreached ? "–" : plan.effort.level],
		["risk", "Risk", plan.unreached ? "–" : plan.risk.level],
	];
	return (
		<div className={styles.numbers}>
			<div className={styles.tiles}>
				{tiles.map(([key, title, value]) => (
					<button
						key={key}
						type="button"
						aria-expanded={shown === key}
						aria-controls="number-explained"
						onClick={() => setShown(shown === key ? null : key)}
					>
						<span>{title}</span>
						<strong>{value}</strong>
					</button>
				))}
			</div>
			<div id="number-explained">
				{shown === "isolation" ? <IsolationExplained value={plan.isolation.value} terms={plan.isolation.terms} /> : null}
				{shown === "effort" ? (
					<dl className={styles.terms}>
						{plan.effort.measures.map((one) => (
							<div key={one.name}>
								<dt>{one.name}</dt>
								<dd>
									{count(one.value)} <span className={styles.muted}>{one.level}</span>
								</dd>
							</div>
						))}
					</dl>
				) : null}
				{shown === "risk" ? (
					<p className={styles.explained}>
						{plan.risk.reasons.filter((reason) => reason.risk === plan.risk.level).length} of {plan.risk.reasons.length} reasons are of this
						weight; the gravest decides. All of them stand below.
					</p>
				) : null}
			</div>
		</div>
	);
}

/** 1 / (1 + the sum of these). */
export function IsolationExplained({ value, terms }: { value: number; terms: readonly EntanglementTerm[] }) {
	const sum = terms.reduce((total, term) => total + term.sum, 0);
	const counting = terms.filter((term) => term.count > 0).sort((a, b) => b.sum - a.sum);
	return (
		<div className={styles.isolation}>
			<dl className={styles.terms}>
				{counting.map((term) => (
					<div key={term.what}>
						<dt>{term.what}</dt>
						<dd>
							{count(term.count)} × {term.weight.toFixed(2)} = {term.sum.toFixed(2)}
						</dd>
						<i style={{ width: `${sum === 0 ? 0 : (term.sum / sum) * 100}%` }} aria-hidden="true" />
					</div>
				))}
			</dl>
			<p className={styles.muted}>
				1 / (1 + {sum.toFixed(2)}) = {value.toFixed(2)}; 1 stands alone, 0 is woven in.
			</p>
		</div>
	);
}
