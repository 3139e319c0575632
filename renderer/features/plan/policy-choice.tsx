import type { Policy } from "../../../core/contract/run.ts";
import styles from "./plan.module.css";
import { policyWords } from "./policy-words.ts";

export type PolicyName = "demo" | "default";

const titles: Record<PolicyName, [title: string, text: string]> = {
	demo: ["Demo", "The same rules with small numbers: the whole way in minutes. For showing, not for a bank."],
	default: ["Default", "For systems that matter."],
};

/** How much evidence is asked for, with the policy's own numbers. */
export function PolicyChoice({
	policies,
	policy,
	autoAccept,
	onPolicy,
	onAutoAccept,
}: {
	policies: Record<PolicyName, Policy>;
	policy: PolicyName;
	autoAccept: boolean;
	onPolicy(policy: PolicyName): void;
	onAutoAccept(accept: boolean): void;
}) {
	return (
		<>
			<fieldset>
				<legend>How much evidence</legend>
				{(["default", "demo"] as const).map((name) => (
					<label key={name} className={styles.option}>
						<input type="radio" name="policy" checked={policy === name} onChange={() => onPolicy(name)} />
						<strong>{titles[name][0]}</strong>
						<span>{titles[name][1]}</span>
					</label>
				))}
			</fieldset>
			<dl>
				{policyWords(policies[policy]).map(({ title, text }) => (
					<div key={title}>
						<dt>{title}</dt>
						<dd>{text}</dd>
					</div>
				))}
			</dl>
			<label className={styles.option}>
				<input type="checkbox" checked={autoAccept} onChange={(event) => onAutoAccept(event.target.checked)} />
				<strong>Accept patches automatically</strong>
				<span>A patch that passes the gate is applied without asking. Otherwise it waits for you under Patches.</span>
			</label>
		</>
	);
}
