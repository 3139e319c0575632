import type { Snapshot } from "../../../core/contract/api.ts";
import { useProject } from "../../app/context.tsx";
import { count, shortName } from "../../ui/index.ts";
import styles from "./chapters.module.css";
import { NerveMap } from "./nerve-map.tsx";
import { Figure, Figures } from "./parts.tsx";

/** The whole system, and the one function that is moved. */
export function MapChapter({ snapshot, subject }: { snapshot: Snapshot; subject: string | null }) {
	const graph = useProject((state) => state.graph);
	const inspection = useProject((state) => (subject === null ? undefined : state.inspections[subject]));
	const { project } = snapshot;
	return (
		<div className={styles.mapChapter}>
			<Figures label="The system">
				<Figure name="functions" value={count(project?.functions ?? 0)} />
				<Figure name="routes" value={count(project?.routes ?? 0)} />
				<Figure name="tables" value={count(project?.tables ?? 0)} />
				<Figure name="lines of legacy" value={count(project?.lines ?? 0)} tone="legacy" />
			</Figures>
			<div className={styles.sky}>{graph === null ? null : <NerveMap graph={graph} subject={subject} />}</div>
			{subject === null ? null : (
				<section className={styles.cut} aria-label="The function that is moved">
					<h2>
						Only <code>{shortName(subject)}</code>
					</h2>
					{inspection === undefined ? null : (
						<ul>
							{inspection.reasons.slice(0, 3).map(({ good, text }) => (
								<li key={text} className={good ? styles.forIt : styles.againstIt}>
									{text}
								</li>
							))}
						</ul>
					)}
				</section>
			)}
		</div>
	);
}
