import type { CutReason } from "../../../core/contract/plan.ts";
import styles from "./reasons.module.css";
import { Witnesses } from "./witnesses.tsx";

const words: Record<CutReason["risk"], string> = { none: "For", low: "Low risk", medium: "Medium risk", high: "High risk" };

/** Each reason with its weight, in words and sign, and what it rests on. */
export function Reasons({ unit, of }: { unit: string; of: readonly CutReason[] }) {
	return (
		<ul className={styles.reasons}>
			{of.map((reason) => (
				<li key={reason.text} className={styles[reason.risk]}>
					<span className={styles.sign}>{words[reason.risk]}</span>
					<span>
						{reason.text} <Witnesses unit={unit} of={reason.witnesses} />
					</span>
				</li>
			))}
		</ul>
	);
}
