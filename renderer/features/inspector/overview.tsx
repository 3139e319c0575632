import type { Inspection } from "../../../core/contract/graph.ts";
import type { CutPlan, CutReason } from "../../../core/contract/plan.ts";
import type { Migration } from "../../../core/contract/run.ts";
import { count, plural } from "../../ui/index.ts";
import styles from "./inspector.module.css";
import { MigrationState } from "./migration-state.tsx";
import { NodeLinks } from "./node-links.tsx";
import { Reasons } from "./reasons.tsx";

/** Why it is a good or a bad cut, what it is made of, and whom it knows. */
export function Overview({
	inspection,
	plan,
	migration,
}: {
	inspection: Inspection;
	plan: CutPlan | undefined;
	migration: Migration | null;
}) {
	const { node } = inspection;
	const against = plan?.risk.reasons.filter((reason) => reason.risk !== "none") ?? [];
	const reasonsFor = plan?.risk.reasons.filter((reason) => reason.risk === "none") ?? [];
	const list = (title: string, reasons: readonly CutReason[]) =>
		reasons.length === 0 || plan === undefined ? null : (
			<section key={title}>
				<h3>
					{title} <span className={styles.muted}>{reasons.length}</span>
				</h3>
				<Reasons unit={plan.unit} of={reasons} />
			</section>
		);
	const againstIt = list("Against", against);
	const forIt = list("For", reasonsFor);
	return (
		<>
			{migration === null ? null : <MigrationState migration={migration} />}
			{plan === undefined ? (
				<p className={styles.muted}>Working out what the cut means…</p>
			) : plan.verdict.level === "good" ? (
				[forIt, againstIt]
			) : (
				[againstIt, forIt]
			)}
			<section>
				<h3>Facts</h3>
				<dl className={styles.facts}>
					<Fact name="Complexity" value={count(node.complexity)} />
					<Fact name="Lines of its own" value={count(node.loc)} />
					<Fact name="Called by" value={count(inspection.callers.length)} />
					<Fact name="Calls" value={count(inspection.callees.length)} />
					{plan === undefined || plan.unreached ? null : (
						<>
							<Fact name="Functions that move" value={count(plan.moves.length)} />
							<Fact name="Functions copied" value={count(plan.copies.length)} />
							<Fact name="Lines of the slice" value={count(plan.lines)} />
							<Fact name="Rules" value={count(plan.rules.length)} />
							<Fact name="Drift sites" value={count(plan.sites.reduce((sum, group) => sum + group.places.length, 0))} />
							<Fact
								name="Tables"
								value={`${plural(plan.tables.length, "table")}, ${plan.tables.filter((table) => table.write).length} written`}
							/>
						</>
					)}
				</dl>
			</section>
			<NodeLinks title="Routes that reach it" kind="route" names={inspection.routes.map((route) => `${route.method} ${route.path}`)} />
			<NodeLinks title="Called by" kind="function" names={inspection.callers} />
			<NodeLinks title="Calls" kind="function" names={inspection.callees} />
			<NodeLinks title="Reads" kind="table" names={inspection.reads} />
			<NodeLinks title="Writes" kind="table" names={inspection.writes} />
		</>
	);
}

function Fact({ name, value }: { name: string; value: string }) {
	return (
		<div>
			<dt>{name}</dt>
			<dd>{value}</dd>
		</div>
	);
}
