import type { Migration, Policy } from "../../../core/contract/run.ts";
import { CommandButton } from "../../app/command-button.tsx";
import { count, percentAtMost } from "../../ui/index.ts";
import styles from "./detail.module.css";
import { Bound } from "./migration-list.tsx";

/** What the evidence says in one sentence and four figures. */
export function Proof({ migration, policy }: { migration: Migration; policy: Policy }) {
	const { evidence, openFailures } = migration;
	const { maxMismatchRate, minClean } = policy.shadow;
	return (
		<section className={styles.proof} aria-label="Confidence">
			<div className={styles.claim}>
				<p>
					<b>{evidence.bound >= 1 ? "No evidence yet" : `Mismatch rate ≤ ${percentAtMost(evidence.bound)}`}</b>
					<span>
						{Number(((1 - policy.alpha) * 100).toFixed(6))} %, sequential; the policy asks for ≤ {percentAtMost(maxMismatchRate)} and{" "}
						{count(minClean)} clean
					</span>
				</p>
				<Bound migration={migration} limit={maxMismatchRate} />
			</div>
			<dl>
				<Figure name="Clean" value={count(evidence.clean)} />
				<Figure name="Mismatched" value={count(evidence.mismatched)} bad={evidence.mismatched > 0} />
				<Figure name="Failed" value={count(evidence.failed)} bad={evidence.failed > 0} />
				{evidence.skewed ? <Figure name="State skew" value={count(evidence.skewed)} bad /> : null}
				<Figure
					name="Still needed"
					value={evidence.needed === null ? (openFailures > 0 ? "a new version" : "none") : count(evidence.needed)}
				/>
			</dl>
			<CommandButton id="run.confidence" look="quiet">
				How it comes about
			</CommandButton>
		</section>
	);
}

function Figure({ name, value, bad = false }: { name: string; value: string; bad?: boolean }) {
	return (
		<div>
			<dt>{name}</dt>
			<dd className={bad ? styles.badText : ""}>{value}</dd>
		</div>
	);
}
