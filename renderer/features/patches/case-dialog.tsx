import { useEffect, useState } from "react";
import type { PatchCase, PatchInfo } from "../../../core/contract/run.ts";
import type { MismatchExample } from "../../../core/contract/verdict.ts";
import { ask } from "../../app/commands/index.ts";
import { useApp, useScreen } from "../../app/context.tsx";
import { Button, Dialog } from "../../ui/index.ts";
import styles from "./case-dialog.module.css";

/** One failing case on three sides: legacy, the version before the patch, and the version with it; run again for this view. */
export function CaseDialog({ patch, seq }: { patch: PatchInfo; seq: number }) {
	const app = useApp();
	const detail = useScreen((state) => state.detail);
	const [found, setFound] = useState<PatchCase | null>(null);
	const close = () => detail("patches", { case: null });
	useEffect(() => {
		let gone = false;
		void ask(app, (client) => client.patch.case({ patch: patch.id, seq })).then((answer) => {
			if (gone) return;
			if (answer === undefined) app.screen.getState().detail("patches", { case: null });
			else setFound(answer);
		});
		return () => {
			gone = true;
		};
	}, [app, patch.id, seq]);
	const { after, before } = found ?? {};
	const made = patch.state === "applied" ? `version ${patch.to}` : `version ${patch.to} of the patch`;
	const lead =
		found === null || before === undefined
			? "The case is run again on the state that it met."
			: `${before.request.method} ${before.request.target}. ${found.agrees ? `With ${made} it agrees with legacy.` : `With ${made} it still differs.`}`;
	return (
		<Dialog title={`Request ${seq}`} lead={lead} onClose={close} wide actions={<Button onClick={close}>Close</Button>}>
			{before === undefined || after === undefined ? (
				<p className={styles.muted}>Running…</p>
			) : (
				<div className={styles.case}>
					<Differences before={before} after={after} patch={patch} />
					<div className={styles.sidesOfCase}>
						<Side name="Legacy" answer={before.legacy} tone="legacy" />
						<Side name={`Version ${patch.from}`} answer={before.modern} tone="bad" />
						<Side name={`Version ${patch.to}`} answer={after.modern} tone={found?.agrees === true ? "good" : "bad"} />
					</div>
				</div>
			)}
		</Dialog>
	);
}

function Differences({ before, after, patch }: { before: MismatchExample; after: MismatchExample; patch: PatchInfo }) {
	const left = new Map(after.differences.map((one) => [one.field, one.modern]));
	if (before.differences.length === 0)
		return <p className={styles.muted}>It does not differ when it is run again with version {patch.from}.</p>;
	return (
		<table className={styles.differences}>
			<thead>
				<tr>
					<th scope="col">Field</th>
					<th scope="col">Legacy</th>
					<th scope="col">Version {patch.from}</th>
					<th scope="col">Version {patch.to}</th>
				</tr>
			</thead>
			<tbody>
				{before.differences.map((one, index) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: two rows of one table may differ in the same field
					<tr key={index}>
						<th scope="row">{one.field}</th>
						<td>{shown(one.legacy)}</td>
						<td className={styles.bad}>{shown(one.modern)}</td>
						<td className={left.has(one.field) ? styles.bad : styles.good}>{shown(left.get(one.field) ?? one.legacy)}</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

const shown = (text: string) => (text === "" ? "nothing" : text.length > 160 ? `${text.slice(0, 160)}…` : text);

function Side({ name, answer, tone }: { name: string; answer: MismatchExample["legacy"]; tone: "legacy" | "good" | "bad" }) {
	return (
		<section aria-label={name}>
			<h3 className={styles[tone]}>{name}</h3>
			<p className={styles.muted}>
				Status {answer.status}, {answer.rows.length === 0 ? "no row changed" : `${answer.rows.length} row changes`}
			</p>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
			<section className={styles.answer} tabIndex={0} aria-label={`Answer of ${name}`}>
				{answer.body}
			</section>
			{answer.rows.length === 0 ? null : (
				<ul>
					{answer.rows.map((row) => (
						<li key={row}>{row}</li>
					))}
				</ul>
			)}
		</section>
	);
}
