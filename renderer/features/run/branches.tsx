import { FlaskConical, Signature } from "lucide-react";
import type { Confidence } from "../../../core/contract/history.ts";
import { against } from "../../../core/contract/outcome.ts";
import type { BranchEvidence } from "../../../core/contract/run.ts";
import { CommandButton } from "../../app/command-button.tsx";
import { count, percentAtMost, plural } from "../../ui/index.ts";
import own from "./branches.module.css";
import styles from "./detail.module.css";

/** What each branch of the function has, weakest first: the weakest live one decides. */
export function Branches({ told }: { told: Confidence }) {
	const { branches, branchRule: rule, branchNeeds: needs, verdict } = told;
	const live = branches.filter((branch) => branch.live).length;
	if (branches.length === 0)
		return (
			<section className={styles.part} aria-labelledby="branches-title">
				<h3 id="branches-title">Evidence per branch</h3>
				<p>The branches of this version are not counted: it was started before they were.</p>
			</section>
		);
	return (
		<section className={`${styles.part} ${own.branches}`} aria-labelledby="branches-title">
			<h3 id="branches-title">
				Evidence per branch: live traffic reaches {live} of {count(branches.length)}
			</h3>
			<p className={styles.lead}>{verdict.words}</p>
			{rule === null ? null : rule.minClean === 0 && rule.maxMismatchRate >= 1 ? (
				<p>Before {rule.weight} % the policy asks nothing of single branches; they are counted and shown.</p>
			) : (
				<p>
					Before {rule.weight} % the policy asks of each live branch for {plural(rule.minClean, "clean request")}
					{rule.maxMismatchRate >= 1 ? "" : ` and a mismatch rate ≤ ${percentAtMost(rule.maxMismatchRate)}`}.
					{needs === null
						? ""
						: ` Without a mismatch, ${count(needs.oneLook)} rule that rate out at a single look, ${needs.everyLook === null ? "no number" : count(needs.everyLook)} at every look; the larger number counts.`}
					{rule.unreached === "waiver" ? " A branch that no live request takes needs a signed waiver." : ""}
					{rule.unreached === "generated"
						? ` A branch that no live request takes needs ${plural(rule.minGenerated ?? 20, "clean generated request")} or a signed waiver.`
						: ""}
				</p>
			)}
			{live === branches.length ? null : (
				<div className={own.others}>
					<p>
						{plural(branches.length - live, "branch", "branches")} {branches.length - live === 1 ? "has" : "have"} no live traffic. Requests
						made up for {branches.length - live === 1 ? "it" : "them"} are run on a second instance of legacy and on this version, on
						private copies of the database: neither clients nor real rows take part. They say whether a branch can be wrong, never how
						often, so they enter no bound.
					</p>
					<CommandButton id="function.probe" argument={told.function} icon={<FlaskConical size={15} aria-hidden="true" />}>
						Generate requests
					</CommandButton>
				</div>
			)}
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
			<section className={own.rows} tabIndex={0} aria-label="Branches, weakest first">
				<table>
					<thead>
						<tr>
							<th scope="col">Branch</th>
							<th scope="col">Bound</th>
							<th scope="col">Where</th>
							<th scope="col">Clean</th>
							<th scope="col">Against</th>
							<th scope="col">Still needed</th>
						</tr>
					</thead>
					<tbody>
						{branches.map((branch) => (
							<Row key={branch.id} branch={branch} told={told} />
						))}
					</tbody>
				</table>
			</section>
			<p className={styles.source}>{told.branchMethod.words}</p>
			<p className={styles.source}>Source: {told.branchMethod.source}</p>
		</section>
	);
}

function Row({ branch, told }: { branch: BranchEvidence; told: Confidence }) {
	const unclean = against(branch);
	const waiver = told.waivers.find((one) => one.branch === branch.id);
	const isShort = branch.live ? branch.needed !== 0 : (told.branchRule?.unreached ?? "ignored") !== "ignored";
	const differing = branch.generated?.differing ?? 0;
	const canSign = waiver !== undefined || (told.branchRule?.waivable === true && isShort && unclean + differing === 0);
	return (
		<tr>
			<th scope="row">
				<code>{branch.words}</code>
			</th>
			<td className={own.number}>{branch.bound >= 1 ? "none" : `≤ ${percentAtMost(branch.bound)}`}</td>
			<td>
				{branch.file}:{branch.line}
			</td>
			<td>{count(branch.clean)}</td>
			<td className={unclean > 0 ? styles.badText : ""}>{count(unclean)}</td>
			<td>
				{waiver === undefined ? neededWords(branch) : `waived by ${waiver.by}: ${waiver.why}`}{" "}
				{canSign ? (
					<CommandButton
						id="branch.waive"
						argument={`${told.function} ${branch.id}`}
						look="quiet"
						icon={<Signature size={15} aria-hidden="true" />}
					>
						{waiver === undefined ? "Sign a waiver…" : "Take it back…"}
					</CommandButton>
				) : null}
			</td>
		</tr>
	);
}

function neededWords({ live, needed, generated }: BranchEvidence): string {
	if (!live) {
		if (generated === undefined) return "no live request has taken it";
		const { clean, differing } = generated;
		return differing > 0
			? `${count(differing)} of ${plural(clean + differing, "generated request")} differ`
			: `no live request; ${plural(clean, "clean generated one")}`;
	}
	return needed === null ? "a version without its mismatch" : needed === 0 ? "enough" : plural(needed, "more clean request");
}
