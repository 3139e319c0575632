import { Check, CircleDashed, OctagonX } from "lucide-react";
import type { Migration } from "../../../core/contract/run.ts";
import { perform } from "../../app/commands/index.ts";
import { useApp, useEngine } from "../../app/context.tsx";
import { shortName } from "../../ui/index.ts";
import { figureOf, type StepState, stageTone, stageWord, stepsOf } from "./stages.ts";
import styles from "./strip.module.css";

/** All migrations in one line under the header; a press shows the function on the map. */
export function StageStrip() {
	const app = useApp();
	const migrations = useEngine((state) => state.snapshot?.migrations ?? null);
	if (migrations === null || migrations.length === 0) return null;
	return (
		<section className={styles.strip} aria-label="Migrations">
			<ul>
				{migrations.map((migration) => (
					<li key={migration.function}>
						<button type="button" className={styles.item} onClick={() => void perform(app, "map.show", `function:${migration.function}`)}>
							<span className={styles.head}>
								<strong>{shortName(migration.function)}</strong>
								<span className={styles[stageTone(migration)]}>{stageWord(migration)}</span>
								<span className={styles.figure}>{figureOf(migration)}</span>
							</span>
							<Track migration={migration} />
						</button>
					</li>
				))}
			</ul>
		</section>
	);
}

/** The way as a line of segments; its words are read to those who cannot see it. */
export function Track({ migration }: { migration: Migration }) {
	const steps = stepsOf(migration);
	return (
		<span className={styles.track}>
			<span className="sr-only">{steps.map(({ name, state }) => `${name} ${state}`).join(", ")}</span>
			{steps.map(({ name, state }) => (
				<i key={name} className={styles[state]} aria-hidden="true" title={name} />
			))}
		</span>
	);
}

export function StepIcon({ state }: { state: StepState }) {
	switch (state) {
		case "done":
			return <Check size={14} aria-hidden="true" />;
		case "stopped":
			return <OctagonX size={14} aria-hidden="true" />;
		case "now":
		case "ahead":
			return <CircleDashed size={14} aria-hidden="true" />;
	}
}
