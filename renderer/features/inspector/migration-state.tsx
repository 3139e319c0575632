import type { Migration } from "../../../core/contract/run.ts";
import { useEngine } from "../../app/context.tsx";
import { Badge, boundWords, count } from "../../ui/index.ts";
import { nowOf, stageTone, stageWord, Track } from "../stage-strip/index.ts";
import styles from "./inspector.module.css";

/** Where this function is on its way, in a few lines. */
export function MigrationState({ migration }: { migration: Migration }) {
	const alpha = useEngine((state) => state.snapshot?.run?.policy.alpha ?? null);
	const { evidence, version } = migration;
	return (
		<section className={styles.migration} aria-label="Migration">
			<div className={styles.badges}>
				<Badge tone={stageTone(migration)}>{stageWord(migration)}</Badge>
				{version > 0 ? <Badge>version {version}</Badge> : null}
			</div>
			<Track migration={migration} />
			<p>{nowOf(migration)}</p>
			<p className={styles.muted}>
				{count(evidence.clean)} clean, {count(evidence.mismatched)} mismatched, {count(evidence.failed)} failed;{" "}
				{boundWords(evidence.bound, alpha)}
			</p>
		</section>
	);
}
