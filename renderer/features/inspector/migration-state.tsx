import { against } from "../../../core/contract/outcome.ts";
import type { Migration } from "../../../core/contract/run.ts";
import { useEngine } from "../../app/context.tsx";
import { Badge, boundWords, count, percent, plural } from "../../ui/index.ts";
import { nowOf, stageTone, stageWord, Track } from "../stage-strip/index.ts";
import styles from "./inspector.module.css";

/** Where this function is on its way: stage, what is proved so far, what that rests on, and what would raise it. */
export function MigrationState({ migration }: { migration: Migration }) {
	const policy = useEngine((state) => state.snapshot?.run?.policy ?? null);
	const { evidence, version, totals } = migration;
	const wrong = against(evidence);
	return (
		<section className={styles.migration} aria-label="Migration">
			<div className={styles.badges}>
				<Badge tone={stageTone(migration)}>{stageWord(migration)}</Badge>
				{version > 0 ? <Badge>version {version}</Badge> : null}
			</div>
			<Track migration={migration} />
			<p>{nowOf(migration)}</p>
			{version === 0 ? null : (
				<dl className={styles.terms}>
					<div>
						<dt>Proved so far</dt>
						<dd>{boundWords(evidence.bound, policy?.alpha ?? null)}</dd>
					</div>
					<div>
						<dt>From clean requests of version {version}</dt>
						<dd>{count(evidence.clean)}</dd>
					</div>
					<div>
						<dt>Mismatched, failed</dt>
						<dd>
							{count(evidence.mismatched)}, {count(evidence.failed)}
						</dd>
					</div>
					{evidence.skewed ? (
						<div>
							<dt>State skew</dt>
							<dd>{count(evidence.skewed)}</dd>
						</div>
					) : null}
					<div>
						<dt>Compared over all versions</dt>
						<dd>{count(totals.compared)}</dd>
					</div>
					{policy === null ? null : (
						<div>
							<dt>Wanted by the policy</dt>
							<dd>
								{count(policy.shadow.minClean)} clean, below {percent(policy.shadow.maxMismatchRate)}
							</dd>
						</div>
					)}
				</dl>
			)}
			{migration.stage === "promoted" || version === 0 ? null : (
				<p className={styles.raise}>{raiseWords(evidence.needed, Math.max(wrong, migration.openFailures))}</p>
			)}
		</section>
	);
}

/** What would raise the confidence now. */
function raiseWords(needed: number | null, wrong: number): string {
	if (needed === null && wrong === 0) return "Nothing was compared yet; the count begins with the first mirrored request.";
	if (needed === null)
		return `${plural(wrong, "request")} of this version differed. A patch begins the count anew; more traffic alone does not help.`;
	if (needed === 0) return "The shadow gate is open: there is evidence enough for the first clients.";
	return `${plural(needed, "more clean request")} open the shadow gate. One that differs starts the search for a patch.`;
}
